"""The list of clients, and the search, which is posted so that no identifier stands in an address or a log."""

from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from clients.forms.lists import ClientFilter, SearchForm
from clients.models import SavedFilter
from clients.queries import columns as listed
from clients.queries import listing
from clients.queries.finding import Wanted, sources
from clients.queries.saved import Kept, kept_of
from clients.queries.search import Kind, Understood, search, understand
from facilities.access import can, facility_ids, permitted
from facilities.models import Facility
from rehab import audit, keyset, throttle
from rehab.http import Request
from rehab.models import User
from rehab.roles import Permission

SEARCHES_A_MINUTE = 60
COUNTED = 10_000
SUGGESTED = 30
# What an address may carry beside the filter.
SAVED = "saved"


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a saved filter, or a choice of its own, and the columns that go with it."""

    kept: Kept
    saved: SavedFilter | None
    filters: ClientFilter
    columns: list[listed.Column]


def asked_of(user: User, address: QueryDict) -> Asked:
    """Where the address asks for nothing, the filter that the person opens the list with."""
    kept = kept_of(user)
    asks = set(address) - {"after", "before"}
    saved = kept.filter(address.get(SAVED, "")) if asks else kept.opening
    data = QueryDict(saved.query) if saved else address
    columns = (saved.columns if saved else None) or kept.columns
    return Asked(kept, saved, ClientFilter(data, user=user), listed.chosen(user, columns))


@require_safe
@permitted(Permission.SEE_CLIENTS)
def clients(request: Request) -> HttpResponse:
    user = request.user
    asked = asked_of(user, request.GET)
    filters = asked.filters
    wanted = filters.wanted()
    page = keyset.gathered_page(request, sources(user, wanted), filters.key, whole=listing.whole())
    context = {
        "form": filters,
        "chips": filters.chips(request.path),
        "kept": asked.kept.filters,
        "saved": asked.saved,
        "page": page,
        "rows": listing.rows(user, page.rows, asked.columns),
        "heads": asked.columns,
        "count": _count(user, wanted) if "count" in request.GET else _at_hand(page),
        "size": keyset.SIZE,
        "may_export": can(user, Permission.SEE_MEMBERS),
        "address": f"{SAVED}={asked.saved.pk}" if asked.saved else filters.query or "all=1",
    }
    return render(request, "clients/list.html", context)


@require_safe
@permitted(Permission.SEE_CLIENTS)
def count(request: Request) -> HttpResponse:
    """How many there are, where it is more than a page: a piece that is fetched after it, so that no page waits for it."""
    number = _count(request.user, asked_of(request.user, request.GET).filters.wanted())
    return render(request, "clients/_count.html", {"count": number})


def _count(user: User, wanted: Wanted) -> keyset.Count:
    return keyset.gathered_count(sources(user, wanted), COUNTED)


def _at_hand(page: keyset.Page) -> keyset.Count | None:
    """Where everything stands on one page nothing needs counting."""
    return None if page.previous_url or page.next_url else keyset.Count(len(page.rows), False)


@require_safe
@permitted(Permission.SEE_CLIENTS)
def places(request: Request) -> HttpResponse:
    """Facilities of the person's scope that begin to look like what is typed, for the field of a long list."""
    text = request.GET.get("facility", "").strip()[:150]
    reach = facility_ids(request.user, Permission.SEE_CLIENTS)
    fitting = Facility.objects.filter(pk__in=reach, name__icontains=text.replace("\x00", "")).order_by("name", "pk")
    return render(request, "clients/_places.html", {"places": fitting.values_list("name", flat=True)[:SUGGESTED]})


@require_POST
@permitted(Permission.SEE_CLIENTS)
def find(request: Request) -> HttpResponse:
    """A code leads straight to its client; anything else to a list of masked names."""
    form = SearchForm(request.POST)
    if not throttle.allowed("clients.search", request.user.pk, most=SEARCHES_A_MINUTE, seconds=60):
        return render(request, "clients/search.html", {"form": form, "rows": [], "too_often": True}, status=429)
    if not form.is_valid():
        return render(request, "clients/search.html", {"form": form, "rows": []})
    asked = understand(form.cleaned_data["q"])
    named = can(request.user, Permission.SEE_IDENTITY) or asked.kind is Kind.CODE
    result = search(request.user, asked, after=_key(request, "after"), before=_key(request, "before"))
    _record(request.user, asked, len(result.clients))
    if asked.kind is Kind.CODE and len(result.clients) == 1:
        return redirect("clients:client", result.clients[0].code)
    context = {
        "form": form,
        "asked": asked,
        "named": named,
        "result": result,
        "rows": listing.rows(request.user, result.clients),
        "heads": listed.chosen(request.user, ()),
        "may_register": can(request.user, Permission.REGISTER),
        "list_url": reverse("clients:list"),
    }
    return render(request, "clients/search.html", context)


def _record(user: User, asked: Understood, number: int) -> None:
    """Each search, by what it was and never what was typed."""
    audit.record("clients.searched", by=user, subject="clients.client", data={"by": asked.kind.value, "found": number})


def _key(request: Request, name: str) -> int | None:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
