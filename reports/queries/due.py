"""Which reports the clock must ask for: every finished period of an active unit that has no report yet."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from facilities.models import Unit
from rehab.periods import Kind, Period, containing
from reports.models import Report

# A unit's periods since it uses Titian, due from 06.00 of its own clocks on the day after their end; the newest first.
_DUE = f"""
SELECT u.id, k.kind, p.starts::date
FROM {Unit._meta.db_table} u
CROSS JOIN (VALUES ('month', interval '1 month'), ('quarter', interval '3 months'),
                   ('semester', interval '6 months'), ('year', interval '1 year')) AS k(kind, length)
CROSS JOIN LATERAL generate_series(date_trunc('year', u.activated_on::timestamp), now() AT TIME ZONE u.zone, k.length)
    AS p(starts)
WHERE u.activated_on IS NOT NULL
  AND p.starts + k.length > u.activated_on
  AND p.starts + k.length > u.starts_on
  AND (u.ends_on IS NULL OR p.starts < u.ends_on)
  AND p.starts + k.length + interval '6 hours' <= now() AT TIME ZONE u.zone
  AND NOT EXISTS (SELECT FROM {Report._meta.db_table} r
                  WHERE r.unit_id = u.id AND r.kind = k.kind AND r.starts_on = p.starts::date)
ORDER BY p.starts + k.length DESC, u.id, k.length
LIMIT %s
"""


@dataclass(frozen=True)
class Due:
    unit_id: int
    period: Period


def due_reports(most: int) -> list[Due]:
    """At most so many, the most recent first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [most])
        return [Due(unit, _period(kind, starts)) for unit, kind, starts in cursor.fetchall()]


def _period(kind: str, starts: date) -> Period:
    return containing(Kind(kind), starts)
