"""Resetting a person's two-step sign-in: one admin asks, another one decides."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from facilities.access import permitted, person_for, reset_for
from facilities.actions import two_step
from facilities.forms.details import ReasonForm
from facilities.forms.fields import accepted
from facilities.forms.people import DecisionForm
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


@once
@permitted(Permission.MANAGE_PEOPLE)
def ask(request: Request, pk: int) -> HttpResponse:
    found = person_for(request.user, pk)
    form = ReasonForm(request.POST or None)
    if accepted(request, form, lambda **facts: two_step.ask(by=request.user, user=found, **facts)):
        messages.success(request, _("The request waits for the consent of another admin, for 24 hours at most."))
        return redirect("facilities:person", found.pk)
    return render(request, "facilities/ask_two_step_reset.html", {"person": found, "form": form})


@once
@permitted(Permission.MANAGE_PEOPLE)
def decide(request: Request, pk: int) -> HttpResponse:
    reset = reset_for(request.user, pk)
    form = DecisionForm(request.POST or None)

    def act(*, approve: bool, reason: str) -> None:
        if approve:
            two_step.approve(by=request.user, reset=reset)
        else:
            two_step.decline(by=request.user, reset=reset, reason=reason)

    if accepted(request, form, act):
        done = _("Two-step sign-in was reset; the person was told by e-mail.")
        messages.success(request, done if form.cleaned_data["approve"] else _("The request is declined."))
        return redirect("facilities:person", pk)
    return render(
        request, "facilities/decide_two_step_reset.html", {"person": reset.user, "reset": reset, "form": form}
    )
