"""The rows behind a number, and what is not counted yet."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from facilities.access import permitted, unit_ids
from facilities.models import Facility
from rehab import keyset
from rehab.http import Request
from rehab.models import User
from rehab.roles import Permission
from reports import places
from reports.forms.exports import ExportForm
from reports.forms.members import MembersFilter
from reports.indicators import REGISTRY, Indicator, MemberKind
from reports.indicators.definition import FACILITY
from reports.queries import Units, members
from reports.queries.figures import reach_of
from reports.queries.members import chosen_members, missing, uncounted_members
from reports.queries.satisfaction import satisfaction
from reports.suppression import suppressed
from reports.views.dashboard import scope_of


@dataclass(frozen=True)
class MemberRow:
    """One member. `code` and `url` are empty for those who may not know who it is."""

    on: date
    code: str
    url: str
    facility: Facility | None
    facts: list[str]


@require_safe
@permitted(Permission.SEE_FIGURES)
def listing(request: Request, code: str, year: int, indicator: str) -> HttpResponse:
    place, period = places.place_for(request.user, code), places.year_of(year)
    definition = REGISTRY.get(indicator)
    if definition is None or not definition.is_counted:
        raise Http404
    scope = scope_of(request, place)
    context: dict[str, Any] = {"place": place, "year": year, "indicator": definition, "scope": scope, "period": period}
    if definition.mean:
        context |= {
            "missing": missing(definition, place, period, scope),
            "satisfaction": satisfaction(place, period, scope),
        }
        return render(request, "reports/members_index.html", context)
    if not places.may_open_members(request.user, place):
        context |= _by_facility(members(definition, place, period, scope))
        return render(request, "reports/members_counts.html", context)
    chosen = MembersFilter(request.GET, indicator=definition)
    context["period"], found = chosen_members(definition, place, period, scope, chosen)
    page = keyset.page(request, found, f"-{definition.date_field}", "-pk")
    context |= {"page": page, "count": keyset.count(found), "filter": chosen}
    context |= {"export": ExportForm(auto_id="export_%s"), "query": request.GET.urlencode()}
    context["rows"] = _rows(request.user, definition, page.rows)
    context["missing"] = missing(definition, place, context["period"], scope)
    return render(request, "reports/members.html", context)


@require_safe
@permitted(Permission.SEE_FIGURES)
def uncounted(request: Request, code: str, year: int) -> HttpResponse:
    """Treatments that were started and do not count yet, with what is missing."""
    place, period = places.place_for(request.user, code), places.year_of(year)
    if not places.may_open_members(request.user, place):
        raise PermissionDenied
    scope = scope_of(request, place)
    found = uncounted_members(reach_of(place, scope, Units().on(period.last_day)), period)
    at = request.GET.get("facility", "")
    if at.isascii() and at.isdecimal() and len(at) < 19:
        found = found.filter(facility=int(at))
    page = keyset.page(request, found, "started_on", "pk")
    known = places.knows(request.user)
    for treatment in page.rows:
        treatment.shown = known(treatment.facility_id, treatment.unit_id)
    context = {"place": place, "year": year, "scope": scope, "page": page, "count": keyset.count(found)}
    return render(request, "reports/uncounted.html", context)


def _rows(user: User, indicator: Indicator, found: list) -> list[MemberRow]:
    ids = {each.at_facility for each in found if each.at_facility}
    facilities = Facility.objects.in_bulk(ids) if ids else {}
    known = _known_cases(user) if indicator.member_kind is MemberKind.TAT_CASE else _known(user)
    rows = []
    for each in found:
        facility = facilities.get(each.at_facility)
        shown = each.member_code if indicator.member_kind is MemberKind.FACILITY or known(each) else ""
        rows.append(
            MemberRow(
                each.on,
                shown,
                _address(indicator, shown),
                facility,
                [one.label(getattr(each, one.key) or "") for one in indicator.list_breakdowns],
            )
        )
    return rows


def _known(user: User):
    known = places.knows(user)
    return lambda member: known(member.at_facility, member.for_unit)


def _known_cases(user: User):
    of = unit_ids(user, Permission.TAT_MANAGE)
    return lambda member: member.for_unit in of


def _address(indicator: Indicator, code: str) -> str:
    if not code:
        return ""
    pages = {
        MemberKind.CLIENT: "clients:client",
        MemberKind.TAT_CASE: "assessments:tat_case",
        MemberKind.FACILITY: "facilities:facility",
    }
    return reverse(pages[indicator.member_kind], args=[code])


def _by_facility(found: QuerySet) -> dict:
    """Counts of each facility, too small ones hidden."""
    counts = dict(found.order_by().values_list(FACILITY).annotate(members=Count("pk")))
    names = {facility.pk: facility.name for facility in Facility.objects.filter(pk__in=[pk for pk in counts if pk])}
    shown = suppressed(counts)
    rows = sorted(((names.get(pk, ""), shown[pk]) for pk in counts if pk), key=lambda row: row[0])
    return {"rows": rows, "total": sum(counts.values()), "hidden": any(value is None for value in shown.values())}
