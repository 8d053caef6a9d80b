"""The board of beds of a facility, and what its keepers do there. Clients are named only to those who care for them."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from clients.actions import placements
from clients.forms.beds import RoomForm, TakeOutForm, UseAgainForm
from clients.models import WaitingListEntry
from clients.queries import beds as queries
from clients.queries import with_names
from clients.queries.waiting import places_of_classes, ranked
from facilities.access import can, facility_for, facility_ids, one_of, permitted
from facilities.actions import beds
from facilities.models import Bed, Facility
from rehab import audit, keyset
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission

KEEPERS = (Permission.EDIT_OWN_FACILITY, Permission.EDIT_FACILITIES)


@permitted(*queries.BOARD)
def listing(request: Request) -> HttpResponse:
    """The board of one's own facility; for a unit its facilities that keep beds or have people waiting, in numbers."""
    post = getattr(request.user, "active_post", None)
    if post and post.facility:
        return redirect("clients:beds_of", post.facility.code)
    mine = Facility.objects.filter(pk__in=facility_ids(request.user, *queries.BOARD))
    waits = WaitingListEntry.objects.open().filter(facility=OuterRef("pk"))
    found = mine.filter(Exists(Bed.objects.filter(facility=OuterRef("pk"))) | Exists(waits))
    page = keyset.page(request, found.select_related("region__parent"), "name", "pk")
    numbers = queries.numbers_of(page.rows)
    rows = [(facility, numbers[facility.pk]) for facility in page.rows]
    return render(request, "clients/beds.html", {"page": page, "rows": rows})


@permitted(*queries.BOARD)
def board(request: Request, code: str) -> HttpResponse:
    facility = facility_for(request.user, code, *queries.BOARD)
    found = queries.board(facility, facility.local_date())
    named = any(can(request.user, permission, facility) for permission in queries.NAMED)
    care = can(request.user, Permission.TREAT, facility)
    entries = list(WaitingListEntry.objects.open().filter(facility=facility).select_related("episode__client"))
    queue = ranked(entries, facility.local_date(), places_of_classes()) if entries else []
    if named:
        _name(request, facility, found, queue if care else [])
    context = {
        "facility": facility,
        "board": found,
        "groups": queries.grouped(queue),
        "named": named,
        "care": care,
        "keeps": any(can(request.user, permission, facility) for permission in KEEPERS),
        "opens": can(request.user, Permission.SEE_CLIENTS, facility),
    }
    return render(request, "clients/board.html", context)


def _name(request: Request, facility: Facility, found: queries.Board, queue: list) -> None:
    """Masked names for those who may read them; the look is recorded for each client."""
    clients = found.clients + [row.entry.episode.client for row in queue]
    with_names(clients)
    if clients:
        codes = sorted({client.code for client in clients})
        audit.record_reads("placement.opened", by=request.user, subject=facility, client_codes=codes)


@once
@permitted(*KEEPERS)
def add_room(request: Request, code: str) -> HttpResponse:
    facility = facility_for(request.user, code, *KEEPERS)
    form = RoomForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = beds.add_room(by=request.user, facility=facility, **form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("%(beds)s beds are recorded.") % {"beds": len(made)})
            return redirect("clients:beds_of", facility.code)
    return render(request, "clients/add_room.html", {"facility": facility, "form": form})


@permitted(*KEEPERS)
def take_out(request: Request, code: str, pk: int) -> HttpResponse:
    facility, bed = _bed(request, code, pk)
    form = TakeOutForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            placements.take_out(by=request.user, bed=bed, **form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The bed is out of use from that day on."))
            return redirect("clients:beds_of", facility.code)
    return render(request, "clients/take_out_bed.html", {"facility": facility, "bed": bed, "form": form})


@once
@permitted(*KEEPERS)
def use_again(request: Request, code: str, pk: int) -> HttpResponse:
    facility, bed = _bed(request, code, pk)
    form = UseAgainForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            beds.use_again(by=request.user, bed=bed, **form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The bed is in use again from that day on."))
            return redirect("clients:beds_of", facility.code)
    return render(request, "clients/use_bed_again.html", {"facility": facility, "bed": bed, "form": form})


def _bed(request: Request, code: str, pk: int) -> tuple[Facility, Bed]:
    facility = facility_for(request.user, code, *KEEPERS)
    return facility, one_of(facility.beds.select_related("facility"), pk)
