"""Who may see which report: fetched and authorised in one call, 404 for everybody else."""

from django.http import Http404

from facilities.access import reached
from rehab.models import User
from reports.models import Report, ReportLine, ReportRun


def report_for(user: User, pk: int) -> Report:
    """A report of a unit whose figures the person may see. What may be done with it, its actions ask."""
    seen = Report.objects.visible_to(user).select_related("unit", "asked_by", "sealed_by")
    return reached(seen.filter(pk=pk))


def line_for(user: User, pk: int) -> ReportLine:
    line = ReportLine.objects.filter(pk=pk).first()
    if line is None:
        raise Http404
    line.report = report_for(user, line.report_id)
    return line


def run_for(user: User, pk: int) -> ReportRun:
    """A run of a unit whose figures the person may see."""
    return reached(ReportRun.objects.visible_to(user).select_related("unit", "asked_by").filter(pk=pk))
