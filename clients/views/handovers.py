"""Handing a client over: the offer, the packet as each side reads it, the answers, the receipt and its check."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.access import client_for, handover_for
from clients.actions import handovers, identity
from clients.enums import HandoverStatus, RevealReason, Setting
from clients.forms.handovers import ANSWERS, CodeForm, OfferForm
from clients.models import Client, Episode, Handover
from clients.paper import letter_pdf, receipt_pdf
from clients.queries import handovers as queries
from clients.queries import open_episode, with_names
from clients.queries.listing import face_of
from facilities.access import can, permitted
from facilities.models import Facility
from rehab import audit, keyset, panels, throttle
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission

CHECKS_A_MINUTE = 30
STEPS: dict[str, tuple[HandoverStatus, Callable[..., Handover]]] = {
    "terima": (HandoverStatus.RECEIVED, handovers.receive),
    "kontak": (HandoverStatus.CONTACTED, handovers.first_contact),
    "selesai-di-luar": (HandoverStatus.LEFT, handovers.leave),
    "tolak": (HandoverStatus.DECLINED, handovers.decline),
    "tarik": (HandoverStatus.RECALLED, handovers.recall),
}


@permitted(Permission.TREAT)
def listing(request: Request) -> HttpResponse:
    """What comes to the person's facility, or what goes from there."""
    incoming = request.GET.get("show") != "outgoing"
    page = keyset.page(request, queries.listed(request.user, incoming=incoming), "-pk")
    limit = queries.limits()
    rows = [queries.seen(request.user, row, limit) for row in page.rows]
    with_names(row.handover.episode.client for row in rows if row.named)
    context = {"page": page, "rows": rows, "incoming": incoming, "limit": limit}
    return render(request, "clients/handovers.html", context)


