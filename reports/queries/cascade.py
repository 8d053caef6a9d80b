"""Whether the targets of the units below fit the target above them. How scopes are read: docs/decisions/0008."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from facilities.models import Unit
from rehab import periods
from rehab.numbers import format_number
from reports.enums import FigureScope
from reports.indicators import REGISTRY, Consolidation, Indicator
from reports.queries.counting import Wanted
from reports.queries.figures import figures
from reports.queries.reported import reported_figures
from reports.queries.targets import TargetInForce, targets_in_force
from reports.queries.tree import Node, Tree, Units


class Fit(StrEnum):
    """How the parts stand to the whole. OWN: the target above is for its own facilities only, so there is nothing to fit."""

    FITS = "fits"
    SHORT = "short"
    OVER = "over"
    DIFFERS = "differs"
    OWN = "own"
    NO_WHOLE = "no_whole"
    NO_PARTS = "no_parts"


WRONG = frozenset({Fit.SHORT, Fit.OVER, Fit.DIFFERS})


@dataclass(frozen=True)
class PartTarget:
    """A unit directly below. `covers`: what its own target and those below it stand for together (of a percentage or an index
    its own alone); `below`: how much of that the units below it carry."""

    node: Node
    target: TargetInForce | None
    covers: Decimal | None
    below: Decimal = Decimal(0)


@dataclass(frozen=True)
class Gap:
    """One indicator of a unit: the whole, the parts, and whether they fit. `difference` is whole minus parts."""

    indicator: Indicator
    whole: TargetInForce | None
    parts: tuple[PartTarget, ...]
    total: Decimal | None
    fit: Fit

    @property
    def difference(self) -> Decimal | None:
        return None if self.whole is None or self.total is None else self.whole.value - self.total

    @property
    def is_wrong(self) -> bool:
        """To be warned of; nothing is blocked by it."""
        return self.fit in WRONG

    @property
    def without(self) -> int:
        """How many units below have no target, nor has any unit below them."""
        return sum(part.covers is None for part in self.parts)

    @property
    def differing(self) -> tuple[PartTarget, ...]:
        whole = self.whole.value if self.whole else None
        return tuple(part for part in self.parts if part.covers not in (None, whole))

    @property
    def words(self) -> str:
        """The difference in a sentence."""
        told = {
            "whole": format_number(self.whole.value if self.whole else None),
            "parts": format_number(self.total),
            "difference": format_number(None if self.difference is None else abs(self.difference)),
            "count": len(self.differing),
        }
        sentence = (_SENTENCES if self.total is not None else _SENTENCES | _WITHOUT_SUM)[self.fit]() % told
        if self.without and self.fit in (Fit.SHORT, Fit.DIFFERS):
            more = ngettext("%(count)s unit has no target yet.", "%(count)s units have no target yet.", self.without)
            sentence = f"{sentence} {more % {'count': self.without}}"
        return sentence


_SENTENCES = {
    Fit.FITS: lambda: _("The parts fit the whole."),
    Fit.SHORT: lambda: _(
        "%(difference)s lacking: the parts make %(parts)s of %(whole)s; the rest is left to the unit itself."
    ),
    Fit.OVER: lambda: _("%(difference)s too much: the parts make %(parts)s, the whole is %(whole)s."),
    Fit.DIFFERS: lambda: _("Not everywhere the same: %(count)s aim at something else than %(whole)s."),
    Fit.OWN: lambda: _("For its own facilities only; together with the units below %(parts)s."),
    Fit.NO_WHOLE: lambda: _("The units below aim at %(parts)s together; this unit has no target."),
    Fit.NO_PARTS: lambda: _("No unit below has a target yet."),
}
# Of percentages and indices there is no sum to tell.
_WITHOUT_SUM = {
    Fit.OWN: lambda: _("For its own facilities only."),
    Fit.NO_WHOLE: lambda: _("Units below have a target, this unit has none."),
}


def sums_over_units(indicator: Indicator) -> bool:
    """A percentage or an index is the same aim for all; counts and states of several units add up."""
    return indicator.consolidation in (Consolidation.SUM, Consolidation.LAST)


def day_of(unit: Unit, year: int) -> date:
    """The day whose targets a year is looked at by: today while it runs, else its last day."""
    today = unit.local_date()
    return today if today.year == year else date(year, 12, 31)


def cascade(unit: Unit, year: int, *, on: date | None = None, units: Units | None = None) -> list[Gap]:
    """Every indicator for which the unit or one below it has a target in force on that day; the tree is that of the year's
    last day. Two queries, one with `units` given."""
    tree = (units or Units()).on(date(year, 12, 31))
    if unit.pk not in tree or not tree.children(unit.pk):
        return []
    targets = targets_in_force(tree.under(unit.pk), year, on or day_of(unit, year))
    found = (_gap(indicator, unit.pk, tree, targets) for indicator in REGISTRY.values())
    return [gap for gap in found if gap.whole or any(part.covers is not None for part in gap.parts)]


def gaps(unit: Unit, year: int, *, on: date | None = None, units: Units | None = None) -> dict[str, Gap]:
    """By indicator key what has to be warned of: parts that do not fit their whole."""
    return {gap.indicator.key: gap for gap in cascade(unit, year, on=on, units=units) if gap.is_wrong}


def gap_of(unit: Unit, year: int, indicator: Indicator, *, units: Units | None = None) -> Gap:
    """One indicator, with all units directly below; no part where there is none below."""
    tree = (units or Units()).on(date(year, 12, 31))
    under = tree.under(unit.pk) if unit.pk in tree else {unit.pk}
    return _gap(indicator, unit.pk, tree, targets_in_force(under, year, day_of(unit, year)))


Targets = dict[tuple[int, str], TargetInForce]


def _gap(indicator: Indicator, unit: int, tree: Tree, targets: Targets) -> Gap:
    parts = [_part(indicator, node, tree, targets) for node in tree.children(unit)]
    kept = tuple(part for part in parts if part.node.exists or part.covers is not None)
    covered = [part.covers for part in kept if part.covers is not None]
    whole = targets.get((unit, indicator.key))
    total = sum(covered, Decimal(0)) if covered and sums_over_units(indicator) else None
    if whole and whole.scope is FigureScope.OWN:
        together = total + whole.value if total is not None else None
        return Gap(indicator, whole, kept, together, Fit.OWN if covered else Fit.NO_PARTS)
    return Gap(indicator, whole, kept, total, _fit(indicator, whole, covered, total))


def _fit(indicator: Indicator, whole: TargetInForce | None, covered: list[Decimal], total: Decimal | None) -> Fit:
    if whole is None:
        return Fit.NO_WHOLE
    if not covered:
        return Fit.NO_PARTS
    if total is None:
        return Fit.FITS if all(part == whole.value for part in covered) else Fit.DIFFERS
    return Fit.FITS if total == whole.value else Fit.SHORT if total < whole.value else Fit.OVER


def _part(indicator: Indicator, node: Node, tree: Tree, targets: Targets) -> PartTarget:
    """A target for the whole tree stands for everything below; one for the unit itself needs those below added."""
    target = targets.get((node.id, indicator.key))
    if not sums_over_units(indicator):
        return PartTarget(node, target, target.value if target else None)
    if target and target.scope is FigureScope.TREE:
        return PartTarget(node, target, target.value)
    lower = [_part(indicator, child, tree, targets).covers for child in tree.children(node.id)]
    below = [value for value in lower if value is not None]
    if target is None and not below:
        return PartTarget(node, None, None)
    carried = sum(below, Decimal(0))
    return PartTarget(node, target, (target.value if target else Decimal(0)) + carried, carried)


def last_years(unit: Unit, year: int, indicator: Indicator, units: Units) -> dict[int, Decimal | int]:
    """What each unit directly below (with all beneath it) reached in the year before: counted, else as reported by itself."""
    before = periods.year(year - 1)
    counted = figures(unit, before, scope=FigureScope.TREE, wanted=Wanted(), units=units).parts
    found = {part.node.id: part.values.get(indicator.key) for part in counted if not part.is_self}
    published = reported_figures(found, year - 1, None)
    for child, value in found.items():
        figure = published.get((child, indicator.key))
        if not value and figure and figure.realised is not None:
            found[child] = figure.realised
    return {child: value for child, value in found.items() if value is not None}
