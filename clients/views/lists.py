"""The list of clients, and the search, which is posted so that no identifier stands in an address or a log."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from clients.codes import as_code
from clients.forms.lists import ClientFilter, SearchForm
from clients.queries import listing
from clients.queries.search import MOST, search
from facilities.access import can, facility_ids, permitted
from rehab import audit, keyset, throttle
from rehab.roles import Permission

SEARCHES_A_MINUTE = 60


@permitted(Permission.SEE_CLIENTS)
def clients(request: HttpRequest) -> HttpResponse:
    user = request.user
    filters = ClientFilter(request.GET, reach=facility_ids(user, Permission.SEE_CLIENTS))
    chosen = filters.chosen()
    page, count = keyset.counted_page(request, listing.found(user, **chosen), "-pk", whole=listing.whole())
    context = {
        "form": filters,
        "filtered": bool(chosen),
        "page": page,
        "rows": listing.rows(user, page.rows),
        "count": count,
    }
    return render(request, "clients/list.html", context)


@require_POST
@permitted(Permission.SEE_IDENTITY)
def find(request: HttpRequest) -> HttpResponse:
    """A code leads straight to its client; anything else to a list of masked names."""
    if not throttle.allowed("clients.search", request.user.pk, most=SEARCHES_A_MINUTE, seconds=60):
        context = {"form": SearchForm(request.POST), "rows": [], "most": MOST, "too_often": True}
        return render(request, "clients/search.html", context, status=429)
    form = SearchForm(request.POST)
    found = search(request.user, form.cleaned_data["q"]) if form.is_valid() else []
    if len(found) == 1 and as_code(form.cleaned_data["q"]) == found[0].code:
        return redirect("clients:client", found[0].code)
    audit.record("clients.searched", by=request.user, subject="clients.client", data={"found": len(found)})
    context = {
        "form": form,
        "rows": listing.rows(request.user, found),
        "most": MOST,
        "full": len(found) == MOST,
        "may_register": can(request.user, Permission.REGISTER),
    }
    return render(request, "clients/search.html", context)
