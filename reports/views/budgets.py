"""Budgets of a unit and year: beside the output they pay for, in one table to type in, and as a workbook that comes back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from facilities.access import can, permitted
from facilities.models import Unit
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission
from rehab.tabular.errors import Problem, TableRefused
from reports.actions.budgets import When, save_all
from reports.actions.rows import RowsRefused
from reports.enums import Half
from reports.exports.budgets import budgets_workbook
from reports.forms.budgets import SHARED, BudgetTable
from reports.forms.upload import BudgetFileForm
from reports.imports.budgets import COLUMN_OF, read_budgets
from reports.models import Budget
from reports.places import place_for, year_of
from reports.queries.budgets import Activity, activities, below
from reports.queries.outputs import outputs
from reports.queries.targets import first_day
from reports.views.target_table import attached


@require_safe
@permitted(Permission.SEE_FIGURES)
def listing(request: Request, code: str, year: int) -> HttpResponse:
    unit = _unit(request, code, year, Permission.SEE_FIGURES)
    context = {
        "unit": unit,
        "year": year,
        "may_edit": can(request.user, Permission.EDIT_TARGETS, unit),
        "tree": request.GET.get("scope") == "tree",
        "columns": [*Half.labels, _("Year")],
    }
    context |= {"parts": below(unit, year)} if context["tree"] else {"found": outputs(unit, year)}
    return render(request, "reports/budgets.html", context)


@require_safe
@permitted(Permission.SEE_FIGURES)
def activity(request: Request, code: str, year: int, pk: int) -> HttpResponse:
    unit = _unit(request, code, year, Permission.SEE_FIGURES)
    budget = Budget.objects.filter(unit=unit, year=year, pk=pk).first()
    if budget is None:
        raise Http404
    revisions = budget.revisions.select_related("made_by").order_by("-in_force_on", "-pk")
    spendings = budget.spendings.select_related("recorded_by").order_by("half")
    context = {"unit": unit, "year": year, "budget": budget, "revisions": revisions, "spendings": spendings}
    return render(request, "reports/budget.html", context | {"today": unit.local_date()})


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permission.EDIT_TARGETS)
@once
def table(request: Request, code: str, year: int) -> HttpResponse:
    unit = _unit(request, code, year)
    kept = activities(unit, year)
    data = request.POST if request.method == "POST" else None
    form = BudgetTable(data, kept=kept, day=_day(unit, year, kept), today=unit.local_date())
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_all(by=request.user, unit=unit, year=year, lines=form.lines, when=form.when)
            _tell(request, len(saved))
            return redirect("reports:budgets", code, year)
        except Refused as refusal:
            form.refuse(refusal)
    context = {"unit": unit, "year": year, "form": form}
    return render(request, "reports/budget_table.html", context, status=422 if form.errors else 200)


@require_safe
@permitted(Permission.SEE_FIGURES)
def workbook(request: Request, code: str, year: int) -> HttpResponse:
    unit = _unit(request, code, year, Permission.SEE_FIGURES)
    return attached(budgets_workbook(unit, year, activities(unit, year)), f"anggaran-{code}-{year}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permission.EDIT_TARGETS)
@once
def upload(request: Request, code: str, year: int) -> HttpResponse:
    unit = _unit(request, code, year)
    kept = activities(unit, year)
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = BudgetFileForm(*data, day=_day(unit, year, kept), today=unit.local_date())
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        try:
            _tell(request, _taken(request, form, unit, year, kept))
            return redirect("reports:budgets", code, year)
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
    return render(request, "reports/upload_budgets.html", context, status=422 if problems or form.errors else 200)


def _unit(request: Request, code: str, year: int, permission: Permission = Permission.EDIT_TARGETS) -> Unit:
    """404 for who may not even see its figures, 403 for who may see and not change them."""
    unit = place_for(request.user, code)
    if not isinstance(unit, Unit):
        raise Http404
    if not can(request.user, permission, unit):
        raise PermissionDenied
    year_of(year)
    return unit


def _day(unit: Unit, year: int, kept: list[Activity]):
    return first_day(unit, year, [each.since for each in kept if each.since])


def _tell(request: Request, count: int) -> None:
    if count:
        messages.success(request, _("Activities saved: %(count)s.") % {"count": count})
    else:
        messages.info(request, _("Nothing differs from what is kept already."))


def _taken(request: Request, form: BudgetFileForm, unit: Unit, year: int, kept: list[Activity]) -> int:
    file, facts = form.cleaned_data["file"], {name: form.cleaned_data[name] for name in SHARED}
    lines = read_budgets(file.read(), file.name, unit=unit, year=year, kept=kept)
    line_of = {line.code: number for number, line in lines.items()}
    try:
        return len(save_all(by=request.user, unit=unit, year=year, lines=lines.values(), when=When(**facts)))
    except RowsRefused as refused:
        shared = next((row for row in refused.rows.values() if row.field in SHARED), None)
        if shared:
            raise shared from refused
        told = [Problem(row.message, line_of[code], COLUMN_OF.get(row.field)) for code, row in refused.rows.items()]
        raise TableRefused(told) from refused
