"""The one statement that counts: each definition's own query, brought to the same columns and grouped once over all of them.

So a page asks the database one question however many tiles it has, and no second definition of a figure exists. What counts
treatments reads the covering index only.
"""

from collections.abc import Iterator, Mapping
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
from reports.indicators.definition import FACILITY, MEMBER_COLUMNS, ON, UNIT, number

UNCOUNTED = "uncounted"
PART = "part"
RESULTS = tuple(indicator.ratio.breakdown.key for indicator in COUNTED if indicator.ratio)
BREAKDOWNS = tuple(
    dict.fromkeys(column for indicator in COUNTED for column in indicator.columns if column not in RESULTS)
)


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
    sources = _Sources(reach)
    for indicator in indicators:
        if reach.counts(indicator):
            for span in _spans(indicator, period, wanted.last_year):
                closing = not indicator.is_state or span.last_day == period.last_day
                sources.add(indicator.key, indicator.columns, indicator.members(None, span, rules), closing)
    if wanted.uncounted:
        sources.add(UNCOUNTED, (), uncounted(period), True)
    if not sources.sql:
        return
    with connection.cursor() as cursor:
        bounds = period.start, year_earlier(period.last_day), period.start
        cursor.execute(_statement(sources, wanted), sources.params(*bounds))
        yield from (_group(row) for row in cursor.fetchall())


def uncounted(period: Period) -> QuerySet:
    """Treatments that were started in the period and do not count yet."""
    started = Treatment.objects.filter(counted_on=None, started_on__gte=period.start, started_on__lt=period.end)
    return started.annotate(on=F("started_on"), for_unit=number("unit_id"), at_facility=number("facility_id"))


def year_earlier(day: date) -> date:
    """The same date of the year before; of 29 February the 28th."""
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


class _Sources:
    """The definitions' queries as branches of one union."""

    def __init__(self, reach: Reach):
        self.reach = reach
        self.sql: list[str] = []
        self.tables: list[str] = []
        self._params: list[Any] = []
        self._table_params: list[Any] = []

    def params(self, *bounds: date) -> list[Any]:
        """In the order of the statement: the tables, the bounds of `late` and `current`, the branches, the parts."""
        parts = [] if self.reach.facility is not None else [list(self.reach.parts), list(self.reach.parts.values())]
        return [*self._table_params, *bounds, *self._params, *parts]

    def add(self, key: str, columns: tuple[str, ...], members: QuerySet, closing: bool) -> None:
        """`closing`: it tells of the period as a whole; a state does so on its last day only."""
        rows = self.reach.narrow(members).order_by().values_list(*MEMBER_COLUMNS, *columns)
        try:
            sql, params = rows.query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            return
        result = next((f'b."{column}"' for column in columns if column in RESULTS), "NULL::text")
        others = ", ".join(
            f"COALESCE(b.\"{name}\", '') AS {name}" if name in columns else f"NULL::text AS {name}"
            for name in BREAKDOWNS
        )
        branch = (
            f'SELECT \'{key}\'::text AS indicator, b."{ON}" AS day, b."{UNIT}" AS unit, b."{FACILITY}", '
            f"{result} AS result, {str(closing).upper()} AS closing, {others} FROM ({sql}) b"
        )
        if result == "NULL::text":
            self.sql.append(branch)
            self._params += params
        else:
            # What must be looked up for each member is looked up once, however many groupings read it.
            self.tables.append(f"s{len(self.tables)} AS MATERIALIZED ({branch})")
            self.sql.append(f"SELECT * FROM s{len(self.tables) - 1}")
            self._table_params += params


def _spans(indicator: Indicator, period: Period, last_year: bool) -> list[Period]:
    """The periods to ask the definition for: events all at once, a state for each month's last day."""
    before = Period(year_earlier(period.start), year_earlier(period.last_day) + timedelta(days=1), period.kind)
    if indicator.is_state:
        ends = [each.up_to(period.last_day) for each in period.months()]
        return [*(end for end in ends if end), *([before] if last_year else [])]
    # Last year is shown to its end, whatever the date of this one.
    whole = Period(before.start, date(before.start.year + 1, 1, 1), period.kind)
    return [period, *([whole] if last_year else [])]


def _statement(sources: _Sources, wanted: Wanted) -> str:
    """`late`: of last year, after the same date. Its bounds: the period's start, that date, the start again.

    The members are named once and grouped apart for months, breakdowns and facilities, so that each grouping reads only the
    columns it needs; breakdowns are counted together first, and that small table is then read for each of them.
    """
    by_unit = sources.reach.facility is None
    part = "t.part" if by_unit else "0::bigint"
    join = "JOIN unnest(%s::bigint[], %s::bigint[]) AS t(unit, part) ON t.unit = b.unit" if by_unit else ""
    members = (
        f"SELECT b.*, {part} AS {PART}, b.day - (EXTRACT(day FROM b.day)::int - 1) AS first, "
        f"(b.day < %s AND b.day > %s) AS late, (b.day >= %s AND b.closing) AS current "
        f"FROM ({' UNION ALL '.join(sources.sql)}) b {join}"
    )
    tables = [*sources.tables, f"m AS NOT MATERIALIZED ({members})"]
    selects = [
        f"SELECT indicator, '{PART}' AS dimension, {PART}::text AS value, first, late, result, count(*) AS members, "
        f"count(*) FILTER (WHERE current) AS current, NULL AS code, NULL AS name FROM m "
        f"GROUP BY indicator, {PART}, first, late, result"
    ]
    if wanted.breakdowns:
        columns = ", ".join(BREAKDOWNS)
        tables.append(
            f"c AS (SELECT indicator, {columns}, count(*) AS n FROM m WHERE current GROUP BY indicator, {columns})"
        )
        selects += [
            f"SELECT indicator, '{name}', {name}, NULL, NULL, NULL, sum(n), sum(n), NULL, NULL FROM c "
            f"WHERE {name} IS NOT NULL GROUP BY indicator, {name}"
            for name in BREAKDOWNS
        ]
    if wanted.facilities:
        selects.append(
            f"SELECT g.indicator, '{FACILITY}', f.id::text, NULL, NULL, g.result, g.n, g.n, f.code, f.name FROM ("
            f"SELECT indicator, {FACILITY}, result, count(*) AS n FROM m WHERE current GROUP BY indicator, {FACILITY}, result"
            f") g JOIN {Facility._meta.db_table} f ON f.id = g.{FACILITY}"
        )
    return f"WITH {', '.join(tables)} {' UNION ALL '.join(selects)}"


def _group(row: tuple[Any, ...]) -> Group:
    indicator, dimension, value, first, late, result, members, current, code, name = row
    place = (code, name) if code else None
    key = int(value) if dimension in (PART, FACILITY) else value
    return Group(indicator, dimension, key, first, bool(late), result, int(members), int(current), place)
