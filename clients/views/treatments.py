"""Planning, starting, changing and withdrawing a treatment. Closing it is a page of aftercare."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import client_for, treatment_for
from clients.actions import treatments
from clients.enums import BEDDED, Setting
from clients.forms.treatments import PhaseForm, PlanForm, ReasonForm, StartForm
from clients.models import Treatment, TreatmentPhase
from clients.queries import open_episode
from clients.queries.cards import periods_with
from clients.queries.places import Asked, asked_for
from facilities.access import can
from rehab import panels, undo
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


@once
def plan(request: Request, code: str) -> HttpResponse:
    client = client_for(request.user, code, Permission.TREAT)
    episode = open_episode(client)
    if episode is None or not can(request.user, Permission.TREAT, episode.responsible_facility):
        raise Http404
    form = PlanForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            planned = treatments.plan(
                by=request.user, episode=episode, facility=episode.responsible_facility, **form.cleaned_data
            )
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The treatment is planned. It counts from its first service on."))
            _tell_of_places(request, planned)
            return redirect("clients:client", client.code)
    context = {"client": client, "episode": episode, "form": form, "periods": periods_with(client, episode)}
    return render(request, "clients/plan.html", context)


def _tell_of_places(request: Request, planned: Treatment) -> None:
    asked = asked_for(planned, planned.setting)
    if asked.full:
        messages.warning(request, _("All places are taken at the moment. Put the client on the waiting list."))
    elif asked.ahead:
        messages.warning(request, _("Others wait for such a place. Put the client on the waiting list."))


def start(request: Request, pk: int) -> HttpResponse:
    treatment = treatment_for(request.user, pk, Permission.TREAT)
    asked = asked_for(treatment, treatment.setting)
    form = StartForm(request.POST if request.method == "POST" else None, asked=asked)
    if request.method == "POST" and form.is_valid():
        try:
            started = treatments.start(by=request.user, treatment=treatment, **form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _started(started))
            return redirect("clients:client", treatment.client.code)
    steps = _steps_before(request, treatment)
    return _treatment_page(request, "clients/start.html", treatment, form, steps=steps, asked=asked)


def _started(treatment: Treatment) -> str:
    if treatment.counted_on:
        return _("The treatment has started and counts from this day on.")
    return _("The treatment has started. It counts as soon as an instrument has been completed.")


def _steps_before(request: Request, treatment: Treatment) -> list[panels.NextStep]:
    """What the floors above ask for before a start, such as the six facts."""
    steps = panels.next_steps.collect(request.user, treatment.client, treatment.episode)
    return [step for step in sorted(steps, key=lambda step: step.order) if step.order < 40]


def change_phase(request: Request, pk: int) -> HttpResponse:
    treatment = treatment_for(request.user, pk, Permission.TREAT)
    current = treatment.phases.filter(ends_on=None).first() or treatment
    initial = {"setting": current.setting, "programme": current.programme}
    asked = _asked(treatment, current)
    form = PhaseForm(request.POST if request.method == "POST" else None, initial=initial, asked=asked)
    if request.method == "POST" and form.is_valid():
        try:
            treatments.change_phase(by=request.user, treatment=treatment, **form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The treatment goes on differently from that day."))
            return redirect("clients:client", treatment.client.code)
    return _treatment_page(request, "clients/phase.html", treatment, form, asked=asked)


def _asked(treatment: Treatment, current: Treatment | TreatmentPhase) -> Asked:
    """A change may lead into a bed; out of one, or from one setting with beds to another, asks for none."""
    if current.setting in BEDDED:
        return Asked()
    return replace(asked_for(treatment, Setting.INPATIENT), ahead=0)


def withdraw(request: Request, pk: int) -> HttpResponse:
    treatment = treatment_for(request.user, pk, Permission.TREAT)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            treatments.withdraw(by=request.user, treatment=treatment, **form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            undo.offer(
                request, _("The plan has been withdrawn."), "treatments.withdrawn",
                back=reverse("clients:client", args=[treatment.client.code]), **_planned(treatment),
            )  # fmt: skip
            return redirect("clients:client", treatment.client.code)
    return _treatment_page(request, "clients/withdraw.html", treatment, form)


def _planned(treatment: Treatment) -> dict[str, int | str]:
    """What it takes to plan it anew."""
    return {
        "client": treatment.client.code,
        "episode": treatment.episode.number,
        "facility": treatment.facility.code,
        "programme": str(treatment.programme),
        "setting": str(treatment.setting),
        "on": treatment.planned_on.isoformat(),
    }


def _treatment_page(request: Request, template: str, treatment: Treatment, form, **more) -> HttpResponse:
    context = {"treatment": treatment, "client": treatment.client, "form": form} | more
    return render(request, template, context)
