"""Doses: who waits for one today, and one client's prescriptions and doses."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.access import client_for, dose_for, prescription_for, treatment_for
from clients.actions import doses
from clients.enums import RevealReason
from clients.forms.doses import PRESCRIBED, GiveForm, PrescribeForm, initial_of
from clients.models import Prescription
from clients.queries import doses as queries
from clients.queries import with_names
from clients.queries.page import client_page
from facilities.access import can, facility_ids, permitted, post_of
from facilities.models import Facility
from rehab import audit, conflicts, undo
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission

SHOWN = 60


@permitted(Permission.TREAT)
def listing(request: Request) -> HttpResponse:
    """Everybody with a dose today at the place, who still waits first; each name's list is a look that is recorded."""
    rows = queries.due(facility_ids(request.user, Permission.TREAT), timezone.localdate())
    clients = [row.prescription.treatment.client for row in rows]
    with_names(clients)
    if rows:
        place = cast(Facility, post_of(request.user).facility)  # who treats works at a facility
        audit.record_reads(
            "dose.opened", by=request.user, subject=place, client_codes=[client.code for client in clients]
        )
    waiting = sum(not row.covered for row in rows)
    return render(
        request, "clients/doses_today.html", {"rows": rows, "waiting": waiting, "limit": queries.missed_limit()}
    )


def of_client(request: Request, code: str) -> HttpResponse:
    client = client_for(request.user, code, Permission.SEE_CLINICAL)
    audit.record_read("dose.opened", by=request.user, subject=client, client_code=client.code)
    today, page = timezone.localdate(), client_page(request.user, client, timeline=False)
    held = list(queries.prescriptions_of(request.user, client))
    now = next((row for row in held if row.ends_on is None and row.treatment.is_open), None)
    given = list(queries.doses_of(request.user, client)[:SHOWN])
    context = {
        "client": client,
        "page": page,
        "now": now,
        "held": held,
        "doses": given,
        "covered": any(row.for_day == today and not row.void_reason for row in given),
        "missed": queries.missed_before(now, today) if now else 0,
        "limit": queries.missed_limit(),
        "take_home": range(now.take_home_most + 1) if now else (),
        "gives": now is not None and can(request.user, Permission.TREAT, now.treatment.facility),
        "prescribes": [row for row in page.treatments if row.is_open and row.started_on and _prescribes(request, row)],
        "may_reveal": can(request.user, Permission.SEE_IDENTITY),
        "reasons": RevealReason.choices,
    }
    return render(request, "clients/doses.html", context)


def _prescribes(request: Request, treatment) -> bool:
    return can(request.user, Permission.PRESCRIBE, treatment.facility)


@conflicts.in_turn
@once
def prescribe(request: Request, pk: int) -> HttpResponse:
    treatment = treatment_for(request.user, pk, Permission.PRESCRIBE)
    data = request.POST if request.method == "POST" else None
    now = treatment.prescriptions.filter(ends_on=None).first()
    form = PrescribeForm(data, facility=treatment.facility, initial=initial_of(now) if now else {})
    conflicts.meet(request, form, row=now, fields=PRESCRIBED)
    if form.is_bound and form.is_valid():
        try:
            doses.prescribe(by=request.user, treatment=treatment, **form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The dose is prescribed."))
            return redirect("clients:doses", treatment.client.code)
    context = {"client": treatment.client, "treatment": treatment, "form": form}
    return render(request, "clients/prescribe.html", context)


@require_POST
def stop(request: Request, pk: int) -> HttpResponse:
    found = prescription_for(request.user, pk, Permission.PRESCRIBE)
    reason = request.POST.get("reason", "")[:250]
    stopped = _try(request, lambda: doses.stop(by=request.user, prescription=found, reason=reason))
    if stopped:
        messages.success(request, _("The prescription has stopped."))
    return redirect("clients:doses", found.treatment.client.code)


@require_POST
@once
def give(request: Request, pk: int) -> HttpResponse:
    """Today's dose, from the client's page or from the list of the day, where one comes back to."""
    found = prescription_for(request.user, pk, Permission.TREAT)
    form = GiveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose how many days are taken home."))
    elif given := _try(request, lambda: doses.give(by=request.user, prescription=found, **form.cleaned_data)):
        told = _("The dose of %(code)s is recorded.") % {"code": found.treatment.client.code}
        undo.offer(request, told, "doses.given", back=_page_of(found), given=[dose.pk for dose in given])
    if request.POST.get("next") == "list":
        return redirect("clients:doses_today")
    return redirect("clients:doses", found.treatment.client.code)


@require_POST
def void(request: Request, pk: int) -> HttpResponse:
    found = dose_for(request.user, pk, Permission.TREAT)
    reason = request.POST.get("reason", "")[:250]
    if _try(request, lambda: doses.void(by=request.user, dose=found, reason=reason)):
        back = _page_of(found.prescription)
        undo.offer(request, _("The record is taken back."), "doses.voided", back=back, dose=pk)
    return redirect("clients:doses", found.client.code)


def _page_of(prescription: Prescription) -> str:
    return reverse("clients:doses", args=[prescription.treatment.client.code])


def _try(request: Request, act: Callable) -> Any:
    """What the action gives; None where it refused, with its sentence on the next page."""
    try:
        return act()
    except Refused as refusal:
        messages.error(request, refusal.messages[0])
        return None
