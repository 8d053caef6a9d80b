"""A unit's money beside what it paid for: activities grouped by their output, with its target and realisation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from facilities.models import Unit
from rehab import periods
from rehab.numbers import achievement
from reports.enums import FigureScope
from reports.indicators import REGISTRY, Indicator, Rules
from reports.models import ReportedFigure
from reports.queries.budgets import Activity, Money, activities
from reports.queries.counting import Reach
from reports.queries.reported import reported_figures
from reports.queries.tally import Tally, tally
from reports.queries.targets import TargetInForce, targets_in_force
from reports.queries.tree import Tree, Units

ABSORPTION = "budget_absorption_pct"


@dataclass(frozen=True)
class Output:
    """`indicator` is None for activities that pay for no output of their own. `reported`: the figure was published elsewhere."""

    indicator: Indicator | None
    target: TargetInForce | None
    realised: Decimal | int | None
    is_reported: bool
    activities: tuple[Activity, ...]

    @property
    def money(self) -> Money:
        return sum((activity.money for activity in self.activities), Money())

    @property
    def first(self) -> Money:
        return sum((activity.first for activity in self.activities), Money())

    @property
    def second(self) -> Money:
        return sum((activity.second for activity in self.activities), Money())

    @property
    def achievement(self) -> Decimal | None:
        lower = bool(self.indicator and self.indicator.lower_is_better)
        return achievement(self.realised, self.target.value if self.target else None, lower)


@dataclass(frozen=True)
class Outputs:
    """`absorption` is the figure of absorption that was published elsewhere, where there is one."""

    on: date
    outputs: tuple[Output, ...]
    absorption: ReportedFigure | None

    @property
    def money(self) -> Money:
        return sum((output.money for output in self.outputs), Money())

    @property
    def first(self) -> Money:
        return sum((output.first for output in self.outputs), Money())

    @property
    def second(self) -> Money:
        return sum((output.second for output in self.outputs), Money())


def outputs(unit: Unit, year: int, *, today: date | None = None) -> Outputs:
    """The unit's own activities of the year in the order of the indicators, those without output last. At most seven queries."""
    period, day = periods.year(year), today or unit.local_date()
    on = min(day, period.last_day) if day >= period.start else period.last_day
    found = activities(unit, year, on)
    paid_for = {activity.indicator for activity in found}
    targets = targets_in_force([unit.pk], year, on)
    published = reported_figures([unit.pk], year, None)
    work = _Work(unit, year, on, targets, published)
    counted = work.counted(paid_for, period.up_to(day))
    order = [each for each in REGISTRY if each in paid_for]
    rows = [work.output(REGISTRY[key], counted, _of(found, key)) for key in order]
    rest = tuple(activity for activity in found if activity.indicator not in REGISTRY)
    if rest:
        rows.append(Output(None, None, None, False, rest))
    return Outputs(on, tuple(rows), published.get((unit.pk, ABSORPTION)))


def _of(found: Iterable[Activity], key: str) -> tuple[Activity, ...]:
    return tuple(activity for activity in found if activity.indicator == key)


@dataclass(frozen=True)
class _Work:
    unit: Unit
    year: int
    on: date
    targets: dict[tuple[int, str], TargetInForce]
    published: dict[tuple[int, str], ReportedFigure]

    def counted(self, keys: Iterable[str], cut: periods.Period | None) -> tuple[Tally, list[date], Tree | None]:
        """The tree is read only where a target means it."""
        wanted = [REGISTRY[key] for key in keys if key in REGISTRY and REGISTRY[key].is_counted]
        if cut is None or not wanted:
            return Tally(), [], None
        whole = any(self._scope(each.key) is FigureScope.TREE for each in wanted)
        tree = Units().on(periods.year(self.year).last_day) if whole else None
        units = tree.under(self.unit.pk) if tree and self.unit.pk in tree else {self.unit.pk}
        reach = Reach({each: each for each in units})
        return tally(wanted, cut, reach, Rules()), [each.start for each in cut.months()], tree

    def output(
        self, indicator: Indicator, counted: tuple[Tally, list[date], Tree | None], paid: tuple[Activity, ...]
    ) -> Output:
        """The figure in the scope of its target; a counted zero gives way to one that was published elsewhere."""
        found, months, tree = counted
        target = self.targets.get((self.unit.pk, indicator.key))
        units = {self.unit.pk}
        if tree and self._scope(indicator.key) is FigureScope.TREE:
            units = tree.under(self.unit.pk)
        count = found.of(indicator, months, units)
        figure = self.published.get((self.unit.pk, indicator.key))
        if figure and not count.members:
            return Output(indicator, target, figure.realised, True, paid)
        known = indicator.is_counted and months and (count.members or self._active())
        return Output(indicator, target, indicator.value(count.members, count.hits) if known else None, False, paid)

    def _scope(self, key: str) -> FigureScope:
        target = self.targets.get((self.unit.pk, key))
        return target.scope if target else FigureScope.OWN

    def _active(self) -> bool:
        since = self.unit.activated_on
        return since is not None and since <= self.on
