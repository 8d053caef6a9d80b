"""The form of an instrument: the page, its posts without a script, and the saves of the script."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from assessments.access import assessment_for
from assessments.actions import assessments
from assessments.actions.assessments import Stale, Unfinished
from assessments.enums import AssessmentStatus
from assessments.forms import autosave
from assessments.forms.questionnaire import REVIEW, Questionnaire, build, next_section
from assessments.instruments import AnswerError, as_json, from_form, read, registry
from assessments.models import Assessment
from assessments.queries import instrument_of, options_of, title_of, tone_of_bands, worded_answers
from assessments.views.common import about
from rehab import audit
from rehab.errors import Refused
from rehab.http import Request, body_of
from rehab.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: Request, pk: int) -> HttpResponse:
    assessment = assessment_for(request.user, pk, Permission.ASSESS)
    if assessment.status == AssessmentStatus.DISCARDED:
        return redirect("assessments:choose", assessment.client.code)
    if assessment.status != AssessmentStatus.DRAFT:
        if request.method == "POST":
            messages.info(request, gettext("This assessment was completed already; nothing was changed."))
        return redirect("assessments:result", assessment.pk)
    if request.method == "POST":
        return _posted(request, assessment)
    _record_look(request, assessment)
    at = request.GET.get("bagian", "")
    questionnaire = build(
        worded_answers(assessment), options=_options(assessment), at=at, position="" if at else assessment.position
    )
    return _page(request, assessment, questionnaire)


@require_POST
def save(request: Request, pk: int) -> JsonResponse:
    """Answers 200 saved, 400 not understood, 409 changed elsewhere, 422 an answer refused by name, 423 no draft any more."""
    assessment = assessment_for(request.user, pk, Permission.ASSESS)
    try:
        change = autosave.parse(body_of(request))
        draft = assessments.save_answers(
            by=request.user,
            assessment=assessment,
            answers=change.answers,
            before=change.before,
            edit=change.edit,
            position=change.position,
        )
    except autosave.NotUnderstood:
        return JsonResponse({"message": gettext("This was not understood.")}, status=400)
    except Stale as refusal:
        _record_look(request, assessment)
        return JsonResponse(autosave.stale(assessment, refusal, change.answers), status=409)
    except Refused as refusal:
        status = 423 if refusal.code == "frozen" else 422
        return JsonResponse({"message": refusal.messages[0], "item": refusal.field or ""}, status=status)
    return JsonResponse(autosave.saved(draft))


def _record_look(request: Request, assessment: Assessment) -> None:
    audit.record_read("assessment.opened", by=request.user, subject=assessment, client_code=assessment.client.code)


def _posted(request: Request, assessment: Assessment) -> HttpResponse:
    """A section posted whole: what is not in it was taken back."""
    instrument = registry.get(assessment.instrument)
    raw = from_form(instrument, dict(request.POST.lists()))
    edit = request.POST.get("edit", "")
    sent = {code: raw.get(code) for code in instrument.items}
    try:
        draft = assessments.save_answers(
            by=request.user,
            assessment=assessment,
            answers=sent,
            edit=int(edit) if edit.isdecimal() and len(edit) < 10 else -1,
        )
    except Stale as refusal:
        return _shown_again(request, assessment, raw, stale=refusal)
    except Refused as refusal:
        return _shown_again(request, assessment, raw, refused=refusal)
    return _onwards(request, draft)


def _onwards(request: Request, draft: Assessment) -> HttpResponse:
    at, go = request.POST.get("bagian", ""), request.POST.get("go", "next")
    if go != "complete":
        code = next_section(worded_answers(draft), at, step=-1 if go == "back" else 1)
        return redirect(f"{reverse('assessments:fill', args=[draft.pk])}?bagian={code}")
    try:
        assessments.complete(by=request.user, assessment=draft)
    except Unfinished:
        return redirect(f"{reverse('assessments:fill', args=[draft.pk])}?bagian={REVIEW}")
    except Refused as refusal:
        return _shown_again(request, draft, draft.answers, refused=refusal)
    messages.success(request, gettext("The assessment is completed."))
    return redirect("assessments:result", draft.pk)


def _shown_again(
    request: Request,
    assessment: Assessment,
    raw: dict,
    *,
    stale: Stale | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    """The page with what was typed, and what stands against it. Nothing was saved."""
    _record_look(request, assessment)
    questionnaire = _as_typed(assessment, raw, refused, at=request.POST.get("bagian", ""))
    if stale is None:
        trouble = refused.messages[0] if refused else ""
        return _page(request, assessment, questionnaire, trouble=trouble, status=422)
    assessment.edit = stale.edit
    differing = autosave.differing(assessment, stale, raw)
    return _page(request, assessment, questionnaire, differing=differing, status=409)


def _as_typed(assessment: Assessment, raw: dict, refused: Refused | None, *, at: str) -> Questionnaire:
    errors, typed = {}, {}
    if refused and refused.field:
        errors = {refused.field: refused.messages[0]}
        typed = {refused.field: str(raw.get(refused.field, ""))}
        raw = {code: value for code, value in raw.items() if code != refused.field}
    try:
        answers = read(instrument_of(assessment), raw, draft=True)
    except AnswerError:
        # More than one answer is not understood; they are told one after the other.
        answers = worded_answers(assessment)
    return build(answers, options=_options(assessment), at=at, errors=errors, typed=typed)


def _options(assessment: Assessment) -> dict[str, int | None]:
    return options_of(registry.get(assessment.instrument))


def _page(
    request: Request, assessment: Assessment, questionnaire: Questionnaire, *, status: int = 200, **more: object
) -> HttpResponse:
    instrument = instrument_of(assessment)
    context = about(assessment.client) | {
        "assessment": assessment,
        "title": title_of(assessment),
        "labels_only": instrument.labels_only,
        "questionnaire": questionnaire,
        "review": REVIEW,
        "script": _script(assessment, questionnaire, csrf=get_token(request)),
    }
    return render(request, "assessments/fill.html", context | more, status=status)


def _script(assessment: Assessment, questionnaire: Questionnaire, *, csrf: str) -> dict[str, object]:
    """What static/js/instrument.js starts from."""
    return {
        "pk": assessment.pk,
        "instrument": as_json(instrument_of(assessment), gettext, _options(assessment)),
        "answers": assessment.answers,
        "edit": assessment.edit,
        "current": questionnaire.current,
        "landing": questionnaire.landing,
        "review": REVIEW,
        "save": reverse("assessments:save", args=[assessment.pk]),
        "csrf": csrf,
        "tones": tone_of_bands(),
        "texts": autosave.texts(),
    }
