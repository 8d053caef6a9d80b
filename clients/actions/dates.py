"""Dates that no step on the way may leave: local dates of the facility, never ahead of its clock."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from facilities.models import Facility
from rehab.errors import Refused

EARLIEST = date(2000, 1, 1)


def check_registered_on(facility: Facility, opened_on: date) -> None:
    """Raises Refused for a date in the future of the facility, before 2000, or when the facility was not open."""
    check_not_ahead(facility, opened_on, "opened_on")
    if opened_on < EARLIEST:
        raise Refused(_("Titian takes registrations from the year 2000 on."), field="opened_on")
    check_open(facility, opened_on, "opened_on")


def check_not_ahead(facility: Facility, day: date, field: str) -> None:
    if day > facility.local_date():
        raise Refused(_("This date has not come yet at the facility."), field=field)


def check_open(facility: Facility, day: date, field: str) -> None:
    if facility.closed_on and facility.closed_on <= day:
        raise Refused(_("The facility was closed by then."), field=field)
