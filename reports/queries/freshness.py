"""How fresh and how whole the records of each facility are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from aftercare.models import AftercarePlan, FollowUp
from assessments.enums import AssessmentStatus
from assessments.models import Assessment
from clients.enums import EpisodeStatus
from clients.models import Episode, Treatment
from rehab.periods import Period

# Follow-ups carry no facility: they are read by the day they were done on, no further back than this, of plans that run or
# ended since.
FOLLOW_UPS_BACK = timedelta(days=60)


@dataclass(frozen=True)
class Freshness:
    """One facility. The last days are of what happened, not of when it was typed; None where there was none (of follow-ups:
    none in sixty days). `uncounted`: treatments started in the period that do not count yet."""

    registered: date | None = None
    assessed: date | None = None
    started: date | None = None
    followed_up: date | None = None
    open: int = 0
    with_facts: int = 0
    overdue: int = 0
    uncounted: int = 0

    @property
    def last(self) -> date | None:
        return max(filter(None, (self.registered, self.assessed, self.started, self.followed_up)), default=None)

    @property
    def without_facts(self) -> int:
        return self.open - self.with_facts


_SQL = f"""
    WITH wanted AS (SELECT unnest(%(facilities)s::bigint[]) AS id),
    open AS (
        SELECT responsible_facility_id AS id, count(*) AS n, count(facts_on) AS facts
        FROM {Episode._meta.db_table}
        WHERE status <> '{EpisodeStatus.CLOSED}' AND responsible_facility_id = ANY(%(facilities)s) GROUP BY 1
    ), care AS NOT MATERIALIZED (
        SELECT id, facility_id, TRUE AS running FROM {AftercarePlan._meta.db_table}
        WHERE ended_on IS NULL AND facility_id = ANY(%(facilities)s)
        UNION ALL SELECT id, facility_id, FALSE FROM {AftercarePlan._meta.db_table}
        WHERE ended_on >= %(back)s AND facility_id = ANY(%(facilities)s)
    ), followed AS (
        SELECT p.facility_id AS id, max(u.done_on) AS done_on
        FROM {FollowUp._meta.db_table} u JOIN care p ON p.id = u.plan_id
        WHERE u.done_on >= %(back)s AND u.done_on <= %(on)s GROUP BY 1
    ), overdue AS (
        SELECT p.facility_id AS id, count(*) AS n
        FROM care p JOIN {FollowUp._meta.db_table} u ON u.plan_id = p.id
        WHERE p.running AND u.done_on IS NULL AND u.due_on < %(on)s GROUP BY 1
    ), uncounted AS (
        SELECT facility_id AS id, count(*) AS n FROM {Treatment._meta.db_table}
        WHERE counted_on IS NULL AND started_on >= %(start)s AND started_on < %(end)s
          AND facility_id = ANY(%(facilities)s) GROUP BY 1
    )
    SELECT w.id,
        (SELECT max(opened_on) FROM {Episode._meta.db_table} WHERE responsible_facility_id = w.id),
        (SELECT max(administered_on) FROM {Assessment._meta.db_table}
         WHERE facility_id = w.id AND status = '{AssessmentStatus.COMPLETED}'),
        (SELECT max(started_on) FROM {Treatment._meta.db_table} WHERE facility_id = w.id AND started_on IS NOT NULL),
        followed.done_on, COALESCE(open.n, 0), COALESCE(open.facts, 0), COALESCE(overdue.n, 0), COALESCE(uncounted.n, 0)
    FROM wanted w LEFT JOIN open USING (id) LEFT JOIN followed USING (id) LEFT JOIN overdue USING (id)
        LEFT JOIN uncounted USING (id)
"""


def freshness(facilities: Iterable[int], period: Period, on: date) -> dict[int, Freshness]:
    """By facility, as things stand on `on`; treatments that do not count are those of the period. One query."""
    values: dict[str, Any] = {
        "facilities": list(facilities),
        "on": on,
        "back": on - FOLLOW_UPS_BACK,
        "start": period.start,
        "end": period.end,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        return {row[0]: Freshness(*row[1:]) for row in cursor.fetchall()}
