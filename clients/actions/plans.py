"""A treatment's plan: drafted, agreed by the client, looked at goal by goal, revised. Each version stays as it was agreed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from clients.actions.dates import check_not_ahead
from clients.enums import GoalResult, PlanStatus
from clients.models import Guardian, PlanGoal, Treatment, TreatmentPlan
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.history import as_it_was
from rehab.models import User

MOST_GOALS = 20


@dataclass(frozen=True)
class GoalData:
    area: str
    problem: str
    goal: str = ""
    measures: str = ""
    due_on: date | None = None


@action
def draft(*, by: User, treatment: Treatment, goals: Sequence[GoalData] = (), source: str = "") -> TreatmentPlan:
    """The first version, empty or from what an assessment found (`source` names it).

    Raises Refused for a treatment that has ended, or has a plan: that one is revised.
    """
    treatment = _lock_treatment(treatment)
    if treatment.plans.exists():
        raise Refused(_("This treatment has a plan already. Revise it instead."))
    plan = TreatmentPlan.objects.create(treatment=treatment, version=1, source=source[:150], written_by=by)
    _set_goals(plan, goals)
    _record("treatment_plan.drafted", by, plan)
    return plan


@action
def write(
    *, by: User, plan: TreatmentPlan, edit: int, goals: Sequence[GoalData], review_on: date | None, reason: str = ""
) -> TreatmentPlan:
    """Put down the goals of a draft as they stand now. Raises Refused when somebody else wrote since `edit`."""
    found = _lock(plan, edit)
    if not found.is_draft:
        raise Refused(_("Only a draft is written. Revise the plan instead."))
    if found.version > 1 and not reason.strip():
        raise Refused(_("Say why the plan is revised."), field="reason")
    found.review_on, found.reason = review_on, reason.strip()
    _set_goals(found, goals)
    _save(found)
    _record("treatment_plan.written", by, found)
    return found


@action
def agree(*, by: User, plan: TreatmentPlan, edit: int, agreed_on: date, by_guardian: bool = False) -> TreatmentPlan:
    """The client agreed: the draft comes into force, the version before it is replaced on that day.

    Raises Refused while a goal lacks what is done or its day, without the guardian of a minor, and for a day ahead of the
    facility's clock, before the registration, or before the agreement that it replaces.
    """
    found = _lock(plan, edit)
    if not found.is_draft:
        raise Refused(_("This version was agreed already."))
    _check_complete(found, agreed_on)
    treatment = found.treatment
    check_not_ahead(treatment.facility, agreed_on, "agreed_on")
    before = treatment.plans.filter(status=PlanStatus.AGREED).select_for_update().first()
    earliest = (before and before.agreed_on) or treatment.episode.opened_on
    if agreed_on < earliest:
        raise Refused(
            _("It was not agreed before the registration, nor before the version it replaces."), field="agreed_on"
        )
    if not by_guardian and Guardian.objects.filter(client=treatment.client_id).exists():
        raise Refused(_("This client has a guardian, who has to agree as well."), field="by_guardian")
    if before:
        before.status, before.replaced_on = PlanStatus.REPLACED, agreed_on
        _save(before)
    found.status, found.agreed_on, found.by_guardian = PlanStatus.AGREED, agreed_on, by_guardian
    _save(found)
    _record("treatment_plan.agreed", by, found)
    return found


@action
def revise(*, by: User, plan: TreatmentPlan, reason: str) -> TreatmentPlan:
    """A draft of the next version with all goals that are not reached yet; the plan in force holds until it is agreed."""
    found = _lock(plan)
    if found.status != PlanStatus.AGREED:
        raise Refused(_("Only the plan in force is revised."))
    if not reason.strip():
        raise Refused(_("Say why the plan is revised."), field="reason")
    open_goals = found.goals.exclude(result=GoalResult.REACHED)
    new = TreatmentPlan.objects.create(
        treatment=found.treatment, version=found.version + 1, reason=reason.strip(), written_by=by
    )
    _set_goals(new, [GoalData(row.area, row.problem, row.goal, row.measures, row.due_on) for row in open_goals])
    _record("treatment_plan.revised", by, new, reason=new.reason)
    return new


@action
def discard(*, by: User, plan: TreatmentPlan) -> None:
    """Throw a draft away; its row history keeps it, and the plan in force holds."""
    found = _lock(plan)
    if not found.is_draft:
        raise Refused(_("What was agreed is not thrown away. Revise the plan instead."))
    _record("treatment_plan.discarded", by, found)
    found.goals.all().delete()
    found.delete()


@action
def bring_back(*, by: User, treatment: Treatment, plan: int, goals: Collection[int]) -> TreatmentPlan:
    """Undo `discard` with the goals that the draft had. Raises Refused when another draft was begun since."""
    treatment = _lock_treatment(treatment)
    found = as_it_was(TreatmentPlan, plan)
    if found is None or found.treatment_id != treatment.pk:
        raise Refused(_("This draft can no longer be brought back."))
    found.edit += 1
    found.save(force_insert=True)
    for row in filter(None, (as_it_was(PlanGoal, pk) for pk in goals)):
        row.save(force_insert=True)
    found.treatment = treatment
    _record("treatment_plan.restored", by, found)
    return found


@action
def judge(*, by: User, goal: PlanGoal, result: str, note: str = "") -> PlanGoal:
    """How far a goal of the plan in force has come. Raises Refused for other versions, and without a word where it was missed."""
    plan = _lock(goal.plan)
    found = plan.goals.select_for_update().get(pk=goal.pk)
    if plan.status != PlanStatus.AGREED:
        raise Refused(_("Only goals of the plan in force have results."))
    if result == GoalResult.MISSED and not note.strip():
        raise Refused(_("Say why the goal was not reached."), field="note")
    found.result, found.result_note = result, note.strip()
    found.result_on = None if result == GoalResult.OPEN else plan.treatment.facility.local_date()
    found.save(update_fields=["result", "result_note", "result_on"])
    _record("treatment_plan.judged", by, plan)
    return found


def _lock_treatment(treatment: Treatment) -> Treatment:
    rows = Treatment.objects.select_related("client", "episode", "facility__region").select_for_update(of=("self",))
    found = rows.filter(pk=treatment.pk).first()
    if found is None or not found.is_open:
        raise Refused(_("This treatment has ended; its plan stays as it was."))
    return found


def _lock(plan: TreatmentPlan, edit: int | None = None) -> TreatmentPlan:
    """Treatment before plan, always in this order, so that two people never wait for each other."""
    treatment = _lock_treatment(plan.treatment)
    found = treatment.plans.select_for_update().filter(pk=plan.pk).first()
    if found is None:
        raise Refused(_("A colleague has thrown this draft away."))
    if edit is not None and found.edit != edit:
        raise Refused(
            _("A colleague changed this plan in the meantime. Look at what stands there now, then save again."),
            code="changed",
        )
    found.treatment = treatment
    return found


def _set_goals(plan: TreatmentPlan, goals: Sequence[GoalData]) -> None:
    if len(goals) > MOST_GOALS:
        raise Refused(_("A plan has at most %(most)s goals."), params={"most": MOST_GOALS})
    held = {row.position: row for row in plan.goals.all()}
    for position, data in enumerate(goals, start=1):
        row = held.pop(position, None) or PlanGoal(plan=plan, position=position)
        for field, value in vars(data).items():
            setattr(row, field, value)
        row.save()
    for row in held.values():
        row.delete()


def _check_complete(plan: TreatmentPlan, agreed_on: date) -> None:
    goals = list(plan.goals.all())
    if not goals:
        raise Refused(_("A plan needs at least one goal."))
    for row in goals:
        about = {"number": row.position}
        if not (row.goal and row.measures and row.due_on):
            raise Refused(
                _("Goal %(number)s still lacks what is to be reached, what is done, or its day."), params=about
            )
        if row.due_on < agreed_on:
            raise Refused(_("The day of goal %(number)s lies before the agreement."), params=about)


def _save(plan: TreatmentPlan) -> None:
    plan.edit += 1
    plan.save()


def _record(verb: str, by: User, plan: TreatmentPlan, reason: str = "") -> None:
    treatment = plan.treatment
    audit.record(
        verb, by=by, subject=plan, place=treatment.facility.code, client_code=treatment.client.code, reason=reason,
        data={"version": plan.version},
    )  # fmt: skip
