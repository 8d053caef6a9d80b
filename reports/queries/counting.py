"""The one statement that counts: each definition's own query, grouped over its covering index, all of them asked at once.

So a page asks the database one question however many tiles it has, and no second definition of a figure exists. Every
branch is grouped before it is joined with the parts, and reads only the columns that its grouping needs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet

from clients.models import Treatment
from facilities.models import Facility
from rehab.periods import Period
from reports.indicators import COUNTED, Indicator, Rules
from reports.indicators.definition import FACILITY, ON, UNIT, number

UNCOUNTED = "uncounted"
PART = "part"
RESULTS = tuple(indicator.ratio.breakdown.key for indicator in COUNTED if indicator.ratio)
BREAKDOWNS = tuple(
    dict.fromkeys(column for indicator in COUNTED for column in indicator.columns if column not in RESULTS)
)
MONTH = "date_trunc('month', {0}::timestamp)::date"


@dataclass(frozen=True)
class Reach:
    """What is counted: units, each with the part that it belongs to, or one facility."""

    parts: Mapping[int, int] = field(default_factory=dict)
    facility: int | None = None

    @classmethod
    def of_unit(cls, unit: int) -> "Reach":
        return cls({unit: unit})

    def narrow(self, members: QuerySet) -> QuerySet:
        if self.facility is not None:
            return members.filter(**{FACILITY: self.facility})
        return members.filter(**{f"{UNIT}__in": list(self.parts)})

    def counts(self, indicator: Indicator) -> bool:
        return indicator.is_counted and (self.facility is None or indicator.at_facilities)


@dataclass(frozen=True)
class Wanted:
    """What to count beside the months of each part."""

    last_year: bool = False
    breakdowns: bool = False
    facilities: bool = False
    uncounted: bool = False


@dataclass(frozen=True)
class Group:
    """One row of the answer. `dimension` says what `value` is; `current` are those of the period itself, not of last year."""

    indicator: str
    dimension: str
    value: Any
    first: date | None
    late: bool
    result: str | None
    members: int
    current: int
    place: tuple[str, str] | None = None


def groups(
    indicators: tuple[Indicator, ...], period: Period, reach: Reach, rules: Rules, wanted: Wanted
) -> Iterator[Group]:
    """Count the members in `period`, already cut at the as-of date. One query, or none where nothing can be counted."""
    question = _Question(period, reach, rules)
    for indicator in indicators:
        if reach.counts(indicator):
            question.ask(indicator, wanted)
    if wanted.uncounted:
        question.months(UNCOUNTED, uncounted(period), "NULL::text", False, True)
    if not question.branches:
        return
    with connection.cursor() as cursor:
        cursor.execute(question.sql, question.params)
        yield from (_group(row) for row in cursor.fetchall())


def uncounted(period: Period) -> QuerySet:
    """Treatments that were started in the period and do not count yet."""
    started = Treatment.objects.filter(counted_on=None, started_on__gte=period.start, started_on__lt=period.end)
    return started.annotate(on=F("started_on"), for_unit=number("unit_id"), at_facility=number("facility_id"))


def year_earlier(day: date) -> date:
    """The same date of the year before; of 29 February the 28th."""
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


class _Question:
    """The statement as it grows: branches that count months by unit, and those that tell the members of the period apart."""

    def __init__(self, period: Period, reach: Reach, rules: Rules):
        self.period, self.reach, self.rules = period, reach, rules
        self.branches: list[str] = []
        self._params: list[Any] = []
        self._apart: list[str] = []
        self._apart_params: list[Any] = []

    def ask(self, indicator: Indicator, wanted: Wanted) -> None:
        result = _quoted(indicator.ratio.breakdown.key) if indicator.ratio else "NULL::text"
        for span, late, current in _spans(indicator, self.period, wanted.last_year):
            members = indicator.members(None, span, self.rules)
            self.months(indicator.key, members, result, late, current)
        members = indicator.members(None, self.period, self.rules)
        columns = [column for column in indicator.columns if column not in RESULTS]
        if wanted.breakdowns and columns:
            self._tell_apart(indicator.key, members, columns)
        if wanted.facilities:
            self._facilities(indicator.key, members, result)

    def months(self, key: str, members: QuerySet, result: str, late: bool, current: bool) -> None:
        columns = [ON, UNIT, *([result.strip('"')] if result.startswith('"') else [])]
        found = self._members(members, columns)
        if found is None:
            return
        sql, params = found
        first = MONTH.format(f"b.{_quoted(ON)}")
        counted = "count(*)" if current else "0::bigint"
        self.branches.append(
            f"SELECT '{key}'::text AS indicator, b.{_quoted(UNIT)} AS unit, {first} AS first, {late} AS late, "
            f"{result} AS result, count(*) AS members, {counted} AS current FROM ({sql}) b GROUP BY 2, 3, 5"
        )
        self._params += params

    def _tell_apart(self, key: str, members: QuerySet, columns: list[str]) -> None:
        """All breakdowns are counted together first, and that small table is then read for each of them."""
        found = self._members(members, columns)
        if found is None:
            return
        sql, params = found
        together = ", ".join(_quoted(column) for column in columns)
        each = ", ".join(f"('{column}', COALESCE({_quoted(column)}, ''))" for column in columns)
        self._apart.append(
            f"SELECT '{key}', d.dimension, d.value, NULL::date, FALSE, NULL::text, sum(n), sum(n), NULL, NULL "
            f"FROM (SELECT {together}, count(*) AS n FROM ({sql}) b GROUP BY {together}) c "
            f"CROSS JOIN LATERAL (VALUES {each}) AS d(dimension, value) GROUP BY d.dimension, d.value"
        )
        self._apart_params += params

    def _facilities(self, key: str, members: QuerySet, result: str) -> None:
        columns = [FACILITY, *([result.strip('"')] if result.startswith('"') else [])]
        found = self._members(members, columns)
        if found is None:
            return
        sql, params = found
        self._apart.append(
            f"SELECT '{key}', '{FACILITY}', f.id::text, NULL::date, FALSE, g.result, g.n, g.n, f.code, f.name FROM ("
            f"SELECT b.{_quoted(FACILITY)} AS place, {result} AS result, count(*) AS n FROM ({sql}) b GROUP BY 1, 2"
            f") g JOIN {Facility._meta.db_table} f ON f.id = g.place"
        )
        self._apart_params += params

    def _members(self, members: QuerySet, columns: Iterable[str]) -> tuple[str, list[Any]] | None:
        """The definition's query with these columns; None where nothing can match."""
        rows = self.reach.narrow(members).order_by().values_list(*columns)
        try:
            sql, params = rows.query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            return None
        return sql, list(params)

    @property
    def sql(self) -> str:
        by_unit = self.reach.facility is None
        part = "t.part" if by_unit else "0::bigint"
        join = "JOIN unnest(%s::bigint[], %s::bigint[]) AS t(unit, part) ON t.unit = b.unit" if by_unit else ""
        months = (
            f"SELECT b.indicator, '{PART}', {part}::text, b.first, b.late, b.result, sum(b.members), sum(b.current), "
            f"NULL, NULL FROM ({' UNION ALL '.join(self.branches)}) b {join} GROUP BY 1, {part}, 4, 5, 6"
        )
        return " UNION ALL ".join([months, *self._apart])

    @property
    def params(self) -> list[Any]:
        """In the order of the statement: the branches, the parts, what is told apart."""
        parts = [] if self.reach.facility is not None else [list(self.reach.parts), list(self.reach.parts.values())]
        return [*self._params, *parts, *self._apart_params]


def _spans(indicator: Indicator, period: Period, last_year: bool) -> list[tuple[Period, bool, bool]]:
    """The periods to ask the definition for, each with whether it lies after the same date of the year before, and whether
    it tells of the period itself: events of all its days, a state on its last one."""
    same = Period(year_earlier(period.start), year_earlier(period.last_day) + timedelta(days=1), period.kind)
    if indicator.is_state:
        ends = [end for each in period.months() if (end := each.up_to(period.last_day))]
        states = [(end, False, end.last_day == period.last_day) for end in ends]
        return [*states, *([(same, False, False)] if last_year else [])]
    if not last_year:
        return [(period, False, True)]
    # Last year is shown to its end, whatever the date of this one.
    end = date(same.start.year + 1, 1, 1)
    late = [(Period(same.end, end, period.kind), True, False)] if same.end < end else []
    return [(period, False, True), (same, False, False), *late]


def _quoted(column: str) -> str:
    return f'"{column}"'


def _group(row: tuple[Any, ...]) -> Group:
    indicator, dimension, value, first, late, result, members, current, code, name = row
    place = (code, name) if code else None
    key = int(value) if dimension in (PART, FACILITY) else value
    return Group(indicator, dimension, key, first, late, result, int(members), int(current), place)
