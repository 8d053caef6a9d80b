"""The clock of a TAT case."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from assessments.enums import TatStatus
from assessments.models import TatCase

TAT_DAYS = "assessments.tat_days"


def tat_deadline(case: TatCase, days: int) -> datetime:
    """The end of the last day for the conclusion, on the clocks of the unit: calendar days after receipt."""
    last = case.received_on + timedelta(days=days)
    return datetime.combine(last + timedelta(days=1), time(), ZoneInfo(case.unit.zone))


@dataclass(frozen=True)
class Clock:
    """What is left of a case's time: `left` is below zero when it is over; `taken` days once the letter is out."""

    deadline: datetime
    last_day: date
    left: timedelta
    running: bool
    taken: int | None

    @property
    def late(self) -> bool:
        return self.running and self.left < timedelta(0)

    @property
    def short(self) -> bool:
        return self.running and timedelta(0) <= self.left < timedelta(days=2)

    @property
    def days(self) -> int:
        return abs(self.left).days

    @property
    def hours(self) -> int:
        return abs(self.left).seconds // 3600


def tat_clock(case: TatCase, days: int, now: datetime | None = None) -> Clock:
    deadline = tat_deadline(case, days)
    return Clock(
        deadline=deadline,
        last_day=case.received_on + timedelta(days=days),
        left=deadline - (now or timezone.now()),
        running=case.status == TatStatus.SUBMITTED,
        taken=(case.letter_on - case.received_on).days if case.letter_on else None,
    )
