"""All targets of a unit and year in one table: typed or pasted in the browser, or in a workbook that comes back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from facilities.access import permitted, unit_for
from facilities.models import Unit
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission
from rehab.tabular.errors import Problem, TableRefused
from rehab.tabular.writing import XLSX_TYPE
from reports.actions import targets
from reports.actions.rows import RowsRefused
from reports.exports.targets import targets_workbook
from reports.forms.target_table import Latest, TargetTable, latest_by_indicator
from reports.forms.upload import FilledForm
from reports.imports.targets import read_targets
from reports.places import year_of
from reports.queries.targets import first_day, revisions_of


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permission.EDIT_TARGETS)
@once
def table(request: Request, code: str, year: int) -> HttpResponse:
    unit, latest = _unit(request, code, year)
    scopes = unit.children.exists()
    day = first_day(unit, year, [each.revision.in_force_on for each in latest.values()])
    form = TargetTable(request.POST or None, unit=unit, latest=latest, day=day, scopes=scopes)
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("in_force_on", "reason")}
        try:
            saved = targets.revise_all(by=request.user, year=year, changes=form.changes, **facts)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Targets saved: %(count)s.") % {"count": len(saved)})
            return redirect("reports:targets", code, year)
    context = {"unit": unit, "year": year, "form": form, "month_names": MONTHS_3.values()}
    return render(request, "reports/target_table.html", context, status=422 if form.errors else 200)


@require_safe
@permitted(Permission.SEE_FIGURES)
def workbook(request: Request, code: str, year: int) -> HttpResponse:
    unit, latest = _unit(request, code, year, Permission.SEE_FIGURES)
    return attached(targets_workbook(unit, year, latest), f"target-{code}-{year}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permission.EDIT_TARGETS)
@once
def upload(request: Request, code: str, year: int) -> HttpResponse:
    unit, latest = _unit(request, code, year)
    day = first_day(unit, year, [each.revision.in_force_on for each in latest.values()])
    form = FilledForm(*((request.POST, request.FILES) if request.method == "POST" else ()), day=day)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        try:
            count = _taken(request, form, unit, year, latest)
            messages.success(request, _("Targets saved: %(count)s.") % {"count": count})
            return redirect("reports:targets", code, year)
        except TableRefused as refused:
            problems = list(refused.problems)
        except Refused as refusal:
            refusal.add_to(form)
    context = {
        "unit": unit,
        "year": year,
        "form": form,
        "problems": problems[:100],
        "more": max(0, len(problems) - 100),
    }
    return render(request, "reports/upload_targets.html", context, status=422 if problems or form.errors else 200)


def _unit(
    request: Request, code: str, year: int, permission: Permission = Permission.EDIT_TARGETS
) -> tuple[Unit, dict[str, Latest]]:
    unit = unit_for(request.user, code, permission)
    year_of(year)
    return unit, latest_by_indicator(revisions_of(unit, year))


def _taken(request: Request, form: FilledForm, unit: Unit, year: int, latest: dict[str, Latest]) -> int:
    file, facts = form.cleaned_data["file"], {name: form.cleaned_data[name] for name in ("in_force_on", "reason")}
    changes = read_targets(file.read(), file.name, unit=unit, year=year, latest=latest)
    if not changes:
        raise Refused(_("Every row says what is in force already; nothing has been changed."), field="file")
    lines = {change.key: line for line, change in changes.items()}
    try:
        return len(targets.revise_all(by=request.user, year=year, changes=changes.values(), **facts))
    except RowsRefused as refused:
        shared = next((row for row in refused.rows.values() if row.field in ("in_force_on", "reason")), None)
        if shared:
            raise shared from refused
        raise TableRefused(
            [Problem(row.message, lines[key], "target") for key, row in refused.rows.items()]
        ) from refused  # fmt: skip


def attached(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
