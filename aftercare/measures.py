"""What is measured once more before a treatment is closed: instruments that were used in its way and have no late measure."""

from dataclasses import dataclass
from datetime import date, timedelta

from assessments.enums import AssessmentStatus, UrineStatus
from assessments.models import Assessment, UrineTest
from assessments.queries import title_of
from clients.enums import Outcome
from clients.models import Treatment
from rehab import tunables

CLOSING_MEASURES = "aftercare.closing_measures"
# Whoever of these has gone cannot be asked any more.
GONE = frozenset({Outcome.DROP_OUT, Outcome.ABSCONDED, Outcome.DIED})
# How long before the closing a measure still tells of the end.
FRESH = timedelta(days=30)
MEASURABLE = ("whoqol_bref", "bam", "srq20")


@dataclass(frozen=True)
class Measure:
    """An instrument that is asked for. `since` is the latest measure; `is_begun`: a draft waits to be finished."""

    key: str
    title: str
    since: date
    is_begun: bool


def missing_measures(treatment: Treatment) -> list[Measure]:
    """Instruments with a first measure in the episode, and none that is both later than it and of the last days. Two queries."""
    wanted, today = tunables.value(CLOSING_MEASURES), treatment.facility.local_date()
    statuses = (AssessmentStatus.COMPLETED, AssessmentStatus.DRAFT)
    rows = Assessment.objects.filter(episode=treatment.episode_id, instrument__in=wanted, status__in=statuses)
    found: dict[str, list[Assessment]] = {}
    for row in rows.order_by("administered_on", "pk"):
        found.setdefault(row.instrument, []).append(row)
    missing = []
    for key in wanted:
        done = [row for row in found.get(key, ()) if row.status == AssessmentStatus.COMPLETED]
        again = len(done) > 1 and done[-1].administered_on > done[0].administered_on
        if done and not (again and done[-1].administered_on >= today - FRESH):
            begun = any(row.status == AssessmentStatus.DRAFT for row in found[key])
            missing.append(Measure(key, title_of(done[-1]), done[-1].administered_on, begun))
    return missing


def last_urine(treatment: Treatment) -> UrineTest | None:
    """The latest test that was read in this treatment; another one is optional."""
    return treatment.urine_tests.filter(status=UrineStatus.READ).order_by("-read_at").first()
