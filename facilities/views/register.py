"""The list of facilities, and the list as a workbook."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from facilities import display
from facilities.access import can, permitted
from facilities.exports import WIDTHS, heading, rows
from facilities.filters import FacilityFilter
from facilities.queries import register
from rehab import audit, keyset, panels
from rehab.http import Request
from rehab.roles import Permission
from rehab.tabular.writing import XLSX_TYPE, SheetOut, xlsx_pieces


@permitted(Permission.SEE_FACILITIES)
def listing(request: Request) -> HttpResponse:
    every = register(timezone.localdate())
    found = FacilityFilter(request.GET, queryset=every)
    page, count = keyset.counted_page(request, found.qs, "name", "pk", whole=every)
    facts = panels.facility_facts.merge(request.user, page.rows)
    for facility in page.rows:
        facility.facts = facts.get(facility.pk, [])
        facility.services_text = display.fact(facility, "services")
    context = {
        "filter": found,
        "page": page,
        "count": count,
        "filtered": any(value for name, value in request.GET.items() if name in found.filters),
        "may_add": can(request.user, Permission.EDIT_FACILITIES),
    }
    return render(request, "facilities/list.html", context)


@require_POST
@permitted(Permission.SEE_FACILITIES)
def export(request: Request) -> StreamingHttpResponse:
    """The filtered list, whole; a POST since it takes the register out of the house, which is recorded."""
    found = FacilityFilter(request.GET, queryset=register(timezone.localdate())).qs.order_by("name", "pk")
    audit.record("facilities.exported", by=request.user, subject="facilities.facility", data={"rows": found.count()})
    sheet = SheetOut(_("Facilities"), heading(), rows(found), WIDTHS)
    response = StreamingHttpResponse(list(xlsx_pieces([sheet])), content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="fasilitas-{timezone.localdate():%Y-%m-%d}.xlsx"'
    return response
