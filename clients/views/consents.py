"""Consents of a client: given, renewed, printed for signature, and taken back at once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients.access import client_for, consent_for, guardian_of, own_consent
from clients.actions import consents
from clients.actions.identity import reveal
from clients.consent_paper import consent_pdf
from clients.enums import RevealReason
from clients.forms.consents import ConsentForm
from clients.forms.treatments import ReasonForm
from clients.models import Client
from clients.queries.consents import consents_of
from clients.queries.handovers import places_to_offer
from clients.views.place import own_facility
from facilities.access import can
from facilities.models import Facility
from rehab import audit
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@once
def of_client(request: Request, code: str) -> HttpResponse:
    """What was agreed to, with its history, and a new consent; `?perpanjang=` begins with what an earlier one says."""
    client = client_for(request.user, code, Permission.REGISTER)
    facility = own_facility(request)
    form = _form(request, client, facility)
    if form.is_bound and form.is_valid():
        try:
            consents.give(by=request.user, client=client, facility=facility, **form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The consent is recorded."))
            return redirect("clients:consent", client.code)
    context = {
        "client": client,
        "form": form,
        "words": request.POST.get("words", ""),
        "consents": consents_of(request.user, client),
        "guardian": guardian_of(client),
        "may_reveal": can(request.user, Permission.SEE_IDENTITY),
        "reasons": RevealReason.choices,
    }
    return render(request, "clients/consent.html", context)


def _form(request: Request, client: Client, facility: Facility) -> ConsentForm:
    """Bound to what was sent; while a facility is looked for, it shows what was typed and checks nothing yet."""
    looking = "look" in request.POST
    places = places_to_offer(facility, request.POST.get("words", "")[:100], facility.local_date())
    earlier = own_consent(request.user, client, request.GET.get("perpanjang", ""))
    initial: dict[str, object] = {}
    if earlier:
        initial["scope"] = earlier.scope
        if earlier.only_to:
            places = [earlier.only_to, *(place for place in places if place != earlier.only_to)]
            initial["only_to"] = earlier.only_to_id
    if looking:
        initial |= {name: request.POST[name] for name in ConsentForm.base_fields if name in request.POST}
    sent = request.POST if request.method == "POST" and not looking else None
    return ConsentForm(sent, initial=initial, places=places)


def revoke(request: Request, code: str, pk: int) -> HttpResponse:
    client = client_for(request.user, code, Permission.REGISTER)
    held = consent_for(request.user, client, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            consents.revoke(by=request.user, consent=held, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The consent has been taken back. Sharing with others has ended."))
            return redirect("clients:client", client.code)
    return render(request, "clients/revoke.html", {"client": client, "form": form, "consent": held})


@require_POST
def printed(request: Request, code: str, pk: int) -> HttpResponse:
    """The form for signature as PDF. It carries the name, so making it is a recorded look at the identity."""
    client = client_for(request.user, code, Permission.SEE_IDENTITY)
    held = consent_for(request.user, client, pk)
    known = reveal(by=request.user, client=client, reason=str(_("Printing the form of consent")))
    audit.record("consent.printed", by=request.user, subject=held, client_code=client.code)
    response = HttpResponse(consent_pdf(held, known, request.user), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="persetujuan-{client.code}.pdf"'
    return response
