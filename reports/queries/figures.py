"""The figures of a place in a period: one function gives the rows for dashboard, command, report and workbook."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from facilities.models import Facility, Unit
from rehab.numbers import achievement
from rehab.periods import Period, month
from reports.enums import FigureScope
from reports.indicators import COUNTED, REGISTRY, Indicator, Rules
from reports.models import ReportedFigure
from reports.queries.counting import Reach, Wanted, year_earlier
from reports.queries.reported import reported_figures
from reports.queries.rows import BreakdownTable, Figures, MonthFigure, Part, Row, Slice, Source, Standing
from reports.queries.rules import rules as rules_in_force
from reports.queries.tally import Count, Tally, tally
from reports.queries.targets import TargetInForce, expected, targets_in_force
from reports.queries.tree import Node, Tree, Units, default_scope

FORECAST_FROM_MONTH = 3
EVERYTHING = Wanted(last_year=True, breakdowns=True, facilities=True, uncounted=True)
# Where the tally of a period (cut at the as-of date) comes from: the live rows, or the members that a run wrote down.
Counting = Callable[[Period, Reach, Rules, Wanted], Tally]


def live(period: Period, reach: Reach, rules: Rules, wanted: Wanted) -> Tally:
    return tally(COUNTED, period, reach, rules, wanted)


def figures(
    place: Unit | Facility,
    period: Period,
    *,
    scope: FigureScope | None = None,
    today: date | None = None,
    wanted: Wanted = EVERYTHING,
    units: Units | None = None,
    counting: Counting = live,
) -> Figures:
    """All rows of a unit (or of one facility, without targets) in a period, live, up to today's date at the place.

    `counting` gives the tally that the rows are made of; it is not called for a period that has not begun.

    `scope`: own for BNNP and BNNK, tree for BNN unless said. At most five queries: tree, settings, one count over all
    sources, targets, reported figures. Nothing is counted for a period that has not begun: its figures are None, not zero.
    """
    work = _Work(place, period, scope, today or place.local_date(), units or Units(), wanted, counting)
    return Figures(
        period=period,
        scope=work.scope,
        as_of=work.as_of,
        begun=work.begun,
        rows=tuple(row for indicator in REGISTRY.values() if (row := work.row(indicator))),
        parts=work.unit_parts() if work.scope is FigureScope.TREE and wanted.parts else (),
        facilities=dict(work.tally.facilities),
        uncounted=work.tally.uncounted,
    )


def realised(
    indicator: Indicator, unit: Unit, period: Period, scope: FigureScope | None = None, today: date | None = None
) -> Decimal | int | None:
    """One figure by its key definition, as counted; None where it cannot be (not begun, only reported, a share of nobody)."""
    cut = period.up_to(today or unit.local_date())
    if cut is None or not indicator.is_counted:
        return None
    reach = reach_of(unit, scope or default_scope(unit.kind), Units().on(period.last_day))
    found = tally([indicator], cut, reach, rules_in_force())
    count = found.of(indicator, [each.start for each in cut.months()], set(reach.parts.values()))
    return indicator.value(count.members, count.hits)


def reach_of(place: Unit | Facility, scope: FigureScope, tree: Tree) -> Reach:
    """What is counted for a place: the facility, the unit itself, or the units of its tree by the child they stand under."""
    if isinstance(place, Facility):
        return Reach(facility=place.pk)
    if scope is FigureScope.OWN or place.pk not in tree:
        return Reach.of_unit(place.pk)
    return Reach(tree.parts(place.pk))


class _Work:
    """What has been read for one place and period, and how rows are made of it."""

    def __init__(
        self,
        place: Unit | Facility,
        period: Period,
        scope: FigureScope | None,
        today: date,
        units: Units,
        wanted: Wanted,
        counting: Counting,
    ):
        self.place, self.period, self.today = place, period, today
        self.unit = place if isinstance(place, Unit) else None
        self.scope = scope or (default_scope(self.unit.kind) if self.unit else FigureScope.OWN)
        self.as_of = min(today, period.last_day)
        self.tree = units.on(period.last_day)
        self.reach = reach_of(place, self.scope, self.tree)
        if not wanted.parts and self.reach.parts:
            self.reach = Reach(dict.fromkeys(self.reach.parts, place.pk))
        self.places = {0} if self.unit is None else set(self.reach.parts.values())
        self.rules: Rules = rules_in_force()
        cut = period.up_to(today)
        self.begun = cut is not None and _existed(place, period)
        self.months = [each.start for each in cut.months()] if cut else []
        self.firsts = _firsts(period)
        self.firsts_before = [each.replace(year=each.year - 1) for each in self.firsts]
        if self.scope is FigureScope.TREE:
            # A tree is told by its units.
            wanted = replace(wanted, facilities=False)
        self.tally = counting(cut, self.reach, self.rules, wanted) if cut and self.begun else Tally()
        self.targets = targets_in_force([self.unit.pk], period.start.year, period.last_day) if self.unit else {}
        self.reported = self._reported()
        self.last_year = wanted.last_year

    def row(self, indicator: Indicator) -> Row | None:
        """None for an indicator of which nothing is to be told here."""
        found = self.tally.of(indicator, self.months, self.places)
        published, target = self._published(indicator), self._target(indicator)
        if not self.reach.counts(indicator):
            return self._reported_row(indicator, published, target) if published or target else None
        if published and not found.members:
            return self._reported_row(indicator, published, target)
        return self._counted_row(indicator, found, target, published)

    def unit_parts(self) -> tuple[Part, ...]:
        """What the unit counts itself, and each unit below with all beneath it; together they are the whole."""
        if self.unit is None or self.unit.pk not in self.tree:
            return ()
        below = [Part(node, False, self._values(node)) for node in self.tree.children(self.unit.pk)]
        own = self.tree.node(self.unit.pk)
        return (
            Part(own, True, self._values(own)),
            *(part for part in below if part.node.exists or any(part.values.values())),
        )

    def _values(self, node: Node) -> dict[str, Decimal | int | None]:
        values = {}
        for indicator in COUNTED:
            found = self.tally.of(indicator, self.months, [node.id])
            known = found.members or _active(node, self.as_of)
            values[indicator.key] = indicator.value(found.members, found.hits) if self.begun and known else None
        return values

    def _reported(self) -> dict[tuple[int, str], ReportedFigure]:
        """A published figure has no scope of its own: it is the one that the unit answers for."""
        if self.unit is None:
            return {}
        answers = self.scope is default_scope(self.unit.kind) or not self.tree.children(self.unit.pk)
        if not answers or self.period.start != date(self.period.start.year, 1, 1):
            return {}
        whole_year = self.period.end == date(self.period.start.year + 1, 1, 1)
        return reported_figures([self.unit.pk], self.period.start.year, None if whole_year else self.period.last_day)

    def _published(self, indicator: Indicator) -> ReportedFigure | None:
        return self.reported.get((self.unit.pk, indicator.key)) if self.unit else None

    def _target(self, indicator: Indicator) -> TargetInForce | None:
        found = self.targets.get((self.unit.pk, indicator.key)) if self.unit else None
        return found if found and found.scope is self.scope else None

    def _reported_row(
        self, indicator: Indicator, published: ReportedFigure | None, target: TargetInForce | None
    ) -> Row:
        value = target.value if target else None
        if published is None:
            return Row(indicator, Source.REPORTED, None, value, self.as_of)
        own = published.target if published.target is not None else value
        return Row(indicator, Source.REPORTED, published.realised, own, published.as_of, reported=published)

    def _counted_row(
        self, indicator: Indicator, found: Count, target: TargetInForce | None, published: ReportedFigure | None
    ) -> Row:
        known = self.begun and (found.members > 0 or _active(self.place, self.as_of))
        value = indicator.value(found.members, found.hits) if known else None
        due = expected(indicator, target, self.period.start, self.as_of) if self.begun else None
        return Row(
            indicator,
            Source.COUNTED,
            value,
            target.value if target else None,
            self.as_of,
            count=found,
            expected=due,
            forecast=self._forecast(indicator, value, due, target),
            standing=_standing(indicator, value, due, self.rules),
            this_month=self._of_months(indicator, self.months[-1:]) if known and self._running else None,
            last_year=self._last_year(indicator) if self.last_year else None,
            months=tuple(self._month(indicator, first, target, known) for first in self.firsts),
            breakdowns=self._breakdowns(indicator),
            beside=published,
            grade=indicator.grade(found.members, found.hits, self.rules),
        )

    @property
    def _running(self) -> bool:
        return self.as_of < self.period.last_day

    def _of_months(self, indicator: Indicator, months: Iterable[date], *, late: bool = True) -> Decimal | int | None:
        found = self.tally.of(indicator, months, self.places, late=late)
        return indicator.value(found.members, found.hits)

    def _last_year(self, indicator: Indicator) -> Decimal | int | None:
        """The year before, up to the same date."""
        months = [first.replace(year=first.year - 1) for first in self.months]
        found = self.tally.of(indicator, months, self.places, late=False)
        known = found.members or (self.months and _active(self.place, year_earlier(self.as_of)))
        return indicator.value(found.members, found.hits) if known else None

    def _month(self, indicator: Indicator, first: date, target: TargetInForce | None, known: bool) -> MonthFigure:
        aim = None
        if target:
            aim = target.of_month(first.month) if indicator.adds_up else target.value
        value = self._of_months(indicator, [first]) if known and first in self.months else None
        return MonthFigure(first, value, aim, self._month_last_year(indicator, first))

    def _month_last_year(self, indicator: Indicator, first: date) -> Decimal | int | None:
        """A state is told of the same date only; nothing found is zero in a year that has figures, else unknown."""
        if indicator.is_state or not (self.last_year and self.begun):
            return None
        month_before = first.replace(year=first.year - 1)
        known = _active(self.place, month_before) or self.tally.of(indicator, self.firsts_before, self.places).members
        return self._of_months(indicator, [month_before]) if known else None

    def _forecast(
        self, indicator: Indicator, value: Decimal | int | None, due: Decimal | None, target: TargetInForce | None
    ) -> Decimal | None:
        if not (self._running and target and due and value is not None and indicator.adds_up):
            return None
        return value / due * target.value if self.as_of.month >= FORECAST_FROM_MONTH else None

    def _breakdowns(self, indicator: Indicator) -> tuple[BreakdownTable, ...]:
        tables = []
        if indicator.ratio:
            column = indicator.ratio.breakdown
            counts = self.tally.breakdowns.get((indicator.key, column.key), {})
            slices = tuple(Slice(value, column.label(value), counts.get(value, 0)) for value in column.choices.values)
            tables.append(BreakdownTable(column.key, str(column.title), slices))
        for column in indicator.breakdowns:
            counts = self.tally.breakdowns.get((indicator.key, column.key), {})
            order = [*column.choices.values, *(value for value in counts if value not in column.choices.values)]
            slices = tuple(Slice(value, column.label(value), counts[value]) for value in order if value in counts)
            tables.append(BreakdownTable(column.key, str(column.title), slices))
        return tuple(table for table in tables if table.total)


def _firsts(period: Period) -> list[date]:
    return [month(each.start.year, each.start.month).start for each in period.months()]


def _existed(place: Unit | Facility, period: Period) -> bool:
    starts, ends = (place.starts_on, place.ends_on) if isinstance(place, Unit) else (place.opened_on, place.closed_on)
    return (starts is None or starts < period.end) and (ends is None or ends > period.start)


def _active(place: Unit | Facility | Node, day: date) -> bool:
    """Whether nothing found means zero: the place recorded its work here by then. Before that, nothing is unknown."""
    since = place.unit.activated_on if isinstance(place, Facility) else place.activated_on
    return since is not None and since <= day


def _standing(indicator: Indicator, value: Decimal | int | None, due: Decimal | None, rules: Rules) -> Standing | None:
    share = achievement(value, due, indicator.lower_is_better)
    if share is None:
        return None
    if share >= Decimal(str(rules.reached_from)):
        return Standing.REACHED
    return Standing.ATTENTION if share >= Decimal(str(rules.attention_from)) else Standing.BEHIND
