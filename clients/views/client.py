"""The page of one client: who, where on the way, what next, and everything that happened."""

import contextlib

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients import audit_words
from clients.access import client_for
from clients.actions.identity import reveal as open_identity
from clients.actions.matches import mark_seen
from clients.enums import RevealReason
from clients.models import Client, MatchNotice
from clients.queries import RevealedIdentity
from clients.queries.page import client_page, looks
from facilities.access import can, facility_ids
from facilities.queries import place_names
from rehab import audit, keyset, undo
from rehab.errors import Refused
from rehab.http import Request
from rehab.roles import Permission

SHOWN = 100


def client(request: Request, code: str) -> HttpResponse:
    """Who may know the client; each look is recorded."""
    found = client_for(request.user, code)
    audit.record_read("clients.opened", by=request.user, subject=found, client_code=found.code)
    return _page(request, found)


@require_POST
def reveal(request: Request, code: str) -> HttpResponse:
    """Name and numbers in the clear, after the look and its reason have been recorded."""
    found = client_for(request.user, code, Permission.SEE_IDENTITY)
    reason = request.POST.get("reason", "")
    label = RevealReason(reason).label if reason in RevealReason.values else RevealReason.SERVE.label
    known = open_identity(by=request.user, client=found, reason=str(label))
    if request.htmx:
        return render(request, "clients/_identity.html", {"client": found, "known": known, **_rights(request)})
    return _page(request, found, known)


def _page(request: Request, found: Client, known: RevealedIdentity | None = None) -> HttpResponse:
    page = client_page(request.user, found)
    kinds = {entry.kind: entry.kind_label for entry in page.entries}
    kind = request.GET.get("kind", "")
    entries = [entry for entry in page.entries if not kind or entry.kind == kind]
    everything = "all" in request.GET
    context = {
        "page": page,
        "client": found,
        "known": known,
        "kinds": kinds,
        "kind": kind if kind in kinds else "",
        "entries": entries if everything else entries[:SHOWN],
        "more": 0 if everything else max(len(entries) - SHOWN, 0),
        "reasons": RevealReason.choices,
        **_rights(request),
    }
    return render(request, "clients/client.html", context)


def _rights(request: Request) -> dict:
    return {
        "may_reveal": can(request.user, Permission.SEE_IDENTITY),
        "may_register": can(request.user, Permission.REGISTER),
        "treats_at": facility_ids(request.user, Permission.TREAT),
    }


def who_looked(request: Request, code: str) -> HttpResponse:
    """Siapa membuka rekam ini: for those who may see the identity, and for auditors."""
    try:
        found = client_for(request.user, code, Permission.SEE_IDENTITY)
    except Http404:
        found = client_for(request.user, code, Permission.SEE_AUDIT)
    audit.record_read("clients.looks_opened", by=request.user, subject=found, client_code=found.code)
    page = keyset.page(request, looks(found), "-pk")
    care = Client.objects.visible_to(request.user, Permission.SEE_CLINICAL).filter(pk=found.pk).exists()
    places = place_names(event.place for event in page.rows)
    events = [
        (
            event,
            audit_words.sentence(event.verb),
            event.reason if care or audit_words.is_plain(event.verb) else "",
            places.get(event.place, event.place),
        )
        for event in page.rows
    ]
    return render(request, "clients/who_looked.html", {"client": found, "page": page, "events": events})


@require_POST
def match_seen(request: Request, code: str) -> HttpResponse:
    """The client has been asked; the notice goes for this side."""
    found = client_for(request.user, code, Permission.REGISTER)
    notice = MatchNotice.objects.visible_to(request.user).filter(client=found, seen_by=None).first()
    if notice:
        with contextlib.suppress(Refused):  # a colleague was quicker
            mark_seen(by=request.user, notice=notice)
            back = reverse("clients:client", args=[found.code])
            undo.offer(
                request, _("The notice is gone."), "matches.seen", back=back, client=found.code, notice=notice.pk
            )
    return redirect("clients:client", found.code)
