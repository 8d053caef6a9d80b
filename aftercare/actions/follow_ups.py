"""What a follow-up found, and what the plan makes of it: first contact, the unit it counts for, relapse."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aftercare.actions import plans
from aftercare.actions.counting import unit_on
from aftercare.enums import PlanStatus, Productive, Relapse, Urine
from aftercare.models import AftercarePlan, FollowUp
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User

FIELDS = ("done_on", "kind", "contact_made", "way", "relapse", "productive", "urine", "note")


class Outdated(Refused):
    """Somebody recorded this follow-up after the person opened it; `follow_up` is what stands there now."""

    def __init__(self, follow_up: FollowUp):
        super().__init__(_("Somebody else recorded this follow-up while you were writing."), code="outdated")
        self.follow_up = follow_up


@action
def record(
    *,
    by: User,
    follow_up: FollowUp,
    edit: int,
    done_on: date,
    contact_made: bool,
    kind: str,
    way: str = "",
    relapse: str = Relapse.UNKNOWN,
    productive: str = Productive.UNKNOWN,
    urine: str = Urine.NOT_DONE,
    note: str = "",
) -> FollowUp:
    """Record, or correct, the follow-up that was opened as version `edit`.

    The plan's first contact and the unit it counts for are derived anew; a known relapse ends the plan. Raises Outdated
    when somebody saved first; Refused for a date in the future, before the plan or after its end, and for anything that
    is said to be known without contact.
    """
    plan = plans.lock(follow_up.plan_id)
    held = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    facts = {
        "done_on": done_on, "kind": kind, "contact_made": contact_made, "way": way, "relapse": relapse,
        "productive": productive, "urine": urine, "note": note.strip(),
    }  # fmt: skip
    verb = "follow_up.corrected" if held.done_on else "follow_up.recorded"
    changed = [field for field in FIELDS if getattr(held, field) != facts[field]]
    if not changed:
        return held
    if held.edit != edit:
        raise Outdated(held)
    _check(plan, held, facts)
    for field in changed:
        setattr(held, field, facts[field])
    held.edit, held.recorded_by = edit + 1, by
    held.save(update_fields=[*changed, "edit", "recorded_by"])
    _derive(plan)
    plans.record(verb, by, plan, {"follow_up": held.pk, "due_on": held.due_on.isoformat(), "fields": changed})
    held.plan = plan
    return held


@action
def record_extra(*, by: User, plan: AftercarePlan, done_on: date, **facts: Any) -> FollowUp:
    """A contact that nobody had planned; `facts` as in `record`."""
    extra = FollowUp.objects.create(plan=plan, due_on=done_on)
    return record(by=by, follow_up=extra, edit=extra.edit, done_on=done_on, **facts)


def _check(plan: AftercarePlan, held: FollowUp, facts: dict) -> None:
    day: date = facts["done_on"]
    if day > plan.place.local_date():
        raise Refused(_("This date has not come yet."), field="done_on")
    if day < plan.starts_on:
        raise Refused(_("The plan begins later than this."), field="done_on")
    if plan.ended_on and held.done_on is None and day > plan.ended_on:
        raise Refused(_("The plan had ended by then."), field="done_on")
    if facts["contact_made"]:
        if not facts["way"]:
            raise Refused(_("Say how the contact was made."), field="way")
    elif (facts["relapse"], facts["productive"], facts["urine"]) != (
        Relapse.UNKNOWN,
        Productive.UNKNOWN,
        Urine.NOT_DONE,
    ):
        raise Refused(
            _("Without contact nothing is known: leave relapse, activity and urine test open."), field="relapse"
        )


def _derive(plan: AftercarePlan) -> None:
    """First contact, the unit it counts for, and whether the plan ended by relapse, from all follow-ups as they stand."""
    rows = plan.follow_ups.exclude(done_on=None).values_list("done_on", "contact_made", "relapse")
    first = min((day for day, contact, _relapse in rows if day and contact), default=None)
    relapsed_on = min((day for day, _contact, relapse in rows if day and relapse == Relapse.YES), default=None)
    plan.first_contact_on = first
    plan.counted_unit_id = unit_on(plan, first) if first else None
    if relapsed_on and plan.status not in (PlanStatus.DIED, PlanStatus.REPLACED):
        plan.status, plan.ended_on = PlanStatus.RELAPSED, relapsed_on
    elif plan.status == PlanStatus.RELAPSED and not relapsed_on:
        _open_again(plan)
    plan.save(update_fields=["first_contact_on", "counted_unit", "status", "ended_on"])


def _open_again(plan: AftercarePlan) -> None:
    """After a corrected relapse; where a newer plan is open by now, this one gave way to it."""
    newer = AftercarePlan.objects.open().filter(client=plan.client).first()
    if newer:
        plan.status, plan.ended_on = PlanStatus.REPLACED, max(newer.starts_on, plan.starts_on)
    else:
        plan.status, plan.ended_on = PlanStatus.OPEN, None
