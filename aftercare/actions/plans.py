"""An aftercare plan from its start, at the end of a treatment, to its end."""

from datetime import date

from django.utils.translation import gettext as _

from aftercare.enums import PlanStatus
from aftercare.models import AftercarePlan, FollowUp
from aftercare.schedule import WINDOW_MONTHS, due_dates
from clients.enums import Outcome
from clients.models import Client, Treatment
from facilities.models import Facility, Unit
from rehab import audit, tunables
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User

# Relapse is known from a follow-up, a newer plan by its start: neither is chosen.
CHOSEN_ENDS = (PlanStatus.COMPLETED, PlanStatus.LOST, PlanStatus.DIED)


def lock(plan_id: int) -> AftercarePlan:
    """The row as it stands now, held until the transaction ends. Always taken before its follow-ups."""
    rows = AftercarePlan.objects.select_related("client", "facility__region", "facility__unit", "unit", "treatment")
    return rows.select_for_update(of=("self",)).get(pk=plan_id)


@action
def start(
    *,
    by: User,
    client: Client,
    starts_on: date,
    treatment: Treatment | None = None,
    facility: Facility | None = None,
    unit: Unit | None = None,
) -> AftercarePlan:
    """A plan at one facility or unit, with monthly follow-ups up to the end of the window.

    An earlier plan that is still open ends as replaced. Raises Refused when a later one is open, after a death, and for a
    start in the future or before the treatment's end.
    """
    place = facility or unit
    if place is None or (facility and unit):
        raise Refused(_("Aftercare is served by a facility or by a unit, not by both."))
    _check_start(client, treatment, place, starts_on)
    _replace_earlier(by, client, starts_on)
    due = due_dates(starts_on, int(tunables.value(WINDOW_MONTHS)))
    plan = AftercarePlan.objects.create(
        client=client,
        treatment=treatment,
        facility=facility,
        unit=unit,
        starts_on=starts_on,
        window_ends_on=due[-1],
        started_by=by,
    )
    FollowUp.objects.bulk_create(FollowUp(plan=plan, due_on=day) for day in due)
    record("aftercare.started", by, plan, {"from": starts_on.isoformat(), "until": due[-1].isoformat()})
    return plan


@action
def end(*, by: User, plan: AftercarePlan, status: str, ended_on: date, reason: str = "") -> AftercarePlan:
    """End a plan as completed, lost or died. A reason is asked for unless the window was walked to its end.

    Raises Refused for a plan that has ended, a date in the future or before its last contact, and for a completion without
    any contact.
    """
    plan, reason = lock(plan.pk), reason.strip()
    if not plan.is_open:
        raise Refused(_("This plan has ended already."))
    if status not in CHOSEN_ENDS:
        raise Refused(_("Relapse is recorded in a follow-up; it ends the plan by itself."), field="status")
    if ended_on > plan.place.local_date():
        raise Refused(_("This date has not come yet."), field="ended_on")
    last = plan.follow_ups.exclude(done_on=None).order_by("-done_on").values_list("done_on", flat=True).first()
    if ended_on < (last or plan.starts_on):
        raise Refused(_("The plan cannot end before its last follow-up or its start."), field="ended_on")
    if status == PlanStatus.COMPLETED and plan.first_contact_on is None:
        raise Refused(_("No contact was ever made. Choose “contact lost” instead."), field="status")
    if not reason and (status != PlanStatus.COMPLETED or ended_on < plan.window_ends_on):
        raise Refused(_("Say why the plan ends now."), field="reason")
    return _finish(by, plan, PlanStatus(status), ended_on, reason)


@action
def reopen(*, by: User, plan: AftercarePlan, reason: str) -> AftercarePlan:
    """Take back an end that was a mistake. A relapse is taken back by correcting the follow-up that says so."""
    plan, reason = lock(plan.pk), reason.strip()
    if plan.status not in CHOSEN_ENDS:
        raise Refused(_("This plan cannot be opened again."))
    if not reason:
        raise Refused(_("Say why the plan is opened again."), field="reason")
    plan.status, plan.ended_on, plan.end_note = PlanStatus.OPEN, None, ""
    plan.save(update_fields=["status", "ended_on", "end_note"])
    record("aftercare.reopened", by, plan, {}, reason)
    return plan


def end_at_death(by: User, client: Client, died_on: date) -> None:
    """Inside the caller's transaction: whoever died has no open plan."""
    for plan in AftercarePlan.objects.open().filter(client=client).select_for_update():
        _finish(by, plan, PlanStatus.DIED, max(died_on, plan.starts_on), "")


def record(verb: str, by: User, plan: AftercarePlan, data: dict, reason: str = "") -> None:
    audit.record(
        verb, by=by, subject=plan, client_code=plan.client.code, place=plan.place.code, reason=reason, data=data
    )  # fmt: skip


def _check_start(client: Client, treatment: Treatment | None, place: Facility | Unit, starts_on: date) -> None:
    if starts_on > place.local_date():
        raise Refused(_("This date has not come yet."), field="starts_on")
    if treatment is None:
        return
    if treatment.client_id != client.pk:
        raise Refused(_("This treatment belongs to another client."))
    if treatment.ended_on is None or starts_on < treatment.ended_on:
        raise Refused(_("Aftercare begins when the treatment has ended."), field="starts_on")
    if treatment.outcome == Outcome.DIED:
        raise Refused(_("The client has died: there is no aftercare."))


def _replace_earlier(by: User, client: Client, starts_on: date) -> None:
    for held in AftercarePlan.objects.open().filter(client=client).select_for_update():
        if held.starts_on > starts_on:
            raise Refused(_("A later aftercare plan is open for this client already."))
        _finish(by, held, PlanStatus.REPLACED, starts_on, "")


def _finish(by: User, plan: AftercarePlan, status: PlanStatus, ended_on: date, reason: str) -> AftercarePlan:
    plan.status, plan.ended_on, plan.end_note = status, ended_on, reason
    plan.save(update_fields=["status", "ended_on", "end_note"])
    record("aftercare.ended", by, plan, {"status": status.value, "on": ended_on.isoformat()}, reason)
    return plan