@once
def offer(request: Request, code: str) -> HttpResponse:
    client = client_for(request.user, code, Permission.TREAT)
    episode = open_episode(client)
    if episode is None or not can(request.user, Permission.TREAT, episode.responsible_facility):
        raise Http404
    sender = episode.responsible_facility
    typing = request.method == "POST"
    looking = typing and "look" in request.POST
    words, initial = (request.POST.get("words", "")[:100], _typed(request)) if typing else _chosen(request)
    places = queries.places_to_offer(sender, words, sender.local_date())
    form = OfferForm(request.POST if typing and not looking else None, initial=initial, places=places)
    if typing and not looking and form.is_valid():
        try:
            made = handovers.offer(by=request.user, episode=episode, **form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The client is offered. Until the receiver says yes, you stay responsible."))
            return redirect("clients:handover", made.pk)
    return _offer_page(request, form, client, episode, words)


def _chosen(request: Request) -> tuple[str, dict[str, object]]:
    """A facility and a kind of service that another page chose; the facility is searched for by its name."""
    wanted = Facility.objects.filter(code=request.GET.get("ke", "")[:12]).first()
    setting = request.GET.get("layanan", "")
    initial: dict[str, object] = {"setting": setting} if setting in Setting else {}
    return (wanted.name, initial | {"to_facility": wanted.pk}) if wanted else ("", initial)


def _typed(request: Request) -> dict[str, object]:
    """What was typed before the search for a facility: nothing of it is lost."""
    return {name: request.POST[name] for name in OfferForm.base_fields if name in request.POST}


def _offer_page(request: Request, form: OfferForm, client: Client, episode: Episode, words: str) -> HttpResponse:
    held = [row for row in queries.handovers_of(client) if row.is_open]
    context = {
        "client": client,
        "episode": episode,
        "form": form,
        "words": words,
        "held": held[0] if held else None,
        "shares": queries.shares(client, episode.responsible_facility),
        "may_register": can(request.user, Permission.REGISTER),
    }
    return render(request, "clients/handover_offer.html", context)


@require_safe
def handover(request: Request, pk: int) -> HttpResponse:
    """What this side may read; each look at the packet is recorded."""
    return _page(request, handover_for(request.user, pk))


@require_POST
@once
def answer(request: Request, pk: int, step: str) -> HttpResponse:
    """One step of the way. A step that somebody else took already is answered with a sentence."""
    row = handover_for(request.user, pk, Permission.TREAT)
    to, act = STEPS.get(step, ("", None))
    if act is None or not queries.may_ever(request.user, row, to):
        raise Http404
    form = ANSWERS[to](request.POST)
    try:
        if form.is_valid():
            return _answered(request, act(by=request.user, handover=row, **form.cleaned_data))
    except Refused as refusal:
        if refusal.code in {"decided", "no_consent"}:
            messages.error(request, refusal.messages[0])
            return redirect("clients:handover", pk)
        refusal.add_to(form)
    return _page(request, row, {to: form})


def _answered(request: Request, row: Handover) -> HttpResponse:
    told = {
        HandoverStatus.RECEIVED: _("The client is yours now. Get in touch soon, then record the first contact."),
        HandoverStatus.CONTACTED: _("The first contact is recorded."),
        HandoverStatus.LEFT: _("The client has been handed over. The treatment and the episode are closed."),
        HandoverStatus.DECLINED: _("Declined. The client stays with the sender."),
        HandoverStatus.RECALLED: _("The offer is taken back. The receiver can no longer read it."),
    }
    messages.success(request, told[HandoverStatus(row.status)])
    return redirect("clients:handover", row.pk)


def _page(request: Request, row: Handover, answered: dict | None = None) -> HttpResponse:
    seen = queries.seen(request.user, row, queries.limits())
    client = row.episode.client
    if seen.packet:
        audit.record_read("handover.opened", by=request.user, subject=row, client_code=client.code)
    initial = {"setting": row.setting, "programme": row.programme}
    until = row.decided_at or timezone.now()
    context = {
        "seen": seen,
        "handover": row,
        "client": client,
        "face": face_of(client, client.identity) if seen.packet else None,
        "cards": panels.packet.collect(row.episode, row.from_facility, until) if seen.packet else [],
        "answers": _answers(seen, initial, answered or {}),
        "letter": queries.may_write_letter(request.user, row),
        "follows": seen.named and Client.objects.visible_to(request.user).filter(pk=client.pk).exists(),
    }
    return render(request, "clients/handover.html", context)


def _answers(seen: queries.Seen, initial: dict, answered: dict) -> list[dict]:
    """For each step that is open to the person: where it is posted to, and its form."""
    slugs = {to: slug for slug, (to, _act) in STEPS.items()}
    return [
        {
            "to": step.to.value,
            "slug": slugs[step.to],
            "form": answered.get(step.to) or ANSWERS[step.to](initial=initial, auto_id=f"id_{step.to}_%s"),
            "failed": step.to in answered,
        }
        for step in seen.steps
    ]


@require_safe
def receipt(request: Request, pk: int) -> HttpResponse:
    """The receipt as PDF, once the client has been received."""
    row = handover_for(request.user, pk)
    if not row.receipt:
        raise Http404
    audit.record_read("handover.printed", by=request.user, subject=row, client_code=row.episode.client.code)
    response = HttpResponse(receipt_pdf(row), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="serah-terima-{row.episode.client.code}.pdf"'
    return response


@require_POST
def letter(request: Request, pk: int) -> HttpResponse:
    """The letter that the client takes along, while the consent holds. It bears the name: each print is a look at identity."""
    row = handover_for(request.user, pk, Permission.TREAT)
    if not queries.may_write_letter(request.user, row):
        raise Http404
    client = row.episode.client
    who = identity.reveal(by=request.user, client=client, reason=RevealReason.LETTER)
    cards = panels.packet.collect(row.episode, row.from_facility, row.decided_at or timezone.now())
    response = HttpResponse(letter_pdf(row, who, cards), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="rujukan-{client.code}.pdf"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: Request) -> HttpResponse:
    """Whether a receipt is ours and unchanged. It tells places and day, never a client."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    found, asked = None, False
    if form.is_bound and form.is_valid():
        if not throttle.allowed("clients.verify_receipt", request.user.pk, most=CHECKS_A_MINUTE, seconds=60):
            form.add_error("code", _("Too many checks in a minute. Try again shortly."))
        else:
            found, asked = queries.verified(form.cleaned_data["code"]), True
            audit.record("handover.verified", by=request.user, subject=found or "clients.handover")
    context = {"form": form, "found": found, "asked": asked}
    return render(request, "clients/handover_verify.html", context)
