"""The page on which a treatment ends, and the ways from it to what is asked before."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from aftercare.actions import closing
from aftercare.forms.closing import SENTENCES, ClosingForm
from aftercare.forms.fields import attempt, explained
from aftercare.measures import last_urine, missing_measures
from aftercare.models import SatisfactionSurvey
from aftercare.queries import open_plan_of
from aftercare.schedule import OUTCOMES_WITH_PLAN, WINDOW_MONTHS
from assessments.actions import assessments
from clients.access import treatment_for
from clients.models import Treatment
from clients.queries import masked_names
from facilities.access import can
from rehab import drafts, resuming, tunables
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission

SURVEY = "survey"


@once
def close(request: Request, pk: int) -> HttpResponse:
    treatment = treatment_for(request.user, pk, Permission.TREAT)
    if request.method == "POST" and request.POST.get("first"):
        return _first(request, treatment, request.POST["first"])
    form = ClosingForm(request.POST or None, treatment=treatment, outcome=request.GET.get("outcome", ""))
    closed = attempt(form, lambda **facts: closing.close(by=request.user, treatment=treatment, **facts))
    if closed is None:
        return render(request, "aftercare/close.html", _page(request, treatment, form))
    if closed.plan:
        messages.success(request, _("The treatment has ended and its aftercare plan is ready."))
        return redirect("aftercare:plan", pk=closed.plan.pk)
    messages.success(request, _("The treatment has ended."))
    return redirect("clients:client", code=treatment.client.code)


def _first(request: Request, treatment: Treatment, what: str) -> HttpResponse:
    """Off to the survey, or to measure once more; what was typed stays here as a draft until one comes back."""
    if what != SURVEY and what not in {each.key for each in missing_measures(treatment)}:
        raise Http404
    _keep(request, treatment)
    if what == SURVEY:
        return redirect("aftercare:survey", pk=treatment.pk)
    if not can(request.user, Permission.ASSESS, treatment.facility):
        raise Http404
    try:
        begun = assessments.start(
            by=request.user,
            client=treatment.client,
            episode=treatment.episode,
            facility=treatment.facility,
            instrument=what,
            administered_on=treatment.facility.local_date(),
        )
    except Refused as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("aftercare:close", pk=treatment.pk)
    return redirect("assessments:fill", pk=begun.pk)


def _keep(request: Request, treatment: Treatment) -> None:
    fields = drafts.of_post(request.POST)
    fields.pop("first", None)
    content = drafts.Content(fields, _("Close the treatment"), treatment.client.code, request.path)
    post = getattr(request.user, "active_post", None)
    drafts.keep(
        by=request.user, place=drafts.place_of(request.path), content=content, post_id=post.pk if post else None
    )
    resuming.keep_draft(request)


def _page(request: Request, treatment: Treatment, form: ClosingForm) -> dict[str, object]:
    settings = tunables.values(WINDOW_MONTHS, OUTCOMES_WITH_PLAN)
    others = treatment.episode.treatments.open().exclude(pk=treatment.pk).select_related("facility")
    clinical = can(request.user, Permission.SEE_CLINICAL, treatment.facility)
    return {
        "treatment": treatment,
        "client": treatment.client,
        "name": masked_names([treatment.client]).get(treatment.client_id, ""),
        "form": form,
        "options": explained(form["outcome"], SENTENCES),
        "with_plan": settings[OUTCOMES_WITH_PLAN],
        "months": settings[WINDOW_MONTHS],
        "others": others,
        "open_plan": open_plan_of(treatment.client),
        "measures": missing_measures(treatment) if clinical else [],
        "urine": last_urine(treatment) if clinical else None,
        "asked": SatisfactionSurvey.objects.filter(treatment=treatment).first(),
    }
