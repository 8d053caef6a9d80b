"""The interviewer's severities, entered after the interview."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from assessments.access import assessment_for
from assessments.actions import severities
from assessments.forms.severities import SeverityForm
from assessments.instruments import registry
from assessments.queries import severities_of, title_of
from assessments.views.common import about
from rehab import audit, conflicts
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@conflicts.in_turn
@once
def rate(request: Request, pk: int) -> HttpResponse:
    assessment = assessment_for(request.user, pk, Permission.ASSESS)
    if not registry.get(assessment.instrument).areas:
        raise Http404
    form = SeverityForm(request.POST or None, severities=severities_of(assessment))
    conflicts.meet(request, form, row=assessment, fields=form.fields)
    if request.method == "POST" and form.is_valid():
        try:
            severities.rate(by=request.user, assessment=assessment, values=form.cleaned_data)
            messages.success(request, gettext("The severities are saved with your name."))
            return redirect("assessments:result", assessment.pk)
        except Refused as refusal:
            refusal.add_to(form)
    audit.record_read("assessment.opened", by=request.user, subject=assessment, client_code=assessment.client.code)
    context = about(assessment.client) | {"assessment": assessment, "title": title_of(assessment), "form": form}
    return render(request, "assessments/severities.html", context, status=422 if form.errors else 200)
