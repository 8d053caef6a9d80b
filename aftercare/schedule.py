"""When follow-ups are due. Pure."""

import calendar
from datetime import date

# Settings that stand for unverified facts; declared in panels.py.
WINDOW_MONTHS = "aftercare.window_months"
OUTCOMES_WITH_PLAN = "aftercare.outcomes"
RELAPSE_TOLERANCE = "figures.relapse_tolerance_days"
# What follows both settings of the window.
FOLLOW_SETTINGS = "aftercare.follow_settings"


def months_later(day: date, months: int) -> date:
    """The same day that many months later, cut to the end of a shorter month: 31 August + 6 is the last of February."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def due_dates(starts_on: date, months: int) -> list[date]:
    """One a month; the last is exactly the end of the window."""
    return [months_later(starts_on, month) for month in range(1, months + 1)]
