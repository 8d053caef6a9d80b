"""The beds of a facility: a room of them at once, out of use from a day, and back in use.

Whether somebody lies in a bed is known on the floor above: `clients.actions.beds` asks before it calls `end` here.
"""

from datetime import date

from django.utils.translation import gettext as _

from facilities.actions.checks import believable, clean, reason_given
from facilities.models import Bed, Facility
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User

MOST = 100


@action
def add_room(
    *, by: User, facility: Facility, room: str, sex: str, beds: int, starts_on: date, first: int = 1
) -> list[Bed]:
    """`beds` beds of a room, numbered from `first` on. Raises Refused where the room has a bed of that number in use."""
    Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)
    believable(starts_on, "starts_on")
    room = " ".join(room.split())
    if not room:
        raise Refused(_("Give the room a name."), field="room")
    if not 1 <= beds <= MOST:
        raise Refused(_("A room has from 1 to 100 beds."), field="beds")
    if not 1 <= first <= 9999 - beds:
        raise Refused(_("The first number is from 1 to 9.900."), field="first")
    rows = [
        Bed(facility=facility, room=room, label=str(number), sex=sex, starts_on=starts_on)
        for number in range(first, first + beds)
    ]
    clean(rows[0], ["room", "sex"])
    made = Bed.objects.bulk_create(rows)
    data = {"facility": facility.code, "room": room, "beds": beds, "sex": str(sex), "from": starts_on.isoformat()}
    audit.record("beds.added", by=by, subject=made[0], place=facility.code, data=data)
    return made


@action
def end(*, by: User, bed: Bed, ends_on: date, reason: str) -> Bed:
    """Out of use from `ends_on` on. Raises Refused without a reason, or when it is out of use already."""
    reason = reason_given(reason)
    held = Bed.objects.select_for_update(no_key=True).get(pk=bed.pk)
    if held.ends_on:
        raise Refused(_("This bed is out of use already."))
    if ends_on < held.starts_on:
        raise Refused(_("The bed came into use later than this."), field="ends_on")
    believable(ends_on, "ends_on")
    held.ends_on, held.end_reason = ends_on, reason
    held.save(update_fields=["ends_on", "end_reason"])
    _record("bed.ended", by, held, reason)
    return held


@action
def use_again(*, by: User, bed: Bed, starts_on: date) -> Bed:
    """The same bed from `starts_on` on, as a row of its own. Raises Refused while it is in use."""
    Facility.objects.select_for_update(no_key=True).get(pk=bed.facility_id)
    if bed.ends_on is None:
        raise Refused(_("This bed is in use."))
    if starts_on < bed.ends_on:
        raise Refused(_("The bed was in use until later than this."), field="starts_on")
    made = Bed.objects.create(
        facility_id=bed.facility_id, room=bed.room, label=bed.label, sex=bed.sex, starts_on=starts_on
    )
    _record("bed.used_again", by, made)
    return made


def _record(verb: str, by: User, bed: Bed, reason: str = "") -> None:
    data = {"room": bed.room, "bed": bed.label}
    audit.record(verb, by=by, subject=bed, place=bed.facility.code, reason=reason, data=data)
