"""Answers read against an instrument: understood or refused by name, and sorted by what the skip rules say of each item."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from assessments.instruments.conditions import SKIPPED, Known, Skipped, Value, same
from assessments.instruments.framework import NOT_APPLICABLE, Instrument, Item, Kind, SkipWhen
from assessments.instruments.texts import N_

LONGEST_TEXT = 1000


class AnswerError(ValueError):
    """An answer that is not understood. `item` is the item's code; `text` % `params` is one line for the person."""

    def __init__(self, item: str, text: str, **params: object) -> None:
        self.item = item
        self.text = text
        self.params = {"item": item if item.isidentifier() and len(item) <= 40 else _short(item), **params}
        super().__init__(text % self.params)


class State(StrEnum):
    ASKED = "asked"
    WAITING = "waiting"  # an earlier item decides, and is not answered yet
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Progress:
    answered: int
    total: int


@dataclass(frozen=True)
class Answers:
    """`given` holds what was answered, `states` what the rules say of every item. Made by `read`."""

    instrument: Instrument
    given: Mapping[str, Value]
    states: Mapping[str, State]

    @cached_property
    def kept(self) -> dict[str, Value]:
        return {code: value for code, value in self.given.items() if self.states[code] is not State.SKIPPED}

    @cached_property
    def known(self) -> Known:
        """What conditions are evaluated on."""
        return self.kept | {code: SKIPPED for code, state in self.states.items() if state is State.SKIPPED}

    @property
    def ignored(self) -> tuple[str, ...]:
        """Answered although the rules skip it, in the order asked."""
        return tuple(code for code in self.instrument.items if code in self.given and code not in self.kept)

    def refusal(self) -> AnswerError | None:
        """The first answers that cannot stand together. A draft may hold them, a score may not."""
        for refusal in self.instrument.refusals:
            if refusal.when.holds(self.known) and not (refusal.unless and refusal.unless.holds(self.known)):
                return AnswerError(refusal.item, refusal.text)
        return None

    def visible_items(self) -> list[Item]:
        """What the form shows now: asked, or waiting but answered already."""
        return [item for item in self.instrument if self.states[item.code] is State.ASKED or item.code in self.kept]

    def unanswered(self) -> list[Item]:
        """Required items still open; when empty, the assessment can be completed."""
        return [item for item in self.visible_items() if item.required and item.code not in self.kept]

    def progress(self) -> Progress:
        total = sum(item.required for item in self.visible_items())
        return Progress(total - len(self.unanswered()), total)


def read(instrument: Instrument, raw: Mapping[str, object], *, draft: bool = False) -> Answers:
    """Understand raw answers (as they come from JSON or `from_form`). Raises AnswerError for the first that is not understood.

    In a `draft` answers that cannot stand together are not refused yet: what mends them may still be typed.
    """
    given = {}
    for code, value in raw.items():
        item = instrument.items.get(code)
        if item is None:
            raise AnswerError(code, N_("%(item)s: this instrument has no such item"))
        understood = _understand(item, value)
        if understood is not None:
            given[code] = understood
    return Answers(instrument, given, _states(instrument, given))


def from_form(instrument: Instrument, posted: Mapping[str, str | list[str]]) -> dict[str, object]:
    """Posted strings as raw answers for `read`: 'true' → True, '5' → 5, '' → left out. Names of other fields are left out.

    Takes plain values or lists of values (`dict(request.POST.lists())`).
    """
    raw = {}
    for item in instrument:
        values = posted.get(item.code, [])
        texts = [text.strip() for text in ([values] if isinstance(values, str) else values) if text.strip()]
        if texts:
            raw[item.code] = texts if item.kind is Kind.LIST else _from_text(item, texts[-1])
    return raw


def _from_text(item: Item, text: str) -> object:
    """What is no option and no number stays as it was typed, for `read` to refuse by name."""
    if item.kind is Kind.CHOICE:
        return next((choice.code for choice in item.choices if str(choice.code).lower() == text.lower()), text)
    if item.kind is Kind.NUMBER and text != NOT_APPLICABLE:
        try:
            return float(text.replace(",", "."))
        except ValueError:
            return text
    return text


def _states(instrument: Instrument, given: Mapping[str, Value]) -> dict[str, State]:
    """In the order asked; a rule looks only at items before those it rules."""
    states: dict[str, State] = {}
    known: dict[str, Value | Skipped] = {}
    for code in instrument.items:
        states[code] = _state(instrument, code, known)
        if states[code] is State.SKIPPED:
            known[code] = SKIPPED
        elif code in given:
            known[code] = given[code]
    return states


def _state(instrument: Instrument, code: str, known: Known) -> State:
    waiting = False
    for rule in instrument.rules_of[code]:
        holds = rule.when.holds(known)
        if holds is True if isinstance(rule, SkipWhen) else holds is not True:
            return State.SKIPPED
        waiting = waiting or holds is None
    return State.WAITING if waiting else State.ASKED


def _understand(item: Item, value: object) -> Value | None:
    """The answer in its stored form; None for no answer."""
    if value is None:
        return None
    if item.kind is not Kind.TEXT and isinstance(value, str) and value == NOT_APPLICABLE:
        if item.not_applicable:
            return NOT_APPLICABLE
        raise AnswerError(item.code, N_('%(item)s: "N" (not applicable) is no answer to this item'))
    return _READERS[item.kind](item, value)


def _choice(item: Item, value: object) -> Value:
    for choice in item.choices:
        if same(choice.code, value):
            return choice.code
    raise AnswerError(item.code, N_("%(item)s: unknown option %(value)s"), value=_short(value))


def _number(item: Item, value: object) -> Value:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or value in (math.inf, -math.inf)
        or value != value
    ):
        raise AnswerError(item.code, N_("%(item)s: %(value)s is not a number"), value=_short(value))
    if value == int(value):
        value = int(value)
    elif item.whole:
        raise AnswerError(item.code, N_("%(item)s: %(value)s is not a whole number"), value=_short(value))
    if (item.minimum is not None and value < item.minimum) or (item.maximum is not None and value > item.maximum):
        limits = {"value": _short(value), "minimum": item.minimum, "maximum": item.maximum}
        raise AnswerError(item.code, N_("%(item)s: %(value)s is not between %(minimum)s and %(maximum)s"), **limits)
    return value


def _text(item: Item, value: object) -> Value | None:
    if not isinstance(value, str):
        raise AnswerError(item.code, N_("%(item)s: %(value)s is not a text"), value=_short(value))
    if len(value) > LONGEST_TEXT:
        raise AnswerError(item.code, N_("%(item)s: longer than %(longest)s characters"), longest=LONGEST_TEXT)
    return value.strip() or None


def _list(item: Item, value: object) -> Value:
    if not isinstance(value, list | tuple):
        raise AnswerError(item.code, N_("%(item)s: %(value)s is not a list"), value=_short(value))
    chosen = [_choice(item, each) for each in value]
    return tuple(str(choice.code) for choice in item.choices if choice.code in chosen)


def _short(value: object) -> str:
    """On one line, whatever was sent."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 200:
        return "…"
    text = repr(value)
    return text if len(text) <= 40 else text[:39] + "…"


_READERS = {Kind.CHOICE: _choice, Kind.NUMBER: _number, Kind.TEXT: _text, Kind.LIST: _list}
