"""A report as PDF and as workbook, from its stored lines. No identities in them, so a plain link will do."""

import logging
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from rehab.http import Request
from rehab.pdf import PdfFailed
from rehab.tabular.writing import XLSX_TYPE
from reports.access import report_for
from reports.models import Report
from reports.paper import ReportData, report_pdf
from reports.stored import file_name, report_data
from reports.workbook import report_workbook

logger = logging.getLogger(__name__)


def pdf(request: Request, pk: int) -> HttpResponse:
    try:
        return _download(_finished(request, pk), report_pdf, "pdf", "application/pdf")
    except PdfFailed:
        logger.exception("the PDF of report %s could not be made", pk)
        messages.error(
            request, _("The PDF could not be made just now. Try once more; the workbook has the same figures.")
        )
        return redirect("reports:report", pk)


def xlsx(request: Request, pk: int) -> HttpResponse:
    return _download(_finished(request, pk), report_workbook, "xlsx", XLSX_TYPE)


def _finished(request: Request, pk: int) -> Report:
    report = report_for(request.user, pk)
    if report.cut_off is None or report.is_building:
        raise Http404
    return report


def _download(report: Report, made: Callable[[ReportData], bytes], suffix: str, kind: str) -> HttpResponse:
    response = HttpResponse(made(report_data(report)), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{file_name(report, suffix)}"'
    return response
