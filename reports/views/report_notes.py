"""Obstacle and follow-up of a line, saved while one types; with two people at it nothing is lost."""

from typing import Any, cast

from django.contrib import messages
from django.db.models import Field
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rehab.conflicts import THEIRS, Conflict, last_change
from rehab.errors import Refused
from rehab.http import Request
from reports.access import line_for
from reports.actions.notes import FIELDS, NotesConflict, type_notes
from reports.forms.reports import NotesForm
from reports.models import ReportLine
from reports.report_table import ReportRow


@require_POST
def notes(request: Request, pk: int) -> HttpResponse:
    line = line_for(request.user, pk)
    form = NotesForm(request.POST)
    if not form.is_valid():
        return _refused(request, line, " ".join(str(text) for texts in form.errors.values() for text in texts))
    typed = {name: _chosen(request, line, name, form.cleaned_data[name]) for name in FIELDS}
    try:
        saved = type_notes(by=request.user, line=line, edit=form.cleaned_data["edit"], **typed)
    except NotesConflict as conflict:
        return _both(request, conflict, typed)
    except Refused as refusal:
        return _refused(request, line, str(refusal.message))
    return _saved(request, saved, typed, changed=saved.edit != form.cleaned_data["edit"])


def _chosen(request: Request, line: ReportLine, name: str, typed: str) -> str:
    return getattr(line, name) if request.POST.get(f"keep-{name}") == THEIRS else typed


def _saved(request: Request, line: ReportLine, typed: dict[str, str], *, changed: bool) -> HttpResponse:
    if not request.htmx:
        messages.success(request, _("Saved."))
        return redirect(f"{reverse('reports:report', args=[line.report_id])}#line-{line.pk}")
    # When someone else changed the report since the page was opened, sealing must still ask to look again.
    seen = request.POST.get("report_edit") == str(line.report.edit - changed)
    context = {"line": line, "report": line.report, "now": timezone.now(), "seen": seen}
    if any(getattr(line, name) != typed[name].strip() for name in FIELDS):
        return _form(request, context | {"words": words(line), "merged": True})
    return render(request, "reports/_report_saved.html", context)


def _both(request: Request, conflict: NotesConflict, typed: dict[str, str]) -> HttpResponse:
    line = conflict.line
    saved_by, saved_at = last_change(line)
    labels = {name: str(cast(Field, ReportLine._meta.get_field(name)).verbose_name).capitalize() for name in FIELDS}
    differing = [
        Conflict(name, labels[name], conflict.before[name], getattr(line, name), typed[name])
        for name in FIELDS
        if getattr(line, name) != typed[name]
    ]
    context = {
        "line": line,
        "report": line.report,
        "words": typed,
        "conflicts": differing,
        "saved_by": saved_by,
        "saved_at": saved_at,
    }
    return _form(request, context)


def _refused(request: Request, line: ReportLine, why: str) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    return _form(request, {"line": line, "report": line.report, "words": typed, "refusal": why})


def _form(request: Request, context: dict[str, Any]) -> HttpResponse:
    """The line's whole form: in its place on the page, or on a page of its own without scripts."""
    if not request.htmx:
        return render(request, "reports/report_notes.html", context | {"title": ReportRow(context["line"]).title})
    response = render(request, "reports/_report_notes.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = f"#line-{context['line'].pk}", "outerHTML"
    return response


def words(line: ReportLine) -> dict[str, str]:
    return {name: getattr(line, name) for name in FIELDS}
