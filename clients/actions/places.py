"""The place that a treatment takes when it starts, or when it goes on in another setting."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from clients.actions import placements, waiting
from clients.enums import BEDDED
from clients.models import Treatment
from clients.queries.places import keeps_beds, kind_of, rooms
from facilities.models import Bed, Capacity, Facility
from rehab import audit
from rehab.errors import Refused
from rehab.models import User


def take(*, by: User, treatment: Treatment, setting: str, on: date, bed: Bed | None, despite: str = "") -> None:
    """Inside the caller's transaction, which holds the treatment.

    Where the facility keeps beds, a setting that needs one takes `bed`, and nothing but a free one will do. Where it has
    only declared a number of places, going beyond it needs `despite`, the reason. Others on the waiting list go before,
    or `despite` says why not.
    """
    facility = treatment.facility
    if setting in BEDDED and keeps_beds(facility, facility.local_date()):
        if bed is None:
            raise Refused(_("Choose a bed, or put the client on the waiting list."), field="bed", code="no_bed")
        placements.take(by=by, treatment=treatment, bed=bed, starts_on=on)
    else:
        _check_declared(by, treatment, setting, despite)
    waiting.take_turn(by=by, treatment=treatment, setting=setting, despite=despite)


def change(
    *, by: User, treatment: Treatment, before: str, setting: str, on: date, bed: Bed | None, despite: str = ""
) -> None:
    """Inside the caller's transaction: a place of the new setting is taken, and the bed is free where none is needed."""
    if setting == before or {before, setting} <= BEDDED:
        return
    if setting not in BEDDED:
        placements.leave(by=by, treatment=treatment, on=on)
    take(by=by, treatment=treatment, setting=setting, on=on, bed=bed, despite=despite)


def _check_declared(by: User, treatment: Treatment, setting: str, despite: str) -> None:
    """The facility is held while it is counted, so that of many who want the last place only one gets it."""
    facility, sex = treatment.facility, treatment.client.sex
    kind = kind_of(setting, sex)
    if not kind or not Capacity.objects.filter(facility=facility, kind=kind).exists():
        return
    Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)
    room = rooms([facility.pk], setting, sex, facility.local_date()).get(facility.pk)
    if room is None or room.free:
        return
    if not despite.strip():
        raise Refused(
            _("All places are taken (%(taken)s of %(places)s). Put the client on the waiting list, or say why not."),
            params={"taken": room.taken, "places": room.places},
            field="despite",
            code="full",
        )
    audit.record(
        "places.exceeded", by=by, subject=treatment, place=facility.code, client_code=treatment.client.code,
        reason=despite.strip(), data={"setting": str(setting), "taken": room.taken, "places": room.places},
    )  # fmt: skip
