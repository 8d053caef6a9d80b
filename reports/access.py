"""Who may see which report: fetched and authorised in one call, 404 for everybody else."""

from django.http import Http404

from rehab.models import User
from reports.models import Report, ReportLine, ReportRun


def report_for(user: User, pk: int) -> Report:
    """A report of a unit whose figures the person may see. What may be done with it, its actions ask."""
    seen = Report.objects.visible_to(user).select_related("unit", "asked_by", "sealed_by")
    report = seen.filter(pk=pk).first()
    if report is None:
        raise Http404
    return report


def line_for(user: User, pk: int) -> ReportLine:
    line = ReportLine.objects.filter(pk=pk).first()
    if line is None:
        raise Http404
    line.report = report_for(user, line.report_id)
    return line


def run_for(user: User, pk: int) -> ReportRun:
    """A run of a unit whose figures the person may see."""
    run = ReportRun.objects.visible_to(user).select_related("unit", "asked_by").filter(pk=pk).first()
    if run is None:
        raise Http404
    return run
