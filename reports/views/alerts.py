"""Early warnings of a unit and of those below it, with the rule by which they are given."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from facilities.access import can, permitted, unit_for
from rehab.http import Request
from rehab.roles import Permission
from reports.places import year_of
from reports.queries.alerts import AlertKind, alerts
from reports.queries.figures import FORECAST_FROM_MONTH

SHOWN = 200


@require_safe
@permitted(Permission.SEE_FIGURES)
def listing(request: Request, code: str, year: int) -> HttpResponse:
    unit = unit_for(request.user, code, Permission.SEE_FIGURES)
    year_of(year)
    found = alerts(unit, year)
    asked = request.GET.get("kind", "")
    kind = AlertKind(asked) if asked in AlertKind.values else None
    below = [alert for alert in found.below if kind in (None, alert.kind)]
    context = {
        "unit": unit,
        "year": year,
        "found": found,
        "below": below[:SHOWN],
        "more": max(0, len(below) - SHOWN),
        "kinds": [(each, sum(alert.kind is each for alert in found.below)) for each in AlertKind],
        "kind": kind,
        "forecast_from": FORECAST_FROM_MONTH,
        "may_set": can(request.user, Permission.EDIT_SETTINGS),
    }
    return render(request, "reports/alerts.html", context)
