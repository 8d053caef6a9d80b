"""What a completed assessment came to, its sheet for the client, and its correction."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assessments.access import assessment_for
from assessments.actions import assessments
from assessments.enums import AssessmentStatus
from assessments.exports import feedback_data
from assessments.forms.assessments import CorrectForm
from assessments.forms.questionnaire import answer_label, full_label
from assessments.instruments import registry
from assessments.models import Assessment
from assessments.paper import feedback_pdf
from assessments.printed_form import form_pdf
from assessments.queries import (
    accepted_for,
    change_shown_with,
    qualification_flag,
    result_of,
    severities_of,
    title_of,
    versions_of,
    worded_answers,
)
from assessments.views.common import about
from clients.access import client_for
from clients.actions import identity
from clients.enums import RevealReason
from facilities.access import can
from rehab import audit, panels
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


@require_safe
def result(request: Request, pk: int) -> HttpResponse:
    assessment = assessment_for(request.user, pk)
    if assessment.status not in AssessmentStatus.frozen():
        return redirect("assessments:fill", assessment.pk)
    audit.record_read("assessment.opened", by=request.user, subject=assessment, client_code=assessment.client.code)
    episode, flag = assessment.episode, qualification_flag(assessment)
    context = _head(assessment) | {
        "scored": bool(registry.get(assessment.instrument).scales),
        "areas": bool(registry.get(assessment.instrument).areas),
        "may_reveal": can(request.user, Permission.SEE_IDENTITY, assessment.facility),
        "result": result_of(assessment),
        "flag": flag,
        "alerts": assessment.safety_alerts.all(),
        "change": change_shown_with(assessment),
        "severities": severities_of(assessment),
        "accepted": accepted_for(assessment.instrument) if flag else [],
        "labels_only": registry.get(assessment.instrument).labels_only and not assessment.text_version,
        "versions": versions_of(assessment),
        "answers": _answers(assessment),
        "may_assess": can(request.user, Permission.ASSESS, assessment.facility),
        "onwards": panels.after_result.collect(request.user, assessment.client),
        "facts_missing": bool(episode and episode.is_open and episode.facts_on is None),
    }
    return render(request, "assessments/result.html", context)


@require_safe
def feedback(request: Request, pk: int) -> HttpResponse:
    """The sheet for the client to take home, as PDF, without a name: a sheet may be found by others."""
    assessment = assessment_for(request.user, pk)
    if assessment.status not in AssessmentStatus.frozen():
        return redirect("assessments:fill", assessment.pk)
    if not registry.get(assessment.instrument).scales:
        return redirect("assessments:form", assessment.pk)
    audit.record_read("assessment.printed", by=request.user, subject=assessment, client_code=assessment.client.code)
    return _pdf(
        feedback_pdf(feedback_data(assessment)), f"umpan-balik-{assessment.client.code}-{assessment.instrument}"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def form(request: Request, pk: int) -> HttpResponse:
    """The form as it was answered, as PDF; by POST with the client's identity, which is a recorded look."""
    assessment = assessment_for(request.user, pk)
    if assessment.status not in AssessmentStatus.frozen():
        return redirect("assessments:fill", assessment.pk)
    known = None
    if request.method == "POST":
        client = client_for(request.user, assessment.client.code, Permission.SEE_IDENTITY)
        known = identity.reveal(by=request.user, client=client, reason=str(RevealReason.LETTER.label))
    audit.record_read("assessment.printed", by=request.user, subject=assessment, client_code=assessment.client.code)
    return _pdf(form_pdf(assessment, known), f"formulir-{assessment.client.code}-{assessment.instrument}")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@once
def correct(request: Request, pk: int) -> HttpResponse:
    assessment = assessment_for(request.user, pk, Permission.ASSESS)
    form = CorrectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = assessments.correct(by=request.user, assessment=assessment, reason=form.cleaned_data["reason"])
            return redirect("assessments:fill", draft.pk)
        except Refused as refusal:
            refusal.add_to(form)
    context = _head(assessment) | {"form": form}
    return render(request, "assessments/correct.html", context, status=422 if form.errors else 200)


def _head(assessment: Assessment) -> dict[str, object]:
    return about(assessment.client) | {"assessment": assessment, "title": title_of(assessment)}


def _answers(assessment: Assessment) -> list[dict[str, str]]:
    """Every answer that counts, in words."""
    answers = worded_answers(assessment)
    return [
        {"label": full_label(item, section), "answer": answer_label(item, answers.kept[item.code])}
        for section in answers.instrument.sections
        for item in section.items
        if item.code in answers.kept
    ]
