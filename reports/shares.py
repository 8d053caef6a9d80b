"""Splitting a whole into parts that add up to it exactly. Pure."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

WHOLE, CENT = Decimal(1), Decimal("0.01")


def shares(total: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """`total` by weight, in whole numbers (in hundredths where the total is not whole); what rounding leaves over goes to
    the parts that lost most by it, of equal ones to the first. Without any weight everybody gets the same. [] for nobody.
    """
    if not weights:
        return []
    heavy = [max(Decimal(weight), Decimal(0)) for weight in weights]
    if not sum(heavy):
        heavy = [Decimal(1)] * len(heavy)
    step = WHOLE if total == total.to_integral_value() else CENT
    exact = [total * weight / sum(heavy) for weight in heavy]
    parts = [part.quantize(step, ROUND_FLOOR) for part in exact]
    left = total - sum(parts)
    for place in sorted(range(len(parts)), key=lambda place: parts[place] - exact[place]):
        more = min(step, left)
        if more <= 0:
            break
        parts[place] += more
        left -= more
    return parts
