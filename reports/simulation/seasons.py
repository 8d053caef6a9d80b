"""When people come: more from year to year, fewer in December, in the years of the pandemic and at weekends."""

from bisect import bisect_right
from datetime import date, timedelta
from itertools import accumulate

GROWTH = 1.06
PANDEMIC = {2020: 0.7, 2021: 0.85}
MONTHS = (0.94, 0.97, 1.06, 1.0, 0.97, 1.0, 1.05, 1.06, 1.05, 1.05, 1.02, 0.83)
WEEKEND = 0.25


class Seasons:
    """The days from `since` up to and with `today`, weighted; `day(share)` is the day by which that share has come."""

    def __init__(self, since: date, today: date):
        self.first = since.toordinal()
        days = (since + timedelta(days=number) for number in range((today - since).days + 1))
        self._reached = list(accumulate(_weight(day, since.year) for day in days))

    def day(self, share: float) -> int:
        """The ordinal of the day; `share` in [0, 1)."""
        place = bisect_right(self._reached, share * self._reached[-1])
        return self.first + min(place, len(self._reached) - 1)

    def share_since(self, day: int) -> float:
        """Which part of all comes from the ordinal `day` on."""
        before = max(0, day - self.first)
        return 1 - (self._reached[before - 1] / self._reached[-1] if before else 0.0)


def _weight(day: date, first_year: int) -> float:
    year = GROWTH ** (day.year - first_year) * PANDEMIC.get(day.year, 1.0)
    return year * MONTHS[day.month - 1] * (WEEKEND if day.weekday() > 4 else 1.0)


def split(value: int) -> list[int]:
    """A year's target over its months by the season; the months add up to it exactly."""
    exact = [value * weight / sum(MONTHS) for weight in MONTHS]
    months = [int(part) for part in exact]
    largest = sorted(range(12), key=lambda month: (months[month] - exact[month], month))
    for month in largest[: value - sum(months)]:
        months[month] += 1
    return months
