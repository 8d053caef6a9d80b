"""How many places a facility has, by kind and from a day on."""

from datetime import date

from django.utils.translation import gettext as _

from facilities.actions.checks import believable, clean, ordered
from facilities.models import Capacity, Facility
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User

MOST = 10_000


@action
def set_places(
    *, by: User | None, facility: Facility, kind: str, places: int, starts_on: date, ends_on: date | None = None
) -> Capacity:
    """`places` of a kind from `starts_on` on: what held until then ends there; on the same day it is replaced.

    Raises Refused where it would run into a capacity that begins later.
    """
    Facility.objects.select_for_update().get(pk=facility.pk)
    believable(starts_on, "starts_on")
    believable(ends_on, "ends_on")
    ordered(starts_on, ends_on, "ends_on")
    if not 0 <= places <= MOST:
        raise Refused(_("A capacity is a whole number from 0 to 10.000."), field="places")
    rows = facility.capacities.filter(kind=kind)
    _no_later(rows, starts_on, ends_on)
    rows.filter(starts_on=starts_on).delete()
    for row in rows.filter(starts_on__lt=starts_on).exclude(ends_on__lte=starts_on):
        row.ends_on = starts_on
        row.save(update_fields=["ends_on"])
    made = Capacity(facility=facility, kind=kind, places=places, starts_on=starts_on, ends_on=ends_on)
    clean(made, ["kind", "places"])
    made.save()
    data = {"facility": facility.code, "kind": str(kind), "places": places, "from": starts_on.isoformat()}
    audit.record("capacity.set", by=by, subject=made, data=data)
    return made


def _no_later(rows, starts_on: date, ends_on: date | None) -> None:
    later = rows.filter(starts_on__gt=starts_on).order_by("starts_on").first()
    if later and (ends_on is None or ends_on > later.starts_on):
        raise Refused(
            _("A capacity of this kind is recorded from %(day)s on. End this one by then, or choose a later day.")
            % {"day": f"{later.starts_on:%d-%m-%Y}"},
            field="ends_on" if ends_on else "starts_on",
        )
