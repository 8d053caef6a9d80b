"""The waiting list: a client put on it, one entry with its rank and trail, the answers, and places elsewhere."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from clients.access import client_for, wait_for
from clients.actions import waiting
from clients.audit_words import sentence
from clients.enums import QueuePriority
from clients.forms.waiting import EnterForm, OfferForm, PriorityForm, WhyForm
from clients.models import WaitingListEntry
from clients.queries import elsewhere as queries
from clients.queries import open_episode, with_names
from clients.queries.places import rooms
from clients.queries.waiting import open_wait, rank_of, suggested, trail
from facilities.access import can
from rehab import audit
from rehab.errors import Refused
from rehab.http import Request
from rehab.models import AuditEvent
from rehab.once import once
from rehab.roles import Permission

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Address of a step: the action, its form, and what is said when it is done.
STEPS: dict[str, tuple[Callable[..., object], type[forms.Form], "StrOrPromise"]] = {
    "prioritas": (waiting.set_priority, PriorityForm, gettext_lazy("The priority is changed, and with it the rank.")),
    "tawarkan": (
        waiting.offer,
        OfferForm,
        gettext_lazy("Recorded: the client knows of the place. Start the treatment when they come."),
    ),
    "tunggu": (waiting.keep_waiting, WhyForm, gettext_lazy("The client goes on waiting, with the rank of before.")),
    "keluarkan": (waiting.withdraw, WhyForm, gettext_lazy("The client is off the waiting list.")),
}


@once
def enter(request: Request, code: str) -> HttpResponse:
    client = client_for(request.user, code, Permission.TREAT)
    episode = open_episode(client)
    if episode is None or not can(request.user, Permission.TREAT, episode.responsible_facility):
        raise Http404
    held = open_wait(episode)
    if held and request.method != "POST":
        return redirect("clients:wait_entry", held.pk)
    form = EnterForm(request.POST if request.method == "POST" else None, initial=suggested(episode))
    if form.is_bound and form.is_valid():
        try:
            made = waiting.enter(by=request.user, episode=episode, **form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The client stands on the waiting list."))
            return redirect("clients:wait_entry", made.pk)
    return render(request, "clients/wait_enter.html", {"client": client, "episode": episode, "form": form})


@require_safe
def entry(request: Request, pk: int) -> HttpResponse:
    return _page(request, wait_for(request.user, pk))


@require_POST
@once
def step(request: Request, pk: int, step: str) -> HttpResponse:
    """One step of the wait. One that no longer fits is answered with a sentence."""
    found = wait_for(request.user, pk)
    if step not in STEPS:
        raise Http404
    act, form_class, told = STEPS[step]
    form = form_class(request.POST)
    if form.is_valid():
        try:
            act(by=request.user, entry=found, **form.cleaned_data)
        except Refused as refusal:
            if refusal.field is None:
                messages.error(request, refusal.messages[0])
                return redirect("clients:wait_entry", pk)
            refusal.add_to(form)
        else:
            messages.success(request, told)
            return redirect("clients:wait_entry", pk)
    return _page(request, found, {step: form})


def _page(request: Request, found: WaitingListEntry, answered: dict | None = None) -> HttpResponse:
    client = found.episode.client
    audit.record_read("wait.opened", by=request.user, subject=found, client_code=client.code)
    with_names([client])
    today, facility = found.facility.local_date(), found.facility
    room = rooms([facility.pk], found.setting, client.sex, today).get(facility.pk)
    held = found.episode.treatments.open().filter(facility=facility).order_by("-started_on").first()
    context = {
        "entry": found,
        "client": client,
        "ranked": rank_of(found, today),
        "room": room,
        "treatment": held,
        "trail": [_told(event) for event in trail(found, client)],
        "forms": {name: (answered or {}).get(name) or _empty(name, found) for name in STEPS},
        "failed": list(answered or {}),
    }
    return render(request, "clients/wait_entry.html", context)


def _told(event: AuditEvent) -> dict[str, object]:
    """An event of the trail in words; a changed priority with the classes before and after."""
    words = str(sentence(event.verb))
    if event.verb == "wait.priority_changed":
        before, after = (QueuePriority(event.data[key]).label for key in ("from", "to"))
        words = f"{words}: {before} → {after}"
    return {"words": words, "at": event.at, "actor": event.actor, "reason": event.reason}


def _empty(name: str, found: WaitingListEntry):
    initial = {"priority": found.priority} if name == "prioritas" else {}
    return STEPS[name][1](initial=initial, auto_id=f"id_{name}_%s")


@require_safe
def elsewhere(request: Request, pk: int) -> HttpResponse:
    """Facilities with a free place of that kind: what they offer, who pays, how far; each with the way to an offer."""
    found = wait_for(request.user, pk)
    client = found.episode.client
    audit.record_read("wait.opened", by=request.user, subject=found, client_code=client.code)
    places = queries.free_elsewhere(found.facility, found.setting, client.sex) if found.is_open else []
    return render(request, "clients/wait_elsewhere.html", {"entry": found, "client": client, "places": places})
