"""What the clock must do for reports: which to ask for, and which runs and reports wait for a worker."""

from collections import defaultdict
from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from facilities.enums import UnitKind
from facilities.models import Unit
from rehab import tunables
from rehab.periods import Kind, Period, containing
from reports.enums import FigureScope, ReportStatus, RunStatus
from reports.models import Report, ReportRun

DUE_FOR, WEEKLY = "reports.due_for_days", "reports.weekly"
UNFINISHED = (ReportStatus.ASKED, ReportStatus.BUILDING)

# A unit's periods since it uses Titian, due from 06.00 of the day after their end, on its own clocks and on those of BNN:
# all units of a period are counted at one moment. The newest first; what ended long ago is left to people.
_DUE = f"""
SELECT k.kind, p.starts::date, u.id
FROM {Unit._meta.db_table} u
LEFT JOIN LATERAL (SELECT zone FROM {Unit._meta.db_table} WHERE kind = '{UnitKind.BNN}' ORDER BY id LIMIT 1) top ON TRUE
CROSS JOIN LATERAL (SELECT LEAST(now() AT TIME ZONE u.zone, now() AT TIME ZONE top.zone)) AS t(local)
CROSS JOIN (VALUES ('week', interval '7 days', 'week'), ('month', interval '1 month', 'year'),
                   ('quarter', interval '3 months', 'year'), ('semester', interval '6 months', 'year'),
                   ('year', interval '1 year', 'year')) AS k(kind, length, unit)
CROSS JOIN LATERAL generate_series(date_trunc(k.unit, u.activated_on::timestamp), t.local, k.length) AS p(starts)
WHERE u.activated_on IS NOT NULL
  AND k.kind = ANY(%s)
  AND p.starts + k.length > u.activated_on
  AND p.starts + k.length > u.starts_on
  AND (u.ends_on IS NULL OR p.starts < u.ends_on)
  AND p.starts + k.length + interval '6 hours' <= t.local
  AND p.starts + k.length >= t.local - make_interval(days => %s)
  AND NOT EXISTS (SELECT FROM {Report._meta.db_table} r
                  WHERE r.unit_id = u.id AND r.kind = k.kind AND r.starts_on = p.starts::date)
ORDER BY p.starts + k.length DESC, k.length, u.id
"""


def due_reports() -> dict[Period, list[int]]:
    """By finished period the units, active in it, that have no report of it; the newest period first. Two queries."""
    chosen = tunables.values(DUE_FOR, WEEKLY)
    kinds = [kind.value for kind in Kind if kind is not Kind.WEEK or chosen[WEEKLY]]
    found: dict[Period, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [kinds, int(chosen[DUE_FOR])])
        for kind, starts, unit in cursor.fetchall():
            found[_period(kind, starts)].append(unit)
    return dict(found)


def _period(kind: str, starts: date) -> Period:
    return containing(Kind(kind), starts)


def waiting_runs() -> QuerySet[ReportRun]:
    """Runs to be cut, or whose cutting may have died."""
    return ReportRun.objects.filter(status__in=[RunStatus.ASKED, RunStatus.CUTTING])


def waiting_reports() -> QuerySet[Report]:
    """Reports to be built, or whose building may have died: their run is cut, and a tree's parts are finished."""
    unfinished = Report.objects.filter(run=OuterRef("run"), scope=FigureScope.OWN, status__in=UNFINISHED)
    ready = ~Q(scope=FigureScope.TREE) | ~Exists(unfinished)
    return Report.objects.filter(ready, status__in=UNFINISHED, run__status=RunStatus.CUT)
