"""The bed of one client: given, changed, and a record taken back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.access import placement_for, treatment_for
from clients.actions import placements
from clients.forms.beds import PlaceForm
from clients.forms.waiting import WhyForm
from clients.models import Treatment
from clients.queries.places import bedded, free_beds
from facilities.access import can
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


@once
def place(request: Request, pk: int) -> HttpResponse:
    """A bed for a client who has none, or another one."""
    treatment = treatment_for(request.user, pk, Permission.TREAT)
    if not can(request.user, Permission.TREAT, treatment.facility):
        raise Http404
    now = placements.current(treatment)
    beds = free_beds(treatment.facility, treatment.client.sex, treatment.facility.local_date())
    form = PlaceForm(request.POST if request.method == "POST" else None, beds=beds, moving=now is not None)
    if form.is_bound and form.is_valid():
        try:
            _put(request, treatment, now, form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The client lies in %(bed)s.") % {"bed": form.cleaned_data["bed"]})
            return redirect("clients:beds_of", treatment.facility.code)
    context = {
        "treatment": treatment, "client": treatment.client, "form": form, "now": now, "free": beds.count(),
        "under_way": treatment.is_open and treatment.started_on and bedded(treatment),
    }  # fmt: skip
    return render(request, "clients/place.html", context)


def _put(request: Request, treatment: Treatment, now, facts: dict) -> None:
    if now is None:
        placements.place(by=request.user, treatment=treatment, bed=facts["bed"], starts_on=facts["starts_on"])
    else:
        placements.move(
            by=request.user, treatment=treatment, bed=facts["bed"], on=facts["starts_on"], reason=facts["reason"]
        )


@require_POST
def void(request: Request, pk: int) -> HttpResponse:
    found = placement_for(request.user, pk)
    form = WhyForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["reason"][0]))
        return redirect("clients:place", found.treatment_id)
    try:
        placements.void(by=request.user, placement=found, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("The record is taken back. The bed is free."))
    return redirect("clients:place", found.treatment_id)
