"""Quality of life of invented clients before and after their treatment, and the alerts that their answers raised."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import cast
from zoneinfo import ZoneInfo

from django.utils import timezone

from assessments.enums import AlertMeasure, AssessmentStatus
from assessments.instruments import registry
from assessments.models import Assessment, AssessmentScore, SafetyAlert
from clients.models import Treatment
from rehab.models import User
from reports.invented.pools import Pool

WHOQOL = registry.get("whoqol_bref")
REVERSED = {3, 4, 26}
# How many completed treatments in ten were measured twice, and how many of those ended better.
MEASURED, BETTER = 0.7, 0.75
# Alerts of the last days wait for an answer; the older ones have theirs.
WAITING_DAYS = 6


def life(random: Random, pool: Pool, treatment: Treatment, *, by: User) -> Iterator[Assessment | AssessmentScore]:
    """The two measures of a completed treatment, or none. `pool` is one of WHOQOL."""
    if random.random() > MEASURED:
        return
    better = random.random() < BETTER
    for on, level in ((treatment.started_on, 2.6), (treatment.ended_on, 3.5 if better else 2.4)):
        yield from _measure(random, pool, treatment, cast(date, on), level, by)


def _answers(random: Random, level: float) -> dict[str, int]:
    said = {n: min(5, max(1, round(random.gauss(level, 0.8)))) for n in range(1, 27)}
    return {f"q{n}": 6 - value if n in REVERSED else value for n, value in said.items()}


def _measure(
    random: Random, pool: Pool, treatment: Treatment, on: date, level: float, by: User
) -> Iterator[Assessment | AssessmentScore]:
    answers, result = pool.draw(random, level, lambda: _answers(random, level))
    row = Assessment(
        client=treatment.client,
        episode=treatment.episode,
        facility=treatment.facility,
        instrument=WHOQOL.key,
        version=WHOQOL.version,
        status=AssessmentStatus.COMPLETED,
        answers=answers,
        administered_on=on,
        completed_at=min(datetime.combine(on, time(10), ZoneInfo(treatment.facility.zone)), timezone.now()),
        completed_by=by,
        started_by=by,
    )
    yield row
    for scale, score in result.scores.items():
        yield AssessmentScore(assessment=row, scale=scale, value=score.value, band="")


def alerts(row: Assessment, done: datetime, *, by: User, open_way: bool) -> Iterator[SafetyAlert]:
    """What the answers of an assessment raised: open in its first days, answered the day after else."""
    for code in row.alerts:
        alert = SafetyAlert(
            assessment=row, client=row.client, facility=row.facility, code=code, raised_at=done, raised_by=by
        )
        if not open_way or done < timezone.now() - timedelta(days=WAITING_DAYS):
            alert.answered_by, alert.answered_at = by, min(done + timedelta(days=1), timezone.now())
            alert.measure, alert.note = AlertMeasure.HEALTH, "Risiko menyuntik dibicarakan; klien diberi kartu."
        yield alert
