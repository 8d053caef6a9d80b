"""Targets in force, and how much of them was to be reached by a day."""

from calendar import isleap, monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from facilities.models import Unit
from reports.enums import FigureScope
from reports.indicators import Indicator
from reports.models import TargetRevision


@dataclass(frozen=True)
class TargetInForce:
    """The year's target as of a day; `months` is its split, or empty."""

    scope: FigureScope
    year: int
    value: Decimal
    months: tuple[Decimal, ...] = ()

    def of_month(self, month: int) -> Decimal:
        """The month's part: its own, or that of its days in the year."""
        if self.months:
            return self.months[month - 1]
        return self.value * monthrange(self.year, month)[1] / days_in(self.year)

    def until(self, day: date) -> Decimal:
        """What was to be reached by the end of `day`: the months' targets, the current month pro rata by its days.

        Without a monthly split, the year's target by days.
        """
        if day.year < self.year:
            return Decimal(0)
        if day.year > self.year or (day.month, day.day) == (12, 31):
            return self.value
        if not self.months:
            return self.value * day.timetuple().tm_yday / days_in(self.year)
        current = self.months[day.month - 1] * day.day / monthrange(day.year, day.month)[1]
        return sum(self.months[: day.month - 1], Decimal(0)) + current


def days_in(year: int) -> int:
    return 366 if isleap(year) else 365


def expected(indicator: Indicator, target: TargetInForce | None, start: date, day: date) -> Decimal | None:
    """What was to be reached from `start` to `day`. A percentage, an index or a state is expected whole from the first day."""
    if target is None:
        return None
    if not indicator.adds_up:
        return target.value
    return target.until(day) - target.until(start - timedelta(days=1))


def targets_in_force(units: Iterable[int], year: int, on: date) -> dict[tuple[int, str], TargetInForce]:
    """By unit and indicator: the latest revision that holds on that day. One query."""
    revisions = TargetRevision.objects.filter(
        target__unit__in=list(units), target__year=year, in_force_on__lte=on
    ).order_by("in_force_on", "id")
    return {
        (unit, indicator): TargetInForce(FigureScope(scope), year, value, tuple(months))
        for unit, indicator, scope, value, months in revisions.values_list(
            "target__unit_id", "target__indicator", "target__scope", "value", "months"
        )
    }


def revisions_of(unit: Unit, year: int, indicator: str = "") -> list[TargetRevision]:
    """All revisions with their target and who made them, in the order in which they come into force. One query."""
    found = TargetRevision.objects.filter(target__unit=unit, target__year=year)
    if indicator:
        found = found.filter(target__indicator=indicator)
    return list(found.select_related("target", "made_by").order_by("in_force_on", "id"))


def first_day(unit: Unit, year: int, in_force: Iterable[date]) -> date:
    """The day proposed for a new value: January 1 for the first; then today, never before what is in force already."""
    latest = max(in_force, default=None)
    if latest is None:
        return date(year, 1, 1)
    today = unit.local_date()
    return max(latest, today) if today.year == year else latest
