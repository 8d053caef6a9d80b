"""Half-open periods [start, end): week, month, quarter, semester, year, and what has passed of a year.

Codes: '2019', '2019-09', '2019-B09' (the quarter that ends with month 09), '2019-S1', '2019-W37' (ISO week). Quarters are
three months long; reports that cumulate from January take `to_date()` of the same period.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FIRST_YEAR, LAST_YEAR = 1900, 2999
_ROMAN = ("I", "II", "III", "IV")
_CODE = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<kind>[BSW]?)(?P<number>[0-9]{1,2}))?\Z")


class Kind(TextChoices):
    WEEK = "week", gettext_lazy("week")
    MONTH = "month", gettext_lazy("month")
    QUARTER = "quarter", gettext_lazy("quarter")
    SEMESTER = "semester", gettext_lazy("semester")
    YEAR = "year", gettext_lazy("year")
    SPAN = "span", gettext_lazy("several months")


_MONTHS_IN = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.SEMESTER: 6, Kind.YEAR: 12}


@dataclass(frozen=True, order=True)
class Period:
    """From `start` up to and without `end`, both local dates. Made by the functions below, not by hand."""

    start: date
    end: date
    kind: Kind

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError("a period ends after it starts")

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def year(self) -> int:
        """The year it belongs to; for a week the ISO year."""
        return self.start.isocalendar().year if self.kind is Kind.WEEK else self.start.year

    @property
    def code(self) -> str:
        last = self.last_day.month
        match self.kind:
            case Kind.WEEK:
                return f"{self.year:04}-W{self.start.isocalendar().week:02}"
            case Kind.MONTH:
                return f"{self.year:04}-{last:02}"
            case Kind.QUARTER:
                return f"{self.year:04}-B{last:02}"
            case Kind.SEMESTER:
                return f"{self.year:04}-S{last // 6}"
            case Kind.YEAR:
                return f"{self.year:04}"
        return f"{self.year:04}-{self.start.month:02}..{last:02}"

    @property
    def label(self) -> str:
        """Its name in the language of the page: 'September 2019', 'Triwulan III 2019 (B09)', 'Januari–September 2019'."""
        last = self.last_day.month
        match self.kind:
            case Kind.WEEK:
                return _("Week %(week)s of %(year)s") % {"week": self.start.isocalendar().week, "year": self.year}
            case Kind.MONTH:
                return f"{MONTHS[last]} {self.year}"
            case Kind.QUARTER:
                numbers = {"quarter": _ROMAN[last // 3 - 1], "year": self.year, "code": f"B{last:02}"}
                return _("Quarter %(quarter)s %(year)s (%(code)s)") % numbers
            case Kind.SEMESTER:
                return _("Semester %(semester)s %(year)s") % {"semester": _ROMAN[last // 6 - 1], "year": self.year}
            case Kind.YEAR:
                return _("Year %(year)s") % {"year": self.year}
        return f"{MONTHS[self.start.month]}–{MONTHS[last]} {self.year}"

    def contains(self, day: date) -> bool:
        return self.start <= day < self.end

    def months(self) -> list["Period"]:
        """The months it touches, in order."""
        found = [month(self.start.year, self.start.month)]
        while found[-1].end < self.end:
            found.append(found[-1].next())
        return found

    def next(self) -> "Period":
        return containing(self.kind, self.end)

    def previous(self) -> "Period":
        return containing(self.kind, self.start - timedelta(days=1))

    def up_to(self, day: date) -> "Period | None":
        """The part of it that lies before `day` or on it; itself when it is over by then, None when it has not begun."""
        if day < self.start:
            return None
        end = day + timedelta(days=1)
        return self if end >= self.end else Period(self.start, end, Kind.SPAN)

    def to_date(self) -> "Period":
        """From 1 January of its last day's year to its end: what a cumulative report covers."""
        return (
            january_to(self.last_day.year, self.last_day.month) if self.kind is not Kind.WEEK else _week_to_date(self)
        )

    def is_over(self, now: datetime, tz: tzinfo | str) -> bool:
        """Whether its last day has passed at the aware moment `now` on the clocks of the zone `tz`."""
        if now.tzinfo is None:
            raise ValueError("the moment needs a time zone")
        zone = ZoneInfo(tz) if isinstance(tz, str) else tz
        return now.astimezone(zone).date() >= self.end


def year(number: int) -> Period:
    return _months(Kind.YEAR, number, 1)


def semester(year_number: int, number: int) -> Period:
    return _months(Kind.SEMESTER, year_number, number)


def quarter(year_number: int, number: int) -> Period:
    """Quarter 1 to 4; quarter(2019, 3) has code 2019-B09."""
    return _months(Kind.QUARTER, year_number, number)


def month(year_number: int, number: int) -> Period:
    return _months(Kind.MONTH, year_number, number)


def week(year_number: int, number: int) -> Period:
    """ISO week, Monday to Sunday."""
    _check_year(year_number)
    start = date.fromisocalendar(year_number, number, 1)
    return Period(start, start + timedelta(days=7), Kind.WEEK)


def january_to(year_number: int, month_number: int) -> Period:
    """January to the month, that included; January alone is a month, the whole is the year."""
    last = month(year_number, month_number)
    if month_number == 1:
        return last
    return Period(date(year_number, 1, 1), last.end, Kind.YEAR if month_number == 12 else Kind.SPAN)


def containing(kind: Kind, day: date) -> Period:
    """The week, month, quarter, semester or year that a day lies in."""
    if kind == Kind.WEEK:
        iso = day.isocalendar()
        return week(iso.year, iso.week)
    if kind not in _MONTHS_IN:
        raise ValueError("several months have no next and no previous")
    return _months(Kind(kind), day.year, (day.month - 1) // _MONTHS_IN[Kind(kind)] + 1)


def parse(code: str) -> Period:
    """The period of a code as in the module's docstring. Raises ValueError that names the code."""
    found = _CODE.match(code.strip().upper())
    try:
        if not found:
            raise ValueError
        year_number = int(found["year"])
        if found["number"] is None:
            return year(year_number)
        return _BY_LETTER[found["kind"]](year_number, int(found["number"]))
    except ValueError as error:
        raise ValueError(_("Not a period: %(code)s") % {"code": code}) from error


def _check_year(number: int) -> None:
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise ValueError(f"year out of range: {number}")


def _months(kind: Kind, year_number: int, number: int) -> Period:
    _check_year(year_number)
    length = _MONTHS_IN[kind]
    if not 1 <= number <= 12 // length:
        raise ValueError(f"no {kind.value} {number}")
    last = number * length
    end = date(year_number + last // 12, last % 12 + 1, 1)
    return Period(date(year_number, last - length + 1, 1), end, kind)


def _quarter_ending(year_number: int, last_month: int) -> Period:
    if last_month % 3:
        raise ValueError(f"no quarter ends with month {last_month}")
    return quarter(year_number, last_month // 3)


def _week_to_date(period: Period) -> Period:
    return Period(date(period.last_day.year, 1, 1), period.end, Kind.SPAN)


_BY_LETTER: dict[str, Callable[[int, int], Period]] = {"": month, "B": _quarter_ending, "S": semester, "W": week}
