"""What comes round each month while a treatment runs: urine tests and BAM, up to date for most, due for a few."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import cast
from zoneinfo import ZoneInfo

from django.utils import timezone

from assessments.enums import AssessmentStatus, CustodyStep, UrineStatus
from assessments.instruments import registry
from assessments.instruments.framework import Item, Kind
from assessments.models import Assessment, AssessmentScore
from assessments.models.urine import CustodyEntry, UrineTest
from clients.enums import Substance
from clients.models import Treatment
from rehab.models import User
from reports.invented.pools import Pool

BAM = registry.get("bam")
QUESTIONS = [item for section in BAM.sections for item in section.items if item.kind == Kind.CHOICE]
PROTECTING = {"q9", "q10", "q12", "q13", "q14", "q16"}
EVERY = timedelta(days=28)
FIRST_URINE, FIRST_BAM = timedelta(days=14), timedelta(days=24)
# Of those of a facility who are there for longer than a month, one of so many has let the last one slip.
SLIPPED = 6
MONTH = timedelta(days=32)
STRIP_OF: dict[str, str] = {
    Substance.STIMULANTS: "met",
    Substance.CANNABIS: "thc",
    Substance.OPIOIDS: "mop",
    Substance.SEDATIVES: "bzo",
}
STRIPS = ("amp", "met", "thc", "bzo", "mop")


def monthly(random: Random, today: date, *, by: User) -> None:
    """For everybody in treatment, wherever. Comes after the draw of the day: its cups are the first of their facility."""
    held = list(Treatment.objects.open().exclude(started_on=None).select_related("facility__region").order_by("pk"))
    tests, measures, pool = [], [], Pool(BAM)
    longer: Counter[int] = Counter()
    for treatment in held:
        began = cast(date, treatment.started_on)
        number = longer[treatment.facility_id] if began + MONTH < today else -1
        longer[treatment.facility_id] += number >= 0
        tests += [
            _cup(random, treatment, day)
            for day in _days(began + FIRST_URINE, today, slipped=number >= 0 and number % SLIPPED == 1)
        ]
        measures += [
            _measure(random, pool, treatment, day, turn, by)
            for turn, day in enumerate(_days(began + FIRST_BAM, today, slipped=number >= 0 and number % SLIPPED == 3))
        ]
    UrineTest.objects.bulk_create(tests, batch_size=1000)
    CustodyEntry.objects.bulk_create([entry for test in tests for entry in _custody(test, by)], batch_size=1000)
    Assessment.objects.bulk_create([row for row, _ in measures], batch_size=1000)
    AssessmentScore.objects.bulk_create([score for _, scores in measures for score in scores], batch_size=1000)


def _days(first: date, today: date, *, slipped: bool) -> list[date]:
    """Every four weeks before today."""
    days = [first + EVERY * turn for turn in range((today - first).days // EVERY.days + 1)] if first <= today else []
    days = [day for day in days if day < today]
    return days[:-1] if slipped else days


def _cup(random: Random, treatment: Treatment, day: date) -> UrineTest:
    """Read minutes after it was given; early in the treatment the main substance may still be found."""
    strip = STRIP_OF.get(treatment.main_substance)
    found = strip if random.random() < (0.35 if day < cast(date, treatment.started_on) + EVERY else 0.08) else None
    given = datetime.combine(day, time(9, random.randrange(60)), ZoneInfo(treatment.facility.zone))
    return UrineTest(
        client_id=treatment.client_id,
        treatment=treatment,
        facility=treatment.facility,
        status=UrineStatus.READ,
        wanted_on=day,
        observed=random.random() < 0.3,
        collected_at=given,
        read_at=given + timedelta(minutes=6),
        **{name: "positive" if name == found else "negative" for name in STRIPS},
    )


def _custody(test: UrineTest, by: User) -> Iterator[CustodyEntry]:
    steps = ((CustodyStep.COLLECTED, test.collected_at), (CustodyStep.READ, test.read_at))
    for number, (step, at) in enumerate(steps, start=1):
        yield CustodyEntry(test=test, number=number, step=step, at=cast(datetime, at), by=by)


def _measure(
    random: Random, pool: Pool, treatment: Treatment, day: date, turn: int, by: User
) -> tuple[Assessment, list[AssessmentScore]]:
    """Month by month a little better, for most."""
    level = 2.2 - 0.5 * min(turn, 3)
    answers, result = pool.draw(random, level, lambda: {item.code: _answer(random, item, level) for item in QUESTIONS})
    done = min(datetime.combine(day, time(11), ZoneInfo(treatment.facility.zone)), timezone.now())
    row = Assessment(
        client_id=treatment.client_id,
        episode_id=treatment.episode_id,
        facility=treatment.facility,
        instrument=BAM.key,
        version=BAM.version,
        status=AssessmentStatus.COMPLETED,
        answers=answers,
        rules=result.options,
        administered_on=day,
        completed_at=done,
        completed_by=by,
        started_by=by,
    )
    return row, [
        AssessmentScore(assessment=row, scale=scale, value=score.value, band=score.band or "")
        for scale, score in result.scores.items()
    ]


def _answer(random: Random, item: Item, level: float) -> object:
    """Around the level; what protects is the other way round."""
    drawn = random.gauss(4 - level if item.code in PROTECTING else level, 0.5)
    return min((choice.code for choice in item.choices), key=lambda code: abs(float(code) - drawn))
