"""Targets down the tree: whether the parts fit the whole, and sharing one out over the units below."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from facilities.access import can, permitted, unit_for, unit_ids
from facilities.models import Unit
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission
from reports.actions import targets
from reports.enums import FigureScope
from reports.forms.cascade import CascadeForm, ProposalForm, Way, proposed
from reports.forms.target_table import Latest
from reports.indicators import REGISTRY, Indicator
from reports.models import TargetRevision
from reports.places import year_of
from reports.queries import Units
from reports.queries.cascade import Gap, cascade, day_of, gap_of, last_years, sums_over_units
from reports.queries.targets import first_day


@require_safe
@permitted(Permission.SEE_FIGURES)
def overview(request: Request, code: str, year: int) -> HttpResponse:
    unit = unit_for(request.user, code, Permission.SEE_FIGURES)
    year_of(year)
    units = Units()
    tree = units.on(date(year, 12, 31))
    context = {
        "unit": unit,
        "year": year,
        "on": day_of(unit, year),
        "gaps": cascade(unit, year, units=units),
        "indicators": REGISTRY.values(),
        "below": tree.children(unit.pk) if unit.pk in tree else [],
        "seen": unit_ids(request.user, Permission.SEE_FIGURES),
        "may_edit": can(request.user, Permission.EDIT_TARGETS, unit),
    }
    return render(request, "reports/cascade.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permission.EDIT_TARGETS)
@once
def share_out(request: Request, code: str, year: int, indicator: str) -> HttpResponse:
    unit = unit_for(request.user, code, Permission.EDIT_TARGETS)
    year_of(year)
    if indicator not in REGISTRY:
        raise Http404
    units = Units()
    gap = gap_of(unit, year, REGISTRY[indicator], units=units)
    reached = last_years(unit, year, REGISTRY[indicator], units)
    proposal = _proposal(request, gap)
    values = _values(proposal, gap, reached)
    form = _form(request, gap, year, unit, values)
    if request.method == "POST" and form.is_valid() and _saved(request, form, year):
        return redirect("reports:cascade", code, year)
    context = {"unit": unit, "year": year, "gap": gap, "form": form, "rows": form.rows(reached), "proposal": proposal}
    context |= {"is_proposed": values is not None, "adds": sums_over_units(gap.indicator)}
    return render(request, "reports/cascade_share.html", context, status=422 if form.errors else 200)


def _proposal(request: Request, gap: Gap) -> ProposalForm:
    whole = gap.whole if gap.whole and gap.whole.scope is FigureScope.TREE else None
    asked = request.GET if request.method == "GET" and "way" in request.GET else None
    initial = {"total": whole.value if whole else None}
    return ProposalForm(asked, adds=sums_over_units(gap.indicator), initial=initial)


def _values(proposal: ProposalForm, gap: Gap, reached: dict) -> dict[int, Decimal] | None:
    if not (proposal.is_bound and proposal.is_valid()):
        return None
    return proposed(gap, Way(proposal.cleaned_data["way"]), proposal.cleaned_data["total"], reached)


def _form(request: Request, gap: Gap, year: int, unit: Unit, values: dict[int, Decimal] | None) -> CascadeForm:
    within = unit_ids(request.user, Permission.EDIT_TARGETS)
    below = Unit.objects.filter(pk__in=[part.node.id for part in gap.parts if part.node.id in within])
    latest = _latest(gap.indicator, year, [each.pk for each in below])
    day = first_day(unit, year, [each.revision.in_force_on for each in latest.values()])
    data = request.POST if request.method == "POST" else None
    return CascadeForm(data, gap=gap, units=below, latest=latest, day=day, values=values)


def _latest(indicator: Indicator, year: int, units: Collection[int]) -> dict[int, Latest]:
    found: dict[int, Latest] = {}
    revisions = TargetRevision.objects.filter(
        target__unit__in=units, target__year=year, target__indicator=indicator.key
    ).select_related("target")
    for revision in revisions.order_by("in_force_on", "id"):
        before = found.get(revision.target.unit_id)
        found[revision.target.unit_id] = Latest(revision, max(revision.pk, before.newest if before else 0))
    return found


def _saved(request: Request, form: CascadeForm, year: int) -> bool:
    facts = {name: form.cleaned_data[name] for name in ("in_force_on", "reason")}
    try:
        saved = targets.revise_all(by=request.user, year=year, changes=form.changes, **facts)
    except Refused as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("Targets saved: %(count)s.") % {"count": len(saved)})
    return True
