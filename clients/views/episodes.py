"""Episodes of somebody known: coming back, and closing one in which nothing began."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from clients.access import client_for, episode_for
from clients.actions import episodes
from clients.actions.people import ConsentData
from clients.enums import ADULT_AGE
from clients.forms.episodes import CloseForm
from clients.forms.registration import AdmissionForm
from clients.models import Client
from clients.queries import age_on, birth_date_of, open_episode
from clients.views.place import own_facility
from facilities.models import Facility
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


@once
def open_again(request: Request, code: str) -> HttpResponse:
    client = client_for(request.user, code, Permission.REGISTER)
    facility = own_facility(request)
    if open_episode(client):
        messages.info(request, _("This client already has an open episode."))
        return redirect("clients:client", client.code)
    form = AdmissionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _open(request, form, client, facility):
        messages.success(request, _("A new episode is open."))
        return redirect("clients:client", client.code)
    return render(request, "clients/open_again.html", {"client": client, "facility": facility, "form": form})


def _open(request: Request, form: AdmissionForm, client: Client, facility: Facility) -> bool:
    data = form.cleaned_data
    age = age_on(data["opened_on"], birth_date_of(client), client.birth_year)
    consent = ConsentData(data["consent_scope"], by_guardian=age is not None and age < ADULT_AGE)
    try:
        episodes.open_again(
            by=request.user, client=client, facility=facility, consent=consent,
            **{key: data[key] for key in ("admission", "referrer", "opened_on")},
        )  # fmt: skip
    except Refused as refusal:
        refusal.add_to(form)
        return False
    return True


def close(request: Request, code: str, number: int) -> HttpResponse:
    """Only while no treatment is open: none ever began, or a hand-over came to nothing after the last one.

    An open treatment is closed on the floor of aftercare.
    """
    episode = episode_for(request.user, code, number, Permission.TREAT)
    if not episode.is_open or episode.treatments.open().exists():
        raise Http404
    treated = episode.treatments.exists()
    form = CloseForm(request.POST if request.method == "POST" else None, treated=treated)
    if request.method == "POST" and form.is_valid():
        try:
            episodes.close(by=request.user, episode=episode, **form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The episode is closed."))
            return redirect("clients:client", code)
    context = {"client": episode.client, "episode": episode, "form": form, "treated": treated}
    return render(request, "clients/close.html", context)
