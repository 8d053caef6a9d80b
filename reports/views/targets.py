"""Targets of a unit and year, and the page on which one is set or revised."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from facilities.access import can, permitted, unit_for
from facilities.models import Unit
from rehab import conflicts
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission
from reports.actions import targets
from reports.enums import FigureScope
from reports.forms.targets import TargetForm
from reports.indicators import REGISTRY, Indicator
from reports.models import TargetRevision
from reports.places import year_of
from reports.queries import default_scope
from reports.queries.targets import revisions_of


@require_safe
@permitted(Permission.SEE_FIGURES)
def listing(request: Request, code: str, year: int) -> HttpResponse:
    unit = unit_for(request.user, code, Permission.SEE_FIGURES)
    year_of(year)
    revisions = revisions_of(unit, year)
    latest = {revision.target.indicator: revision for revision in revisions}
    context = {
        "unit": unit,
        "year": year,
        "rows": [(indicator, latest.get(indicator.key)) for indicator in REGISTRY.values()],
        "count": len(revisions),
        "may_edit": can(request.user, Permission.EDIT_TARGETS, unit),
        "today": unit.local_date(),
    }
    return render(request, "reports/targets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permission.SEE_FIGURES)
@conflicts.in_turn
@once
def target(request: Request, code: str, year: int, indicator: str) -> HttpResponse:
    unit = unit_for(request.user, code, Permission.SEE_FIGURES)
    year_of(year)
    if indicator not in REGISTRY:
        raise Http404
    may_edit = can(request.user, Permission.EDIT_TARGETS, unit)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    revisions = revisions_of(unit, year, indicator)
    form = _form(request, unit, year, REGISTRY[indicator], revisions)
    conflicts.meet(request, form, row=revisions[-1] if revisions else None, fields=_watched(form))
    if request.method == "POST" and _revised(request, form, unit, year, indicator):
        messages.success(request, _("The target is saved."))
        return redirect("reports:targets", unit.code, year)
    context = {"unit": unit, "year": year, "indicator": REGISTRY[indicator], "form": form, "may_edit": may_edit}
    today = unit.local_date()
    context |= {
        "revisions": revisions[::-1],
        "today": today,
        "in_force": _in_force(revisions, min(today, date(year, 12, 31))),
    }
    return render(request, "reports/target.html", context, status=422 if form.errors else 200)


def _watched(form: TargetForm) -> set[str]:
    return {"value", "scope", *form.month_names}


def _in_force(revisions: list[TargetRevision], day: date) -> int | None:
    return next((revision.pk for revision in reversed(revisions) if revision.in_force_on <= day), None)


def _form(request: Request, unit: Unit, year: int, indicator: Indicator, revisions: list[TargetRevision]) -> TargetForm:
    last = revisions[-1] if revisions else None
    initial: dict[str, Any] = {
        "scope": last.target.scope if last else default_scope(unit.kind),
        "in_force_on": unit.local_date() if last and unit.local_date().year == year else date(year, 1, 1),
        "value": last.value if last else None,
    }
    months = list(last.months) if last and last.months else None
    return TargetForm(
        request.POST if request.method == "POST" else None, indicator=indicator, months=months, initial=initial
    )


def _revised(request: Request, form: TargetForm, unit: Unit, year: int, indicator: str) -> bool:
    if not form.is_valid():
        return False
    facts = form.cleaned_data | {"scope": FigureScope(form.cleaned_data["scope"])}
    try:
        targets.revise(by=request.user, unit=unit, year=year, indicator=indicator, **facts)
    except Refused as refusal:
        refusal.add_to(form)
        return False
    return True
