"""What is done with a report: submitted, returned, approved, sealed; counted again, and revised after the seal."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from rehab.errors import Refused
from rehab.http import Request
from rehab.models import User
from rehab.once import once
from reports.access import report_for
from reports.actions import asking, sealing, workflow
from reports.enums import ReportStatus
from reports.forms.reports import StepForm
from reports.models import Report
from reports.views.reports import shown

DONE = {
    ReportStatus.SUBMITTED: _("The report is submitted. It waits for the signatory now."),
    ReportStatus.RETURNED: _("The report is returned, with your comment, to those who built it."),
    ReportStatus.APPROVED: _("The report is approved. The seal is what is left."),
    ReportStatus.SEALED: _("The report is sealed. It can be downloaded and no longer changes."),
}


@require_POST
@once
def take(request: Request, pk: int, to: str) -> HttpResponse:
    """One step. What cannot be done is said where it was asked for, on the report as it stands now; words typed stay."""
    report, status, form = report_for(request.user, pk), ReportStatus(to), StepForm(request.POST)
    if form.is_valid():
        try:
            _take(request.user, report, status, form)
            messages.success(request, DONE[status])
            return redirect("reports:report", pk)
        except Refused as refusal:
            refusal.add_to(form)
    context = shown(request, report_for(request.user, pk)) | {"step_form": form, "refused": status.value}
    return render(request, "reports/report.html", context, status=422)


def _take(by: User, report: Report, to: ReportStatus, form: StepForm) -> None:
    edit, comment = form.cleaned_data["report_edit"], form.cleaned_data["comment"]
    match to:
        case ReportStatus.SUBMITTED:
            workflow.submit(by=by, report=report, edit=edit, comment=comment)
        case ReportStatus.RETURNED:
            workflow.send_back(by=by, report=report, edit=edit, comment=comment)
        case ReportStatus.APPROVED:
            workflow.approve(by=by, report=report, edit=edit, comment=comment)
        case ReportStatus.SEALED:
            sealing.seal(by=by, report=report, edit=edit)


@require_POST
def rebuild(request: Request, pk: int) -> HttpResponse:
    try:
        asking.rebuild(by=request.user, report=report_for(request.user, pk))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("reports:report", pk)


@require_POST
def revise(request: Request, pk: int) -> HttpResponse:
    try:
        pk = asking.revise(by=request.user, report=report_for(request.user, pk)).pk
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("reports:report", pk)
