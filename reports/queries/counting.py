"""The one statement that counts: each definition's own query, grouped over its covering index, all of them asked at once.

So a page asks the database one question however many tiles it has. Every branch is grouped before it is joined with the parts,
and reads only the columns that its grouping needs. Whole months of what is kept by month come from their cells, which the
database keeps equal to the rows (`reports.models.cell`); everything else is counted from the rows themselves.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, QuerySet

from clients.models import Treatment
from facilities.models import Facility
from rehab.periods import Kind, Period
from reports.indicators import COUNTED, Indicator, Rules
from reports.indicators.definition import FACILITY, ON, UNIT, State, number
from reports.models.cell import KEPT

UNCOUNTED = "uncounted"
PART = "part"
RESULTS = tuple(indicator.result for indicator in COUNTED if indicator.result)
BREAKDOWNS = tuple(
    dict.fromkeys(column for indicator in COUNTED for column in indicator.columns if column not in RESULTS)
)
MONTH = "date_trunc('month', {0}::timestamp)::date"
# For so few units each is looked up in the cells; for more the months are read through.
FEW = 40
_CELLS = """
    SELECT indicator, unit_id, first, late, NULLIF(result, ''), members, CASE WHEN current THEN members ELSE 0 END
    FROM unnest(%s::date[], %s::boolean[], %s::boolean[]) AS m(first, late, current) JOIN (
        SELECT indicator, first, unit_id, result, members FROM reports_countcell
        WHERE indicator = ANY(%s) AND first = ANY(%s::date[]) {units} UNION ALL
        SELECT indicator, first, unit_id, result, members FROM reports_countdelta
        WHERE indicator = ANY(%s) AND first = ANY(%s::date[]) {units}) c USING (first)
"""
# Of units that are all one part their months are added up before anything is joined to them; one unit stands for all.
_CELLS_OF_ONE = """
    SELECT indicator, %s::bigint, first, late, NULLIF(result, ''), members, CASE WHEN current THEN members ELSE 0 END
    FROM unnest(%s::date[], %s::boolean[], %s::boolean[]) AS m(first, late, current) JOIN (
        SELECT indicator, first, result, sum(members)::bigint AS members FROM reports_countcell
        WHERE indicator = ANY(%s) AND first = ANY(%s::date[]) AND unit_id = ANY(%s::bigint[]) GROUP BY 1, 2, 3 UNION ALL
        SELECT indicator, first, result, sum(members)::bigint FROM reports_countdelta
        WHERE indicator = ANY(%s) AND first = ANY(%s::date[]) AND unit_id = ANY(%s::bigint[]) GROUP BY 1, 2, 3
    ) c USING (first)
