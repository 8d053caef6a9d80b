"""Decrees by which a facility receives mandatory reports."""

from datetime import date

from django.utils.translation import gettext as _

from facilities.actions.checks import believable, clean, ordered, reason_given
from facilities.models import Facility, IpwlDesignation
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@action
def add(
    *,
    by: User | None,
    facility: Facility,
    decree_number: str,
    decree_date: date,
    starts_on: date,
    ends_on: date | None = None,
) -> IpwlDesignation:
    believable(decree_date, "decree_date", today=facility.local_date())
    believable(starts_on, "starts_on")
    believable(ends_on, "ends_on")
    ordered(starts_on, ends_on, "ends_on")
    decree = IpwlDesignation(
        facility=facility,
        decree_number=decree_number.strip(),
        decree_date=decree_date,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    clean(decree, ["decree_number"])
    decree.save()
    audit.record("ipwl.added", by=by, subject=decree, data={"facility": facility.code, "decree": decree.decree_number})
    return decree


@action
def end(*, by: User, designation: IpwlDesignation, ends_on: date, reason: str) -> IpwlDesignation:
    """The decree no longer holds from `ends_on` on (withdrawn, replaced)."""
    reason = reason_given(reason)
    decree = IpwlDesignation.objects.select_for_update().get(pk=designation.pk)
    believable(ends_on, "ends_on")
    ordered(decree.starts_on, ends_on, "ends_on")
    if decree.ends_on and ends_on > decree.ends_on:
        raise Refused(_("This decree ends earlier already; a longer term needs a new decree."), field="ends_on")
    decree.ends_on = ends_on
    decree.save(update_fields=["ends_on"])
    audit.record("ipwl.ended", by=by, subject=decree, reason=reason, data={"ends_on": ends_on.isoformat()})
    return decree
