"""How far a scale can go, from its declaration: what a chart of it begins and ends with."""

from decimal import Decimal

from assessments.instruments.conditions import ALWAYS
from assessments.instruments.framework import Combination, Formula, Instrument, Item, Kind, Mean, Scale, SkipWhen


def bounds(instrument: Instrument, scale: Scale) -> tuple[Decimal, Decimal]:
    """The lowest and the highest value that the scale can have. A formula gives a composite between 0 and 1."""
    rule = scale.rule
    if isinstance(rule, Formula):
        return Decimal(0), Decimal(1)
    if isinstance(rule, Combination):
        parts = [(bounds(instrument, instrument.scale(code)), factor) for code, factor in rule.parts]
        ends = [sorted((low * factor, high * factor)) for (low, high), factor in parts]
        return sum((low for low, _high in ends), Decimal(0)), sum((high for _low, high in ends), Decimal(0))
    each = [_weights(instrument.items[code]) for code in scale.items if not _never_asked(instrument, code)]
    lows, highs = [low for low, _high in each], [high for _low, high in each]
    if isinstance(rule, Mean):
        low, high = (Decimal(sum(ends)) / len(each) * rule.factor + rule.offset for ends in (lows, highs))
        return low, high
    return Decimal(sum(lows)), Decimal(sum(highs))


def _never_asked(instrument: Instrument, code: str) -> bool:
    return any(isinstance(rule, SkipWhen) and rule.when == ALWAYS for rule in instrument.rules_of[code])


def _weights(item: Item) -> tuple[int, int]:
    if item.kind is Kind.NUMBER:
        return item.minimum or 0, item.maximum or 0
    weights = [choice.weight for choice in item.choices if choice.weight is not None]
    return min(weights), max(weights)
