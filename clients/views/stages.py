"""The stages of an inpatient's programme: where the client is, since when, and what comes next."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.access import treatment_for
from clients.actions import stages
from clients.forms.treatments import StageForm
from clients.queries.stages import meetings_of, progress_of
from rehab import tunables
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


@once
def stage(request: Request, pk: int) -> HttpResponse:
    treatment = treatment_for(request.user, pk, Permission.TREAT)
    settings = tunables.in_force(request.user)
    progress = progress_of(treatment, meetings_of(treatment), timezone.localdate(), settings)
    initial = {"stage": progress.next if progress else None}
    form = StageForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            stages.move_on(by=request.user, treatment=treatment, **form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The stage is recorded."))
            return redirect("clients:client", treatment.client.code)
    phases = [phase for phase in treatment.phases.all() if phase.stage]
    context = {"treatment": treatment, "client": treatment.client, "progress": progress, "phases": phases, "form": form}
    return render(request, "clients/stage.html", context)


@require_POST
def take_back(request: Request, pk: int) -> HttpResponse:
    """The last stage was a mistake."""
    treatment = treatment_for(request.user, pk, Permission.TREAT)
    try:
        stages.take_back(by=request.user, treatment=treatment, reason=request.POST.get("reason", "")[:250])
    except Refused as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("The stage is taken back."))
    return redirect("clients:move_stage", pk)
