"""The page on which a treatment ends."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from aftercare.actions import closing
from aftercare.forms.closing import SENTENCES, ClosingForm
from aftercare.forms.fields import attempt, explained
from aftercare.queries import measured_once, open_plan_of
from aftercare.schedule import OUTCOMES_WITH_PLAN, WINDOW_MONTHS
from clients.access import treatment_for
from clients.models import Treatment
from clients.queries import masked_names
from facilities.access import can
from rehab import tunables
from rehab.once import once
from rehab.roles import Permission


@once
def close(request: HttpRequest, pk: int) -> HttpResponse:
    treatment = treatment_for(request.user, pk, Permission.TREAT)
    form = ClosingForm(request.POST or None, treatment=treatment, outcome=request.GET.get("outcome", ""))
    closed = attempt(form, lambda **facts: closing.close(by=request.user, treatment=treatment, **facts))
    if closed is None:
        return render(request, "aftercare/close.html", _page(request, treatment, form))
    if closed.plan:
        messages.success(request, _("The treatment has ended and its aftercare plan is ready."))
        return redirect("aftercare:plan", pk=closed.plan.pk)
    messages.success(request, _("The treatment has ended."))
    return redirect("clients:client", code=treatment.client.code)


def _page(request: HttpRequest, treatment: Treatment, form: ClosingForm) -> dict[str, object]:
    settings = tunables.values(WINDOW_MONTHS, OUTCOMES_WITH_PLAN)
    others = treatment.episode.treatments.open().exclude(pk=treatment.pk).select_related("facility")
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
        "once_measured": measured_once(treatment) if can(request.user, Permission.SEE_CLINICAL) else [],
    }
