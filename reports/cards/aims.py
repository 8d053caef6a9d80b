"""What each row of a tree was to reach: its own target, or with those of the units below it what they stand for together."""

from dataclasses import dataclass
from decimal import Decimal

from reports.cards.base import Frame
from reports.enums import FigureScope
from reports.indicators import Indicator
from reports.queries.cascade import sums_over_units
from reports.queries.targets import TargetInForce, expected, targets_in_force


@dataclass(frozen=True)
class Aim:
    """The year's target and what of it was to be reached by now; None where no target covers the row."""

    value: Decimal | None = None
    due: Decimal | None = None


def aims(frame: Frame, indicator: Indicator) -> dict[int, Aim]:
    """By row of the frame's tree. A target for the whole tree of a unit stands for everything below it; one for the unit itself
    needs those below added, as far as the indicator adds up over units. One query."""
    targets = targets_in_force(frame.reach.parts, frame.year, frame.period.last_day)
    held = {unit: target for (unit, key), target in targets.items() if key == indicator.key}
    found = {node.id: _covering(frame, indicator, node.id, held) for node in frame.parts if node.id != frame.place.pk}
    own = held.get(frame.place.pk)
    found[frame.place.pk] = [own] if own and own.scope is FigureScope.OWN else []
    return {unit: _sum(frame, indicator, covering) for unit, covering in found.items()}


def _covering(frame: Frame, indicator: Indicator, unit: int, held: dict[int, TargetInForce]) -> list[TargetInForce]:
    """The targets that together stand for the unit and all below it."""
    own = held.get(unit)
    if not sums_over_units(indicator) or (own and own.scope is FigureScope.TREE):
        return [own] if own else []
    below = [each for child in frame.tree.children(unit) for each in _covering(frame, indicator, child.id, held)]
    return [own, *below] if own else below


def _sum(frame: Frame, indicator: Indicator, covering: list[TargetInForce]) -> Aim:
    if not covering:
        return Aim()
    due = [expected(indicator, target, frame.period.start, frame.as_of) for target in covering]
    return Aim(sum((target.value for target in covering), Decimal(0)), sum(filter(None, due), Decimal(0)))