"""


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
    """What to count beside the months. `parts`: those of each part of a tree, not only of the whole."""

    parts: bool = True
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
    counted = tuple(_Known(indicator) for indicator in indicators if reach.counts(indicator))
    sql, params = _statement(counted, period, tuple(reach.parts.items()), reach.facility, rules, wanted)
    if not sql:
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        yield from (_group(row) for row in cursor.fetchall())


class _Known:
    """A definition as a key: the same only as itself."""

    def __init__(self, indicator: Indicator):
        self.indicator = indicator

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and self.indicator is other.indicator

    def __hash__(self) -> int:
        return id(self.indicator)


@lru_cache(maxsize=256)
def _statement(
    counted: tuple[_Known, ...], period: Period, parts: tuple[tuple[int, int], ...], facility: int | None, rules: Rules,
    wanted: Wanted,
) -> tuple[str, tuple[Any, ...]]:  # fmt: skip
    """The statement and its values; empty where nothing can be counted. Making it costs as much as asking it, and it follows
    from what is asked alone, so the same question is not worded anew."""
    question = _Question(period, Reach(dict(parts), facility), rules, wanted)
    indicators = [each.indicator for each in counted]
    for indicator in indicators:
        question.ask(indicator)
    question.ask_cells([indicator for indicator in indicators if question.by_month(indicator)])
    if wanted.uncounted:
        question.add_months(UNCOUNTED, uncounted(period), None, _Span(period, current=True))
    return (question.sql, tuple(question.params)) if question.branches else ("", ())


def uncounted(period: Period) -> QuerySet:
    """Treatments that were started in the period and do not count yet."""
    started = Treatment.objects.filter(counted_on=None, started_on__gte=period.start, started_on__lt=period.end)
    return started.annotate(on=F("started_on"), for_unit=number("unit_id"), at_facility=number("facility_id"))


def year_earlier(day: date) -> date:
    """The same date of the year before; of 29 February the 28th."""
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


@dataclass(frozen=True)
class _Span:
    """Days to count. `late_from`: from that day on they lie after the same date of the year before."""

    days: Period
    current: bool = False
    late_from: date | None = None

    def whole_months(self) -> list[date]:
        """The first days of the months that lie in it with all their days, and on one side of `late_from`."""
        return [
            each.start
            for each in self.days.months()
            if self.days.start <= each.start
            and each.end <= self.days.end
            and not (self.late_from and each.start < self.late_from < each.end)
        ]

    def broken_months(self) -> list["_Span"]:
        """What is left of it without its whole months."""
        whole, found = set(self.whole_months()), []
        for each in self.days.months():
            if each.start not in whole:
                start, end = max(each.start, self.days.start), min(each.end, self.days.end)
                found.append(_Span(Period(start, end, Kind.SPAN), self.current, self.late_from))
        return found


class _Question:
    """The statement as it grows: branches that count months by unit, and those that tell the members of the period apart."""

    def __init__(self, period: Period, reach: Reach, rules: Rules, wanted: Wanted):
        self.period, self.reach, self.rules, self.wanted = period, reach, rules, wanted
        self.branches: list[str] = []
        self._params: list[Any] = []
        self._apart: list[str] = []
        self._apart_params: list[Any] = []
        # Last year is shown to its end, whatever the date of this one.
        same = Period(year_earlier(period.start), year_earlier(period.last_day) + timedelta(days=1), period.kind)
        last = Period(same.start, max(same.end, date(same.start.year + 1, 1, 1)), Kind.SPAN)
        self._same_day = same.last_day
        self._spans = [_Span(period, current=True), *([_Span(last, late_from=same.end)] if wanted.last_year else [])]

    def by_month(self, indicator: Indicator) -> bool:
        return indicator.key in KEPT and self.reach.facility is None

    def ask(self, indicator: Indicator) -> None:
        result = indicator.result or None
        if indicator.state:
            self._ask_states(indicator)
        else:
            for span in self._spans:
                for part in span.broken_months() if self.by_month(indicator) else [span]:
                    self.add_months(indicator.key, indicator.members(None, part.days, self.rules), result, part)
        members = indicator.members(None, self.period, self.rules)
        columns = [column for column in indicator.columns if column not in RESULTS]
        if self.wanted.breakdowns and columns:
            self._tell_apart(indicator.key, members, columns)
        if self.wanted.facilities:
            self._tell_facilities(indicator.key, members, result)

    def ask_cells(self, indicators: list[Indicator]) -> None:
        """The whole months of what is kept by month."""
        months = [(first, span) for span in self._spans for first in span.whole_months()]
        if not indicators or not months:
            return
        firsts, units = [first for first, _span in months], list(self.reach.parts)
        late = [span.late_from is not None and first >= span.late_from for first, span in months]
        keys, current = [indicator.key for indicator in indicators], [span.current for _first, span in months]
        if len(units) > 1 and len(set(self.reach.parts.values())) == 1:
            self.branches.append(_CELLS_OF_ONE)
            self._params += [units[0], firsts, late, current, *2 * [keys, firsts, units]]
            return
        asked = [keys, firsts, *([units] if self._few else [])]
        self.branches.append(_CELLS.format(units="AND unit_id = ANY(%s::bigint[])" if self._few else ""))
        self._params += [firsts, late, current, *asked, *asked]

    def add_months(self, key: str, members: QuerySet, result: str | None, span: _Span) -> None:
        found = self._members(members, [ON, UNIT, *([result] if result else [])], joined=True)
        if found is None:
            return
        sql, params = found
        late = f"b.{_quoted(ON)} >= %s" if span.late_from else "FALSE"
        counted = "count(*)" if span.current else "0::bigint"
        self.branches.append(
            f"SELECT '{key}'::text AS indicator, b.{_quoted(UNIT)} AS unit, {MONTH.format(f'b.{_quoted(ON)}')} AS first, "
            f"{late} AS late, {_told(result)} AS result, count(*) AS members, {counted} AS current "
            f"FROM ({sql}) b GROUP BY 2, 3, 4, 5"
        )
        self._params += [*([span.late_from] if span.late_from else []), *params]

    def _ask_states(self, indicator: Indicator) -> None:
        """What holds on each month's last day, and on the same day of the year before: one reading for all of them."""
        ends = [end.last_day for each in self.period.months() if (end := each.up_to(self.period.last_day))]
        days = [*ends, *([self._same_day] if self.wanted.last_year else [])]
        state = cast(State, indicator.state)
        rows = self.reach.narrow(state.rows()) if self._few else state.rows()
        counts = {f"n{at}": Count("pk", filter=state.holds(day)) for at, day in enumerate(days)}
        found = _compiled(rows.order_by().values(UNIT).annotate(**counts))
        if found is None:
            return
        sql, params = found
        told = ", ".join(
            f"(%s::date, b.n{at}, {f'b.n{at}' if day == self.period.last_day else '0::bigint'})"
            for at, day in enumerate(days)
        )
        self.branches.append(
            f"SELECT '{indicator.key}'::text AS indicator, b.{_quoted(UNIT)} AS unit, {MONTH.format('d.day')} AS first, FALSE AS late, "
            f"NULL::text AS result, d.members, d.current FROM ({sql}) b "
            f"CROSS JOIN LATERAL (VALUES {told}) AS d(day, members, current) WHERE d.members > 0"
        )
        self._params += [*params, *days]

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

    def _tell_facilities(self, key: str, members: QuerySet, result: str | None) -> None:
        found = self._members(members, [FACILITY, *([result] if result else [])])
        if found is None:
            return
        sql, params = found
        self._apart.append(
            f"SELECT '{key}', '{FACILITY}', f.id::text, NULL::date, FALSE, g.result, g.n, g.n, f.code, f.name FROM ("
            f"SELECT b.{_quoted(FACILITY)} AS place, {_told(result)} AS result, count(*) AS n FROM ({sql}) b GROUP BY 1, 2"
            f") g JOIN {Facility._meta.db_table} f ON f.id = g.place"
        )
        self._apart_params += params

    @property
    def _few(self) -> bool:
        return self.reach.facility is not None or len(self.reach.parts) <= FEW

    def _members(
        self, members: QuerySet, columns: Iterable[str], *, joined: bool = False
    ) -> tuple[str, list[Any]] | None:
        """The definition's query with these columns; None where nothing can match. `joined`: the parts are joined to it, so
        that many units need not be named one by one."""
        if self._few:
            return _compiled(self.reach.narrow(members).order_by().values_list(*columns))
        found = _compiled(members.order_by().values_list(*dict.fromkeys([*columns, UNIT])))
        if found is None or joined:
            return found
        sql, params = found
        return f"SELECT * FROM ({sql}) a WHERE a.{_quoted(UNIT)} = ANY(%s::bigint[])", [*params, list(self.reach.parts)]

    @property
    def sql(self) -> str:
        by_unit = self.reach.facility is None
        part = "t.part" if by_unit else "0::bigint"
        join = "JOIN unnest(%s::bigint[], %s::bigint[]) AS t(unit, part) ON t.unit = b.unit" if by_unit else ""
        columns = "indicator, unit, first, late, result, members, current"
        months = (
            f"SELECT b.indicator, '{PART}', {part}::text, b.first, b.late, b.result, sum(b.members), sum(b.current), "
            f"NULL, NULL FROM ({' UNION ALL '.join(self.branches)}) b({columns}) {join} GROUP BY 1, {part}, 4, 5, 6"
        )
        return " UNION ALL ".join([months, *self._apart])

    @property
    def params(self) -> list[Any]:
        """In the order of the statement: the branches, the parts, what is told apart."""
        parts = [] if self.reach.facility is not None else [list(self.reach.parts), list(self.reach.parts.values())]
        return [*self._params, *parts, *self._apart_params]


def _compiled(rows: QuerySet) -> tuple[str, list[Any]] | None:
    try:
        sql, params = rows.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None
    return sql, list(params)


def _told(result: str | None) -> str:
    return f"b.{_quoted(result)}::text" if result else "NULL::text"


def _quoted(column: str) -> str:
    return f'"{column}"'


def _group(row: tuple[Any, ...]) -> Group:
    indicator, dimension, value, first, late, result, members, current, code, name = row
    place = (code, name) if code else None
    key = int(value) if dimension in (PART, FACILITY) else value
    return Group(indicator, dimension, key, first, late, result, int(members), int(current), place)
