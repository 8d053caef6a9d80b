"""A line of twelve months, as small as a word; the numbers stand beside it for who does not see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.dates import MONTHS_3

from rehab.numbers import format_number

WIDTH, HEIGHT, EDGE = 120, 26, 3


@dataclass(frozen=True)
class Spark:
    """`points` of a polyline in a box of 120 by 26, the last one as `x`, `y`; `words` says the same in numbers."""

    points: str
    x: float
    y: float
    words: str


def spark(months: Sequence[tuple[int, Decimal | int | None]]) -> Spark | None:
    """Of (month, value) pairs, oldest first; each line has its own height. None where nothing is known."""
    known = [(index, float(value)) for index, (_month, value) in enumerate(months) if value is not None]
    if len(known) < 2:
        return None
    most = max(value for _index, value in known) or 1
    step = (WIDTH - 2 * EDGE) / (len(months) - 1)
    places = [(EDGE + step * index, HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / most) for index, value in known]
    words = ", ".join(f"{MONTHS_3[month]} {format_number(value)}" for month, value in months)
    x, y = places[-1]
    return Spark(" ".join(f"{left:.1f},{top:.1f}" for left, top in places), round(x, 1), round(y, 1), words)
