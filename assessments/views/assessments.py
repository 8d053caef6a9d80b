"""Choosing, beginning, putting aside and bringing back assessments of a client."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from assessments.access import assessment_for, place_for, place_of
from assessments.actions import assessments
from assessments.enums import AssessmentStatus
from assessments.forms.assessments import StartForm
from assessments.instruments import registry
from assessments.models import Assessment
from assessments.queries import changes, result_of, title_of
from clients.access import client_for
from clients.enums import RevealReason
from clients.models import Client
from clients.queries.page import client_page
from facilities.access import can
from rehab import audit, undo
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


@require_safe
def choose(request: Request, code: str) -> HttpResponse:
    client = client_for(request.user, code, Permission.SEE_CLINICAL)
    place = place_of(request.user, client)
    form = StartForm(initial={"administered_on": place.facility.local_date() if place else None})
    return _choose_page(request, client, form)


@require_POST
@once
def start(request: Request, code: str, instrument: str) -> HttpResponse:
    client = client_for(request.user, code, Permission.ASSESS)
    place = place_for(request.user, client)
    form = StartForm(request.POST)
    if form.is_valid():
        try:
            draft = assessments.start(
                by=request.user,
                client=client,
                episode=place.episode,
                facility=place.facility,
                instrument=instrument,
                administered_on=form.cleaned_data["administered_on"],
            )
            return redirect("assessments:fill", draft.pk)
        except Refused as refusal:
            refusal.add_to(form)
    return _choose_page(request, client, form)


@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    draft = assessment_for(request.user, pk, Permission.ASSESS)
    try:
        assessments.discard(by=request.user, assessment=draft)
        told = gettext("The draft was discarded. It can be brought back below.")
        back = reverse("assessments:fill", args=[pk])
        undo.offer(request, told, "assessments.discarded", back=back, assessment=pk)
    except Refused as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("assessments:choose", draft.client.code)


@require_POST
def restore(request: Request, pk: int) -> HttpResponse:
    draft = assessment_for(request.user, pk, Permission.ASSESS)
    try:
        assessments.restore(by=request.user, assessment=draft)
    except Refused as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("assessments:choose", draft.client.code)
    return redirect("assessments:fill", draft.pk)


def _choose_page(request: Request, client: Client, form: StartForm) -> HttpResponse:
    audit.record_read("assessments.listed", by=request.user, subject=client, client_code=client.code)
    listed = (
        Assessment.objects.visible_to(request.user)
        .filter(client=client)
        .select_related("facility", "started_by", "completed_by")
        .prefetch_related("scores")
    )
    rows = [_row(assessment) for assessment in listed]
    context = {
        "client": client,
        "page": client_page(request.user, client, timeline=False),
        "may_reveal": can(request.user, Permission.SEE_IDENTITY),
        "reasons": RevealReason.choices,
        "form": form,
        "changes": changes(row["assessment"] for row in rows if row["assessment"].status == AssessmentStatus.COMPLETED),
        "drafts": [row for row in rows if row["assessment"].status == AssessmentStatus.DRAFT],
        "done": [row for row in rows if row["assessment"].status in AssessmentStatus.frozen()],
        "discarded": [row for row in rows if row["assessment"].status == AssessmentStatus.DISCARDED][:5],
        "instruments": [{"key": each.key, "title": gettext(each.title)} for each in registry.all()],
        "may_assess": place_of(request.user, client) is not None,
    }
    return render(request, "assessments/choose.html", context, status=422 if form.errors else 200)


def _row(assessment: Assessment) -> dict[str, Any]:
    result = result_of(assessment) if assessment.status in AssessmentStatus.frozen() else None
    return {"assessment": assessment, "title": title_of(assessment), "result": result}
