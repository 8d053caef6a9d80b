"""The list of reports, asking for one, and its page."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from facilities.access import can, permitted, unit_ids
from rehab import keyset
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission
from reports.access import report_for
from reports.actions import asking
from reports.forms.reports import AskForm, ReportFilter
from reports.hands import hand, to_mend, way
from reports.models import Report
from reports.queries.changes import changes, earlier_sealed, since_sealed
from reports.queries.waiting import with_last_step
from reports.report_table import report_table


@permitted(Permission.SEE_FIGURES)
def listing(request: Request) -> HttpResponse:
    reports = with_last_step(Report.objects.visible_to(request.user).select_related("unit"))
    found = ReportFilter(request.GET, queryset=reports, request=request)
    post = getattr(request.user, "active_post", None)
    context = {
        "filter": found,
        "page": keyset.page(request, found.qs, "-starts_on", "-id"),
        "filtered": any(value for name, value in request.GET.items() if name in found.filters),
        "may_build": can(request.user, Permission.BUILD_REPORTS),
        "has_units_below": len(unit_ids(request.user, Permission.BUILD_REPORTS)) > 1,
        "recap_year": post.unit.local_date().year if post and post.unit else None,
    }
    return render(request, "reports/report_list.html", context)


@permitted(Permission.BUILD_REPORTS)
@once
def ask(request: Request) -> HttpResponse:
    chosen = {name: request.GET[name] for name in ("kind", "month", "year") if name in request.GET}
    form = AskForm(request.POST or None, user=request.user, initial=chosen)
    if request.method == "POST" and form.is_valid():
        unit = form.cleaned_data["unit"]
        try:
            report = asking.ask(by=request.user, unit=unit, period=form.period, scope=form.chosen_scope)
            return redirect("reports:report", report.pk)
        except Refused as refusal:
            refusal.add_to(form)
    return render(request, "reports/report_ask.html", {"form": form})


def show(request: Request, pk: int) -> HttpResponse:
    return render(request, "reports/report.html", shown(request, report_for(request.user, pk)))


def progress(request: Request, pk: int) -> HttpResponse:
    """The part of the page that changes while the report is built."""
    return render(request, "reports/_report_body.html", shown(request, report_for(request.user, pk)))


def shown(request: Request, report: Report) -> dict[str, Any]:
    others = Report.objects.filter(unit=report.unit_id, kind=report.kind, starts_on=report.starts_on).exclude(
        pk=report.pk
    )
    steps = list(report.steps.select_related("taken_by").order_by("pk"))
    return {
        "report": report,
        "table": None if report.is_building else report_table(report),
        "others": others.order_by("revision"),
        "hand": hand(request.user, report, steps),
        "way": way(report, steps),
        "earlier": earlier_sealed(report) if report.cut_off and not report.is_building else None,
        "returned": to_mend(report, steps),
        "may_build": can(request.user, Permission.BUILD_REPORTS, report.unit),
    }


def compare(request: Request, pk: int) -> HttpResponse:
    """The sealed figures beside those of this moment; asked for by the report's page after it has been shown."""
    report = report_for(request.user, pk)
    context = {
        "report": report,
        "found": changes(report) if report.is_sealed else [],
        "now": timezone.now(),
        "with_codes": can(request.user, Permission.SEE_CLIENTS, report.unit),
    }
    part, whole = "reports/_report_changes.html", "reports/report_changes.html"
    return render(request, part if request.htmx else whole, context)


def since(request: Request, pk: int) -> HttpResponse:
    """What the report counts otherwise than the last sealed one before it; asked for by its page after it has been shown."""
    report = report_for(request.user, pk)
    if report.cut_off is None or report.is_building:
        raise Http404
    context = {
        "report": report,
        "earlier": since_sealed(report),
        "with_codes": can(request.user, Permission.SEE_CLIENTS, report.unit),
    }
    part, whole = "reports/_report_since.html", "reports/report_since.html"
    return render(request, part if request.htmx else whole, context)
