"""Taking somebody in: the form, its live checks, and what becomes of it when nobody saves."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.actions.registration import register as take_in
from clients.enums import SENT_BY_SOMEBODY
from clients.forms.fields import BirthDateField, NikField
from clients.forms.registration import RegistrationForm
from clients.models import Episode
from clients.queries.matches import within_scope
from clients.views.place import own_facility
from facilities.access import permitted
from facilities.models import Facility
from rehab import throttle
from rehab.errors import Refused
from rehab.http import Request
from rehab.identity import nik
from rehab.once import once
from rehab.roles import Permission

CHECKS_A_MINUTE = 60


@permitted(Permission.REGISTER)
@once
def register(request: Request) -> HttpResponse:
    facility = own_facility(request)
    if request.method == "POST":
        form = RegistrationForm(request.POST, user=request.user)
        episode = _save(request, form, facility) if form.is_valid() else None
        if episode:
            return redirect("clients:client", episode.client.code)
        return _page(request, form, facility)
    return _page(request, RegistrationForm(user=request.user), facility)


def _save(request: Request, form: RegistrationForm, facility: Facility) -> Episode | None:
    data = form.cleaned_data
    try:
        episode = take_in(
            by=request.user,
            facility=facility,
            identity=form.identity(),
            admission=data["admission"],
            referrer=data["referrer"],
            opened_on=data["opened_on"],
            consent=form.consent(),
            guardian=form.guardian(),
        )
    except Refused as refusal:
        refusal.add_to(form)
        return None
    messages.success(request, _("%(code)s is registered.") % {"code": episode.client.code})
    for warning in form.warnings():
        messages.warning(request, warning)
    return episode


def _page(request: Request, form: RegistrationForm, facility: Facility) -> HttpResponse:
    sent = " ".join(sorted(SENT_BY_SOMEBODY))
    context = {
        "form": form, "facility": facility, "candidates": form.candidates, "sent_doors": sent,
        "asks_again": form.asks_again(),
    }  # fmt: skip
    return render(request, "clients/register.html", context)


@require_POST
@permitted(Permission.REGISTER)
def check_nik(request: Request) -> HttpResponse:
    """One sentence about the number, and what it suggests for sex and birth date."""
    context: dict = {}
    try:
        number = NikField().clean(request.POST.get("nik", ""))
        if number:
            known = nik.parse(number, timezone.localdate())
            found = nik.warnings(known, request.POST.get("sex"), _birth_date(request))
            context = {"nik": known, "warnings": [nik.WARNINGS[key] for key in found]}
    except forms.ValidationError as error:
        context = {"error": error.messages[0]}
    return render(request, "clients/_nik_check.html", context)


@require_POST
@permitted(Permission.REGISTER)
def check_matches(request: Request) -> HttpResponse:
    """Look-alikes of one's own scope, explained; whoever asks too often waits a minute."""
    if not throttle.allowed("clients.matches", request.user.pk, most=CHECKS_A_MINUTE, seconds=60):
        return render(request, "clients/_matches.html", {"too_often": True})
    number = nik.clean(request.POST.get("nik", ""))[:16]
    name = request.POST.get("name", "")[:150]
    candidates = within_scope(request.user, name=name, birth_date=_birth_date(request), nik=number)
    return render(request, "clients/_matches.html", {"candidates": candidates})


def _birth_date(request: Request):
    try:
        return BirthDateField().clean(request.POST.get("birth_date", ""))
    except forms.ValidationError:
        return None
