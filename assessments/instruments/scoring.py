"""Scores: a pure function of the answers, the instrument's version and its options, so that each can be computed again."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from assessments.instruments.answers import Answers, State, read
from assessments.instruments.framework import (
    NOT_APPLICABLE,
    Combination,
    Formula,
    Instrument,
    Item,
    Kind,
    Mean,
    Scale,
)

SIX_DECIMALS = Decimal("0.000001")
Weight = int | float | str | None


@dataclass(frozen=True)
class Score:
    """`value` has at most six decimals, None when the scale has none; `band` is a band's code."""

    value: Decimal | None
    band: str | None = None


@dataclass(frozen=True)
class Result:
    """`attention` lists scales at a level that draws attention, `advice` the codes of next steps, `options` what was used."""

    instrument: str
    version: str
    scores: dict[str, Score]
    alerts: tuple[str, ...]
    ignored: tuple[str, ...]
    advice: tuple[str, ...]
    attention: tuple[str, ...]
    options: dict[str, int | None]

    def as_json(self) -> dict:
        """As `manage.py score` prints it."""
        return {
            "instrument": self.instrument,
            "version": self.version,
            "scores": {
                code: {"value": plain_number(score.value), "band": score.band} for code, score in self.scores.items()
            },
            "alerts": list(self.alerts),
            "ignored": list(self.ignored),
        }


def score(instrument: Instrument, raw: Mapping[str, object], options: Mapping[str, int | None] | None = None) -> Result:
    """Score raw answers. Raises AnswerError for what is not understood, ValueError for an option the instrument lacks."""
    return score_answers(read(instrument, raw), options)


def score_answers(answers: Answers, options: Mapping[str, int | None] | None = None) -> Result:
    """Raises AnswerError for answers that cannot stand together."""
    if refused := answers.refusal():
        raise refused
    instrument = answers.instrument
    used = {option.code: option.default for option in instrument.options}
    for code, value in (options or {}).items():
        if code not in used:
            raise ValueError(f"{instrument.key} has no option {code}")
        used[code] = value
    scores = _scores(answers, used)
    return Result(
        instrument=instrument.key,
        version=instrument.version,
        scores=scores,
        alerts=tuple(alert.code for alert in instrument.alerts if alert.when.holds(answers.known)),
        ignored=answers.ignored,
        advice=tuple(advice.code for advice in instrument.advice if advice.when.holds(answers.known)),
        attention=tuple(scale.code for scale in instrument.scales if _draws_attention(scale, scores[scale.code].value)),
        options=used,
    )


def plain_number(value: Decimal | None) -> int | float | None:
    """For JSON: whole numbers without decimals."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _scores(answers: Answers, options: Mapping[str, int | None]) -> dict[str, Score]:
    instrument = answers.instrument
    if instrument.may_miss is not None and len(answers.unanswered()) > instrument.may_miss:
        return {scale.code: Score(None) for scale in instrument.scales}
    weights = {item.code: _weight(item, answers) for item in instrument}
    exact: dict[str, Decimal | None] = {}
    for scale in instrument.scales:
        exact[scale.code] = _value(scale, weights, exact)
    rounded = {code: None if value is None else _six_decimals(value) for code, value in exact.items()}
    return {
        scale.code: Score(rounded[scale.code], _band(scale, rounded[scale.code], options))
        for scale in instrument.scales
    }


def _weight(item: Item, answers: Answers) -> Weight:
    """None: not answered. What the rules skip counts as zero, and nothing else does."""
    if answers.states[item.code] is State.SKIPPED:
        return 0
    answer = answers.kept.get(item.code)
    if answer == NOT_APPLICABLE:
        return NOT_APPLICABLE
    if item.kind is Kind.NUMBER:
        return answer if isinstance(answer, int | float) else None
    return next((choice.weight for choice in item.choices if choice.code == answer), None)


def _value(scale: Scale, weights: Mapping[str, Weight], exact: Mapping[str, Decimal | None]) -> Decimal | None:
    rule = scale.rule
    if isinstance(rule, Combination):
        parts = [value * factor for code, factor in rule.parts if (value := exact[code]) is not None]
        return sum(parts, Decimal(0)) if len(parts) == len(rule.parts) else None
    present = [weights[code] for code in scale.items if weights[code] is not None]
    may_miss = rule.may_miss if isinstance(rule, Mean) else 0
    if len(scale.items) - len(present) > may_miss:
        return None
    if isinstance(rule, Formula):
        return Decimal(str(rule.compute(weights)))
    numbers = [Decimal(str(weight)) for weight in present if weight != NOT_APPLICABLE]
    total = sum(numbers, Decimal(0))
    if isinstance(rule, Mean):
        return total / len(numbers) * rule.factor + rule.offset if numbers else None
    return total


def _six_decimals(value: Decimal) -> Decimal:
    rounded = value.quantize(SIX_DECIMALS, ROUND_HALF_UP)
    return rounded if rounded else Decimal(0)


def _band(scale: Scale, value: Decimal | None, options: Mapping[str, int | None]) -> str | None:
    if value is None:
        return None
    lowers = [(options[band.lower] if isinstance(band.lower, str) else band.lower, band.code) for band in scale.bands]
    reached = [code for lower, code in lowers if lower is not None and value >= lower]
    return reached[-1] if reached else None


def _draws_attention(scale: Scale, value: Decimal | None) -> bool:
    level = scale.attention
    if level is None or value is None:
        return False
    return (level.at_least is not None and value >= level.at_least) or (
        level.at_most is not None and value <= level.at_most
    )
