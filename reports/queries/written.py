"""The tally of what a run wrote down: its members and counts, grouped as the live statement groups the source tables."""

from collections.abc import Iterator
from datetime import date

from django.db import connection

from rehab.periods import Period
from reports.indicators import COUNTED, Rules
from reports.models import ReportRun, RunCount, RunMember
from reports.queries.counting import PART, RESULTS, Group, Reach, Wanted, year_earlier
from reports.queries.figures import Counting
from reports.queries.tally import Tally, tallied

_RESULT = " ".join(
    f"WHEN '{each.key}' THEN COALESCE(\"values\" ->> '{each.result}', '')" for each in COUNTED if each.result
)
# Members are grouped with all their breakdowns together first; that small table is then read for each of them.
_MONTHS = f"""
WITH part AS (SELECT * FROM unnest(%(units)s::bigint[], %(parts)s::bigint[]) AS t(unit, part))
SELECT indicator, part, date_trunc('month', counted_on::timestamp)::date, FALSE, CASE indicator {_RESULT} END, count(*), count(*)
FROM {RunMember._meta.db_table} JOIN part ON part.unit = unit_id
WHERE run_id = %(run)s AND unit_id = ANY(%(units)s) AND counted_on >= %(start)s AND counted_on < %(end)s
GROUP BY 1, 2, 3, 5
UNION ALL
SELECT indicator, part, first, late, result, sum(members), 0
FROM {RunCount._meta.db_table} JOIN part ON part.unit = unit_id
WHERE run_id = %(run)s AND unit_id = ANY(%(units)s) AND first >= %(since)s AND first < %(end)s
GROUP BY 1, 2, 3, 4, 5
"""
_BREAKDOWNS = f"""
WITH together AS (
    SELECT indicator, "values" - %(apart)s AS told, count(*) AS n FROM {RunMember._meta.db_table}
    WHERE run_id = %(run)s AND unit_id = ANY(%(units)s) AND counted_on >= %(start)s AND counted_on < %(end)s
    GROUP BY 1, 2)
SELECT indicator, each.key, COALESCE(each.value, ''), sum(n)
FROM together CROSS JOIN LATERAL jsonb_each_text(told) AS each GROUP BY 1, 2, 3
"""
_APART = ["unit", *RESULTS]


def written(run: ReportRun) -> Counting:
    """What `reports.queries.figures.figures` counts with, instead of the live rows. Two queries; the rules are those by
    which the run was cut."""

    def counting(period: Period, reach: Reach, rules: Rules, wanted: Wanted) -> Tally:
        return tallied(_groups(run, period, reach, wanted))

    return counting


def _groups(run: ReportRun, period: Period, reach: Reach, wanted: Wanted) -> Iterator[Group]:
    asked: dict[str, int | list[int] | list[str] | date | str | None] = {
        "run": run.pk,
        "units": list(reach.parts),
        "parts": list(reach.parts.values()),
        "start": period.start,
        "end": period.end,
        "since": _since(period, wanted),
        "apart": _APART,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, asked)
        for indicator, part, first, late, result, members, current in cursor.fetchall():
            yield Group(indicator, PART, part, first, late, result, int(members), int(current))
        if wanted.breakdowns:
            cursor.execute(_BREAKDOWNS, asked)
            for indicator, column, value, members in cursor.fetchall():
                yield Group(indicator, column, value, None, False, None, int(members), int(members))


def _since(period: Period, wanted: Wanted) -> date:
    """The first month of which counts without members are told; those of the year before only where they are wanted."""
    if wanted.last_year:
        return year_earlier(period.start).replace(day=1)
    return max(period.start.replace(day=1), date(period.last_day.year, 1, 1))
