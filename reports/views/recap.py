"""The recap of a year: units × way of coming × months, on the page, on paper and as a workbook."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from facilities.access import permitted, unit_for
from facilities.models import Unit
from rehab.http import Request
from rehab.pdf import PdfFailed
from rehab.roles import Permission
from rehab.tabular.writing import XLSX_TYPE
from reports.exports.recap import recap_pdf, recap_workbook
from reports.places import may_open_members, year_of
from reports.queries.recap import INDICATOR, Recap, recap


@require_safe
@permitted(Permission.SEE_FIGURES)
def page(request: Request, year: int) -> HttpResponse:
    found = _recap(request, year)
    context = {
        "recap": found,
        "indicator": INDICATOR,
        "open": may_open_members(request.user, found.unit),
        "year": year,
        "now": timezone.now(),
        "last_year": year - 1,
        "next_year": year + 1 if year < found.unit.local_date().year else None,
    }
    return render(request, "reports/recap.html", context)


@require_safe
@permitted(Permission.SEE_FIGURES)
def pdf(request: Request, year: int) -> HttpResponse:
    found = _recap(request, year)
    try:
        content = recap_pdf(found, timezone.now())
    except PdfFailed:
        messages.error(
            request, _("The PDF could not be made just now. Try once more; the workbook has the same figures.")
        )
        return redirect("reports:recap", year)
    return _download(found, content, "pdf", "application/pdf")


@require_safe
@permitted(Permission.SEE_FIGURES)
def xlsx(request: Request, year: int) -> HttpResponse:
    found = _recap(request, year)
    return _download(found, recap_workbook(found, timezone.now()), "xlsx", XLSX_TYPE)


def _recap(request: Request, year: int) -> Recap:
    return recap(_unit(request), year_of(year))


def _unit(request: Request) -> Unit:
    """The unit that is asked for, or one's own; 404 for who works at a facility and for what lies beyond one's reach."""
    post = getattr(request.user, "active_post", None)
    code = request.GET.get("unit") or (post.unit.code if post and post.unit else "")
    if not code:
        raise Http404
    return unit_for(request.user, code, Permission.SEE_FIGURES)


def _download(found: Recap, content: bytes, suffix: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    name = f"rekap-{found.unit.code}-{found.period.code}.{suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
