"""The card of a mandatory report: who has one, issuing, replacing and printing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.access import card_for, client_for
from clients.actions import cards
from clients.actions.identity import reveal
from clients.card_paper import card_pdf
from clients.enums import RevealReason
from clients.forms.cards import CardForm, ReplaceForm
from clients.queries import cards as queries
from clients.queries.page import client_page
from clients.views.place import own_facility
from facilities.access import can
from rehab import audit
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


@require_safe
def of_client(request: Request, code: str) -> HttpResponse:
    """The cards that were given here, and over all facilities one number: the treatment periods."""
    client = client_for(request.user, code, Permission.REGISTER)
    facility = own_facility(request)
    held = queries.cards_of(request.user, client)
    audit.record_read("clients.opened", by=request.user, subject=client, client_code=client.code)
    context = {
        "client": client,
        "page": client_page(request.user, client, timeline=False),
        "cards": held,
        "valid": next((card for card in held if card.is_valid and card.facility_id == facility.pk), None),
        "periods": queries.periods_of(client),
        "may_issue": queries.came_by_report(client, facility),
        "may_reveal": can(request.user, Permission.SEE_IDENTITY),
        "reasons": RevealReason.choices,
    }
    return render(request, "clients/card.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def issue(request: Request, code: str) -> HttpResponse:
    client = client_for(request.user, code, Permission.REGISTER)
    facility = own_facility(request)
    form = CardForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            card = cards.issue(by=request.user, client=client, facility=facility, **form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("Card %(number)s is issued. Print it now.") % {"number": card.number})
            return redirect("clients:card", client.code)
    return render(request, "clients/card_issue.html", {"client": client, "form": form, "periods": queries.periods_of(client)})  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@once
def replace(request: Request, pk: int) -> HttpResponse:
    card = card_for(request.user, pk)
    form = ReplaceForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            new = cards.replace(by=request.user, card=card, **form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("Card %(number)s is issued. Print it now.") % {"number": new.number})
            return redirect("clients:card", card.client.code)
    return render(request, "clients/card_replace.html", {"client": card.client, "card": card, "form": form})


@require_POST
def printed(request: Request, pk: int) -> HttpResponse:
    """The card as PDF. It carries the name, so making it is a recorded look at the identity."""
    card = card_for(request.user, pk)
    client = client_for(request.user, card.client.code, Permission.SEE_IDENTITY)
    known = reveal(by=request.user, client=client, reason=str(_("Printing the card of mandatory report")))
    audit.record("card.printed", by=request.user, subject=card, client_code=client.code)
    content = card_pdf(card, known, queries.periods_of(client))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="kartu-{client.code}.pdf"'
    return response
