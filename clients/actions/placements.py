"""Who lies in which bed. No bed is ever held twice, nobody lies in two, and a bed in use is never taken away."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.actions.dates import check_not_ahead
from clients.actions.holding import hold, hold_person
from clients.models import Placement, Treatment
from clients.queries.places import bedded
from facilities.actions import beds
from facilities.models import Bed
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@action
def place(*, by: User, treatment: Treatment, bed: Bed, starts_on: date) -> Placement:
    """Give a bed to a client who is in treatment without one.

    Raises Refused for a bed that is taken, out of use, elsewhere or for the other sex; for a client who lies in a bed
    already, here or (as the same person) anywhere; and for a treatment that has not started, or takes no bed.
    """
    _episode, treatment = _under_way(treatment)
    check_not_ahead(treatment.facility, starts_on, "starts_on")
    if treatment.started_on and starts_on < treatment.started_on:
        raise Refused(_("The treatment began later than this."), field="starts_on")
    return take(by=by, treatment=treatment, bed=bed, starts_on=starts_on)


@action
def move(*, by: User, treatment: Treatment, bed: Bed, on: date, reason: str) -> Placement:
    """From one bed to another in one step: on that day the old one is free. Raises Refused as `place` does, and without
    a reason."""
    _episode, treatment = _under_way(treatment)
    check_not_ahead(treatment.facility, on, "starts_on")
    if not reason.strip():
        raise Refused(_("Say why the client moves."), field="reason")
    now = current(treatment)
    if now is None:
        raise Refused(_("This client has no bed yet."))
    if now.bed_id == bed.pk:
        raise Refused(_("The client lies in this bed already."), field="bed")
    leave(by=by, treatment=treatment, on=on, recorded=False)
    made = take(by=by, treatment=treatment, bed=bed, starts_on=on, recorded=False)
    _record("placement.moved", by, made, reason=reason.strip(), before=_words(now.bed))
    return made


@action
def void(*, by: User, placement: Placement, reason: str) -> Placement:
    """It was recorded by mistake; the bed is free for those days. Raises Refused without a reason, or a second time."""
    hold(placement.treatment)
    found = Placement.objects.select_for_update(of=("self",)).select_related("bed", "treatment__facility").get(
        pk=placement.pk
    )  # fmt: skip
    if found.void_reason:
        raise Refused(_("This record was taken back already."))
    if not reason.strip():
        raise Refused(_("Say why the record is taken back."), field="reason")
    found.void_reason = reason.strip()
    found.save(update_fields=["void_reason"])
    _record("placement.voided", by, found, reason=found.void_reason)
    return found


@action
def take_out(*, by: User, bed: Bed, ends_on: date, reason: str) -> Bed:
    """A bed goes out of use from that day on. Raises Refused while somebody lies in it then, or later."""
    held = Bed.objects.select_for_update(no_key=True).get(pk=bed.pk)
    if Placement.objects.standing().filter(bed=held).filter(_after(ends_on)).exists():
        raise Refused(
            _("Somebody lies in this bed then. Move the client first, or choose a later day."), field="ends_on"
        )
    return beds.end(by=by, bed=held, ends_on=ends_on, reason=reason)


def take(*, by: User, treatment: Treatment, bed: Bed, starts_on: date, recorded: bool = True) -> Placement:
    """Inside the caller's transaction, which holds the treatment: person and bed are held, then looked at.

    Of two hundred who want the last bed the first one gets it; each of the others finds it taken, and is told so.
    """
    person = hold_person(treatment.client)
    held = Bed.objects.select_for_update(no_key=True).get(pk=bed.pk)
    _check_fits(treatment, held, starts_on)
    if Placement.objects.standing().filter(bed=held).filter(_after(starts_on)).exists():
        raise Refused(
            _("%(bed)s was taken in the meantime. Choose another bed, or put the client on the waiting list."),
            params={"bed": _words(held)},
            field="bed",
            code="taken",
        )
    _check_lies_nowhere(treatment, person, starts_on)
    made = Placement.objects.create(
        treatment=treatment, client=treatment.client, bed=held, starts_on=starts_on, placed_by=by
    )
    if recorded:
        _record("placement.made", by, made)
    return made


def leave(*, by: User, treatment: Treatment, on: date, recorded: bool = True) -> None:
    """Inside the caller's transaction: the bed is free from `on` on. Nothing happens where the client has none."""
    now = current(treatment)
    if now is None:
        return
    if on < now.starts_on:
        raise Refused(
            _("The client came into %(bed)s later than this. Take that record back first."),
            params={"bed": _words(now.bed)},
            field="ended_on",
        )
    now.ends_on = on
    now.save(update_fields=["ends_on"])
    if recorded:
        _record("placement.ended", by, now)


def current(treatment: Treatment) -> Placement | None:
    """The bed in which the client lies and has not left."""
    return treatment.placements.standing().filter(ends_on=None).select_related("bed").first()


def _under_way(treatment: Treatment):
    episode, treatment = hold(treatment)
    if not treatment.started_on or not treatment.is_open:
        raise Refused(_("Only a client in treatment has a bed. Start the treatment first."))
    if not bedded(treatment):
        raise Refused(_("This treatment takes no bed. Change its setting first."))
    return episode, treatment


def _check_fits(treatment: Treatment, bed: Bed, starts_on: date) -> None:
    if bed.facility_id != treatment.facility_id:
        raise Refused(_("This bed stands at another facility."), field="bed")
    if bed.sex != treatment.client.sex:
        raise Refused(_("This bed is for %(sex)s."), params={"sex": bed.get_sex_display().lower()}, field="bed")
    if starts_on < bed.starts_on:
        raise Refused(_("This bed came into use later."), field="bed")
    if bed.ends_on:
        raise Refused(_("This bed is out of use, or soon will be."), field="bed")


def _check_lies_nowhere(treatment: Treatment, person: int, starts_on: date) -> None:
    """What is said of a linked client names no facility and no day: it may be none of this one's business."""
    lying = Placement.objects.standing().filter(client__person=person).filter(_after(starts_on))
    clients = set(lying.values_list("client_id", flat=True))
    if treatment.client_id in clients:
        raise Refused(_("This client lies in another bed on these days."), code="lies_elsewhere")
    if clients:
        raise Refused(
            _("The same person is recorded in another bed on these days, under another code. Ask the client first."),
            code="person_elsewhere",
        )


def _after(day: date) -> Q:
    """Of placements: those that hold on that day or later."""
    return Q(ends_on=None) | Q(ends_on__gt=day)


def _words(bed: Bed) -> str:
    return f"{bed.room} · {bed.label}"


def _record(verb: str, by: User, placement: Placement, reason: str = "", **data: str) -> None:
    treatment = placement.treatment
    facts = {"bed": _words(placement.bed), "from": placement.starts_on.isoformat()}
    if placement.ends_on:
        facts["until"] = placement.ends_on.isoformat()
    audit.record(
        verb, by=by, subject=placement, place=treatment.facility.code, client_code=treatment.client.code,
        reason=reason, data=facts | data,
    )  # fmt: skip
