"""A treatment plan drafted from what assessments found."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from assessments.forms.plans import ProblemsForm
from assessments.queries.problems import problems_of
from clients.access import treatment_for
from clients.actions import plans
from rehab import audit
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


@once
def draft(request: Request, pk: int) -> HttpResponse:
    """Choose among the problems; the goals themselves are written on the plan's own page."""
    treatment = treatment_for(request.user, pk, Permission.TREAT)
    code = treatment.client.code
    audit.record_read("assessments.opened", by=request.user, subject=treatment, client_code=code)
    form = ProblemsForm(request.POST if request.method == "POST" else None, found=problems_of(treatment))
    if form.is_bound and form.is_valid():
        try:
            plan = plans.draft(by=request.user, treatment=treatment, goals=form.goals(), source=form.source())
        except Refused as refusal:
            messages.error(request, refusal.messages[0])
            return redirect("clients:plans", code)
        return redirect("clients:write_plan", plan.pk)
    context = {"treatment": treatment, "client": treatment.client, "form": form}
    return render(request, "assessments/plan_draft.html", context)
