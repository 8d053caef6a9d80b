"""The client's treatment plans: written, agreed, revised, and looked at goal by goal."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.access import client_for, goal_for, plan_for, treatment_for
from clients.actions import plans
from clients.enums import GoalResult, RevealReason
from clients.forms.plans import AgreeForm, GoalForms, ResultForm, WriteForm, goals_of
from clients.forms.treatments import ReasonForm
from clients.models import Guardian, TreatmentPlan
from clients.queries.page import client_page
from clients.queries.plans import plans_of
from clients.views.sessions import as_met, edit_of
from facilities.access import can, facility_ids
from rehab import audit, conflicts, panels, undo
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


def of_client(request: Request, code: str) -> HttpResponse:
    """Every plan of the client at the facilities where one reads clinical data; each look is recorded."""
    client = client_for(request.user, code, Permission.SEE_CLINICAL)
    audit.record_read("treatment_plan.opened", by=request.user, subject=client, client_code=client.code)
    found, treats_at = plans_of(request.user, client), facility_ids(request.user, Permission.TREAT)
    context = {
        "client": client,
        "page": client_page(request.user, client, timeline=False),
        "planned": [
            (row, panels.plan_sources.collect(request.user, row.treatment), row.is_written_at(treats_at))
            for row in found
        ],
        "results": GoalResult.choices,
        "today": timezone.localdate(),
        "may_reveal": can(request.user, Permission.SEE_IDENTITY),
        "reasons": RevealReason.choices,
    }
    return render(request, "clients/plans.html", context)


@require_POST
@once
def draft(request: Request, pk: int) -> HttpResponse:
    treatment = treatment_for(request.user, pk, Permission.TREAT)
    try:
        plan = plans.draft(by=request.user, treatment=treatment)
    except Refused as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("clients:plans", treatment.client.code)
    return redirect("clients:write_plan", plan.pk)


@conflicts.in_turn
@once
def write(request: Request, pk: int) -> HttpResponse:
    plan = plan_for(request.user, pk, Permission.TREAT)
    data = request.POST if request.method == "POST" else None
    form, goals = WriteForm(data, plan=plan), GoalForms(data, initial=goals_of(plan), prefix="goal")
    conflicts.meet(request, form, goals, row=plan)
    if form.is_bound and form.is_valid() and goals.is_valid():
        try:
            plans.write(
                by=request.user, plan=plan, edit=as_met(request, plan), goals=goals.data_of(), **form.cleaned_data
            )
        except Refused as refusal:
            refusal.add_to(form)
            plan = plan_for(request.user, pk, Permission.TREAT)
        else:
            messages.success(request, _("The plan is saved."))
            return redirect("clients:write_plan" if "more" in request.POST else "clients:agree_plan", pk)
    context = _about(plan) | {"form": form, "goals": goals, "stored": goals_of(plan) if form.errors else []}
    return render(request, "clients/plan_write.html", context)


@once
def agree(request: Request, pk: int) -> HttpResponse:
    """The plan as the client sees it, and the record that the client agreed."""
    plan = plan_for(request.user, pk, Permission.TREAT)
    guarded = Guardian.objects.filter(client=plan.treatment.client_id).exists()
    form = AgreeForm(request.POST if request.method == "POST" else None, guarded=guarded)
    if form.is_bound and form.is_valid():
        try:
            plans.agree(by=request.user, plan=plan, edit=edit_of(request), **form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The plan is in force."))
            return redirect("clients:plans", plan.treatment.client.code)
    return render(request, "clients/plan_agree.html", _about(plan) | {"form": form})


@once
def revise(request: Request, pk: int) -> HttpResponse:
    plan = plan_for(request.user, pk, Permission.TREAT)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            new = plans.revise(by=request.user, plan=plan, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            refusal.add_to(form)
        else:
            return redirect("clients:write_plan", new.pk)
    return render(request, "clients/plan_revise.html", _about(plan) | {"form": form})


@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    plan = plan_for(request.user, pk, Permission.TREAT)
    treatment, goals = plan.treatment, list(plan.goals.values_list("pk", flat=True))
    try:
        plans.discard(by=request.user, plan=plan)
    except Refused as refusal:
        messages.error(request, refusal.messages[0])
    else:
        back = reverse("clients:plans", args=[treatment.client.code])
        undo.offer(
            request, _("The draft is gone."), "plans.discarded", back=back, treatment=treatment.pk, plan=pk, goals=goals
        )
    return redirect("clients:plans", treatment.client.code)


@require_POST
def judge(request: Request, pk: int) -> HttpResponse:
    goal = goal_for(request.user, pk, Permission.TREAT)
    form, back = ResultForm(request.POST), reverse("clients:plans", args=[goal.plan.treatment.client.code])
    try:
        if not form.is_valid():
            raise Refused(_("Choose a result, and keep the remark short."))
        if request.POST.get("was", goal.result) != goal.result:
            raise Refused(_("The goal has another result by now."))
        now = plans.judge(by=request.user, goal=goal, **form.cleaned_data).result
    except Refused as refusal:
        messages.error(request, refusal.messages[0])
    else:
        undo.offer(
            request, _("The result is recorded."), "goals.judged", back=back,
            goal=pk, now=now, result=goal.result, note=goal.result_note,
        )  # fmt: skip
    return redirect(back)


def _about(plan: TreatmentPlan) -> dict[str, object]:
    return {"plan": plan, "client": plan.treatment.client, "treatment": plan.treatment}
