"""The satisfaction survey, for the client on the device at hand."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from aftercare.actions import surveys
from aftercare.forms.survey import SurveyForm
from aftercare.models import SatisfactionSurvey
from clients.access import treatment_for
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


@once
def survey(request: Request, pk: int) -> HttpResponse:
    """Answers are never shown again, not even to the person who handed the device over: an answered survey is closed."""
    treatment = treatment_for(request.user, pk, Permission.TREAT)
    form = SurveyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if "decline" in request.POST:
                surveys.decline(by=request.user, treatment=treatment)
                messages.success(request, _("Noted: no survey. That has no consequence."))
            else:
                surveys.answer(by=request.user, treatment=treatment, answers=form.answers())
                messages.success(request, _("Thank you. Please give the device back."))
            return _back(treatment)
        except Refused as refusal:
            refusal.add_to(form)
    asked = SatisfactionSurvey.objects.filter(treatment=treatment).first()
    return render(request, "aftercare/survey.html", {"treatment": treatment, "form": form, "asked": asked})


def _back(treatment) -> HttpResponse:
    if treatment.is_open:
        return redirect("aftercare:close", pk=treatment.pk)
    return redirect("clients:client", code=treatment.client.code)
