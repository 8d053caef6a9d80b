"""The cards of the page of figures: each answers at its own address, as a part of the page or as a page of its own."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from facilities.access import permitted
from facilities.models import Facility
from rehab import keyset
from rehab.http import Request
from rehab.roles import Permission
from reports import places
from reports.cards import CARDS, Frame, shown
from reports.cards.base import KEPT
from reports.queries.funnel import STEPS, episodes_at
from reports.views.dashboard import scope_of


def frame_of(request: Request, code: str, year: int) -> Frame:
    """The place and year of an address, for a person who may see its figures; else 404."""
    place, period = places.place_for(request.user, code), places.year_of(year)
    scope = scope_of(request, place)
    query = {name: request.GET[name][:60] for name in KEPT if name in request.GET} | {"scope": scope.value}
    # Where no card was asked for by itself, they tell of what the chart shows.
    query.setdefault("indicator", request.GET.get("chart", "")[:60])
    return Frame(request.user, place, period, scope, place.local_date(), query)


@require_safe
@permitted(Permission.SEE_FIGURES)
def card(request: Request, code: str, year: int, key: str) -> HttpResponse:
    frame = frame_of(request, code, year)
    found = CARDS.get(key)
    if found is None or not found.fits(frame):
        raise Http404
    context = page_of(frame) | {"shown": shown(found, frame, short=bool(request.htmx)), "now": timezone.now()}
    context["query"] = request.GET.urlencode()
    return render(request, "reports/cards/_card.html" if request.htmx else "reports/cards/card.html", context)


def page_of(frame: Frame) -> dict[str, object]:
    return {
        "frame_of": frame,
        "place": frame.place,
        "year": frame.year,
        "scope": frame.scope,
        "is_facility": isinstance(frame.place, Facility),
    }


@require_safe
@permitted(Permission.SEE_FIGURES)
def funnel_step(request: Request, code: str, year: int, step: str) -> HttpResponse:
    """The episodes behind one number of the way; `rest` asks for those that did not come here from the step before."""
    frame = frame_of(request, code, year)
    if step not in STEPS or frame.cut is None:
        raise Http404
    if not frame.open:
        raise PermissionDenied
    asked = request.GET.get("rest", "")
    rest = asked if asked in ("open", "stopped") else ""
    found = episodes_at(list(frame.facilities), frame.cut, STEPS[step], rest)
    page = keyset.page(request, found.select_related("client", "responsible_facility"), "-opened_on", "-pk")
    known = places.knows(request.user)
    for episode in page.rows:
        episode.shown = known(episode.responsible_facility_id, episode.responsible_facility.unit_id)
    context = {"step": STEPS[step], "rest": rest, "page": page, "count": keyset.count(found)}
    return render(request, "reports/funnel_step.html", page_of(frame) | context)
