"""The page of figures: target and realisation of a unit, or what a facility did."""

import re

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from facilities.access import permitted, post_of
from facilities.models import Facility, Unit
from rehab.http import Request
from rehab.periods import Period
from rehab.roles import Permission
from reports import places
from reports.cards import Frame, cards_of
from reports.dashboard import Beside, Page
from reports.enums import FigureScope
from reports.queries import Figures, Units, Wanted, default_scope, figures
from reports.queries.budgets import by_indicator
from reports.queries.sealed import sealed_figures

FIRST_SHOWN = 2017
# What tiles and months need; every other question is a card.
TILES = Wanted(last_year=True, uncounted=True, parts=False)
CODE = re.compile(r"[\w.-]{1,40}", re.ASCII)


@require_safe
@permitted(Permission.SEE_FIGURES)
def dashboard(request: Request) -> HttpResponse:
    """The place one is posted at, this year; or, from the picker, the place and year of the address."""
    own = post_of(request.user).place
    asked = request.GET.get("unit", "")
    code = asked if CODE.fullmatch(asked) else own.code
    year = request.GET.get("year", "")
    number = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else own.local_date().year
    scope = request.GET.get("scope", "")
    query = f"?scope={scope}" if scope in FigureScope.values else ""
    return redirect(reverse("reports:unit", args=[code, number]) + query)


@require_safe
@permitted(Permission.SEE_FIGURES)
def unit(request: Request, code: str, year: int) -> HttpResponse:
    place, period = places.place_for(request.user, code), places.year_of(year)
    page, units = page_for(request, place, period)
    found = page.found
    shown = {"scope": found.scope.value, "indicator": request.GET.get("chart", "")[:60]}
    frame = Frame(request.user, place, period, found.scope, place.local_date(), shown)
    context = {
        "place": place,
        "is_facility": isinstance(place, Facility),
        "year": year,
        "years": _years(year, place),
        "found": found,
        "page": page,
        "cards": [(card, frame.card_url(card.key)) for card in cards_of(frame)] if found.begun else [],
        "picker": places.choices(request.user, place, units),
        "other_scope": _other(place, found.scope, units, period.last_day),
        "now": timezone.now(),
        "query": request.GET.urlencode(),
    }
    return render(request, "reports/unit.html", context)


def page_for(request: Request, place: Unit | Facility, period: Period) -> tuple[Page, Units]:
    """The figures of a place in a year, as the address asks for them, and the tree they were read from."""
    units = Units()
    found = figures(place, period, scope=scope_of(request, place), units=units, wanted=TILES)
    beside = beside_of(place, found, units) if isinstance(place, Unit) else Beside()
    return Page(request.user, place, found, {"scope": found.scope.value} | _chosen(request), beside), units


def beside_of(unit: Unit, found: Figures, units: Units) -> Beside:
    """Two queries."""
    year, day = found.period.start.year, found.period.last_day
    tree = units.on(day)
    below = tree.under(unit.pk) if found.scope is FigureScope.TREE and unit.pk in tree else None
    return Beside(
        sealed_figures(unit.pk, year, found.scope, day),
        by_indicator(unit, year, found.as_of, below),
    )


def scope_of(request: Request, place: Unit | Facility) -> FigureScope:
    """The scope of the address; what the place answers for when it says none."""
    if isinstance(place, Facility):
        return FigureScope.OWN
    asked = request.GET.get("scope", "")
    return FigureScope(asked) if asked in FigureScope.values else default_scope(place.kind)


def _chosen(request: Request) -> dict[str, str]:
    return {name: request.GET[name][:60] for name in ("chart", "trend") if name in request.GET}


def _years(year: int, place: Unit | Facility) -> list[int]:
    this = place.local_date().year
    return sorted({*range(FIRST_SHOWN, this + 2), year}, reverse=True)


def _other(place: Unit | Facility, scope: FigureScope, units: Units, day) -> FigureScope | None:
    """The scope one click away, for a unit that has units below it."""
    if isinstance(place, Facility):
        return None
    tree = units.on(day)
    if place.pk not in tree or not tree.children(place.pk):
        return None
    return FigureScope.OWN if scope is FigureScope.TREE else FigureScope.TREE
