"""An instrument's form as its page shows it: sections as steps, items as rows, with what the rules say of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext

from assessments.instruments import Answers, score_answers
from assessments.instruments.answers import State
from assessments.instruments.conditions import Condition, Is, same
from assessments.instruments.framework import NOT_APPLICABLE, Item, Kind, Section, SkipWhen
from assessments.queries import ScoreLine, score_line, was_asked
from rehab.numbers import format_number

REVIEW = "periksa"


@dataclass(frozen=True)
class Option:
    """`value` is what the page posts; `key` the number key that chooses it."""

    value: str
    label: str
    key: int
    checked: bool


@dataclass(frozen=True)
class Row:
    """One item. `reason` says why the rules skip it; an item that is asked only after an answer is hidden without a word."""

    code: str
    label: str
    hint: str
    kind: str
    required: bool
    options: tuple[Option, ...]
    value: str
    state: State
    shown: bool
    reason: str
    folds: bool
    minimum: int | None = None
    maximum: int | None = None
    error: str = ""


@dataclass(frozen=True)
class Step:
    code: str
    title: str
    grid: bool
    columns: int
    rows: tuple[Row, ...]
    current: bool
    done: bool
    asked: bool

    @property
    def waiting(self) -> bool:
        return any(row.state is State.WAITING and not row.shown for row in self.rows)

    @property
    def folded(self) -> int:
        return sum(row.folds for row in self.rows)


@dataclass(frozen=True)
class Questionnaire:
    steps: tuple[Step, ...]
    current: str
    landing: str
    answered: int
    total: int
    open_items: tuple[tuple[str, str, str], ...]
    scores: tuple[ScoreLine, ...] = field(default=())

    @property
    def at_review(self) -> bool:
        return self.current == REVIEW

    @property
    def percent(self) -> int:
        return round(100 * self.answered / self.total) if self.total else 0


def build(
    answers: Answers,
    *,
    options: Mapping[str, int | None],
    at: str = "",
    position: str = "",
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Questionnaire:
    """`at` is the section asked for in the address, `position` the item where the person stopped; `errors` by item code, and
    what was `typed` there.
    """
    landing = _landing(answers, position)
    section_of = {item.code: section for section in answers.instrument.sections for item in section.items}
    known = {section.code for section in answers.instrument.sections} | {REVIEW}
    current = at if at in known else (section_of[landing].code if landing else REVIEW)
    progress = answers.progress()
    return Questionnaire(
        steps=tuple(
            _step(section, answers, current, errors or {}, typed or {}) for section in answers.instrument.sections
        ),
        current=current,
        landing=landing,
        answered=progress.answered,
        total=progress.total,
        open_items=tuple(
            (item.code, section_of[item.code].code, full_label(item, section_of[item.code]))
            for item in answers.unanswered()
        ),
        scores=tuple(live_scores(answers, options)),
    )


def next_section(answers: Answers, current: str, *, step: int = 1) -> str:
    """The section after (or before) `current` that asks something; REVIEW after the last."""
    codes = [section.code for section in answers.instrument.sections if _asks(section, answers)] + [REVIEW]
    everything = [section.code for section in answers.instrument.sections] + [REVIEW]
    here = everything.index(current) if current in everything else 0
    later = [code for code in (everything[here + 1 :] if step > 0 else reversed(everything[:here])) if code in codes]
    return later[0] if later else current


def live_scores(answers: Answers, options: Mapping[str, int | None]) -> Iterable[ScoreLine]:
    result = score_answers(answers, options)
    for scale in answers.instrument.scales:
        score = result.scores[scale.code]
        yield score_line(answers.instrument, scale, score.value, score.band or "", asked=was_asked(scale, answers))


def full_label(item: Item, section: Section) -> str:
    """An item of a grid is named by its section as well: "Frekuensi: Ganja"."""
    return f"{gettext(section.title)}: {gettext(item.label)}" if section.grid else gettext(item.label)


def answer_label(item: Item, value: object) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, list | tuple):
        return ", ".join(answer_label(item, each) for each in value) or "–"
    chosen = next((choice for choice in item.choices if same(choice.code, value)), None)
    if chosen:
        return gettext(chosen.label)
    if value == NOT_APPLICABLE and item.not_applicable:
        return gettext("Does not apply")
    return format_number(value) if item.kind is Kind.NUMBER and isinstance(value, int | float) else str(value)


def _landing(answers: Answers, position: str) -> str:
    """Where the person stopped, if that is still asked, else the first open question."""
    visible = [item.code for item in answers.visible_items()]
    if position in visible and answers.unanswered():
        return position
    return answers.unanswered()[0].code if answers.unanswered() else ""


def _asks(section: Section, answers: Answers) -> bool:
    return any(answers.states[item.code] is not State.SKIPPED for item in section.items)


def _step(
    section: Section, answers: Answers, current: str, errors: Mapping[str, str], typed: Mapping[str, str]
) -> Step:
    open_codes = {item.code for item in answers.unanswered()}
    codes = {item.code for item in section.items}
    waiting = any(answers.states[code] is State.WAITING and code not in answers.kept for code in codes)
    rows = tuple(_row(item, answers, errors.get(item.code, ""), typed.get(item.code)) for item in section.items)
    return Step(
        code=section.code,
        title=gettext(section.title),
        grid=section.grid,
        columns=max((len(row.options) for row in rows), default=0),
        rows=rows,
        current=section.code == current,
        done=not (open_codes & codes) and not waiting,
        asked=_asks(section, answers),
    )


def _row(item: Item, answers: Answers, error: str, typed: str | None) -> Row:
    state = answers.states[item.code]
    given = answers.given.get(item.code)
    reason, folds = skip_reason(item, answers) if state is State.SKIPPED else ("", False)
    return Row(
        code=item.code,
        label=gettext(item.label),
        hint=gettext(item.hint) if item.hint else "",
        kind=item.kind.value,
        required=item.required,
        options=_options(item, given),
        value=typed if typed is not None else "" if given is None or isinstance(given, bool | tuple) else str(given),
        state=state,
        shown=state is State.ASKED or item.code in answers.kept,
        reason=reason,
        folds=folds,
        minimum=item.minimum,
        maximum=item.maximum,
        error=error,
    )


def _options(item: Item, given: object) -> tuple[Option, ...]:
    chosen = list(given) if isinstance(given, tuple) else [given]
    found = [
        Option(posted(choice.code), gettext(choice.label), number, any(same(choice.code, each) for each in chosen))
        for number, choice in enumerate(item.choices, 1)
    ]
    if item.not_applicable and item.kind is Kind.CHOICE:
        found.append(Option(NOT_APPLICABLE, gettext("Does not apply"), len(found) + 1, given == NOT_APPLICABLE))
    return tuple(found)


def posted(code: bool | int | str) -> str:
    return str(code).lower() if isinstance(code, bool) else str(code)


def skip_reason(item: Item, answers: Answers) -> tuple[str, bool]:
    """Why an item is skipped, in words, and whether the page says so. What waits for an answer of its own is not spoken of."""
    for rule in answers.instrument.rules_of[item.code]:
        if not isinstance(rule, SkipWhen):
            continue
        if rule.when.holds(answers.known) is True:
            return _because(rule.when, answers), True
    return "", False


def _because(condition: Condition, answers: Answers) -> str:
    if not isinstance(condition, Is):
        return (
            gettext("not asked here")
            if not getattr(condition, "parts", ())
            else gettext("because of the answers before")
        )
    item = answers.instrument.items[condition.item]
    section = next(each for each in answers.instrument.sections if item in each.items)
    title = gettext(section.title) if section.grid else gettext(item.label)
    return f"{title}: {answer_label(item, condition.value)}"
