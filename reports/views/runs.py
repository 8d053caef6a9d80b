"""Asking for the reports of all units of a tree at once, and how far they are."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from facilities.access import can, permitted
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission
from reports.access import run_for
from reports.actions import runs
from reports.enums import ReportStatus
from reports.forms.runs import AskTreeForm
from reports.models import ReportRun
from reports.queries.progress import progress as progress_of


@permitted(Permission.BUILD_REPORTS)
@once
def ask(request: Request) -> HttpResponse:
    form = AskTreeForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            run = runs.ask(by=request.user, unit=form.cleaned_data["unit"], period=form.period)
            return redirect("reports:run", run.pk)
        except Refused as refusal:
            refusal.add_to(form)
    return render(request, "reports/run_ask.html", {"form": form})


@permitted(Permission.BUILD_REPORTS)
def show(request: Request, pk: int) -> HttpResponse:
    run = run_for(request.user, pk)
    reports = list(run.reports.select_related("unit").order_by("unit__code"))
    context = _how_far(run) | {
        "failures": [report for report in reports if report.status == ReportStatus.FAILED],
        "reports": [report for report in reports if report.status != ReportStatus.FAILED],
        "may_build": can(request.user, Permission.BUILD_REPORTS, run.unit),
    }
    return render(request, "reports/run.html", context)


@permitted(Permission.BUILD_REPORTS)
def progress(request: Request, pk: int) -> HttpResponse:
    """The part of the page that changes while the reports are built; the last answer shows the whole page once more."""
    context = _how_far(run_for(request.user, pk))
    response = render(request, "reports/_run_progress.html", context)
    if not context["progress"].running:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@once
def again(request: Request, pk: int) -> HttpResponse:
    """Those that failed once more, counted together at a new moment."""
    run = run_for(request.user, pk)
    try:
        pk = runs.ask(by=request.user, unit=run.unit, period=run.period).pk
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("reports:run", pk)


def _how_far(run: ReportRun) -> dict[str, Any]:
    return {"run": run, "progress": progress_of(run)}
