"""Referrals for a test of HIV or hepatitis C. That there was one is for care staff; what came out, for those who treat now."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.access import vct_referral_for, vct_result_for
from assessments.actions import vct
from assessments.forms.vct import FindingsForm, ReferForm, VisitForm
from assessments.models.vct import VctReferral
from assessments.queries.vct import findings_of, referrals_of
from assessments.views.common import about
from clients.access import client_for, treatment_for
from clients.enums import RevealReason
from clients.queries.page import client_page
from facilities.access import can
from rehab import audit
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


def of_client(request: Request, code: str) -> HttpResponse:
    """The client's referrals, without a result."""
    client = client_for(request.user, code, Permission.SEE_CLINICAL)
    audit.record_read("vct.opened", by=request.user, subject=client, client_code=client.code)
    page = client_page(request.user, client, timeline=False)
    under_way = [row for row in page.treatments if row.is_open and row.started_on]
    context = {
        "client": client,
        "page": page,
        "rows": list(referrals_of(request.user, client)[:100]),
        "refers": [row for row in under_way if can(request.user, Permission.TREAT, row.facility)],
        "may_reveal": can(request.user, Permission.SEE_IDENTITY),
        "reasons": RevealReason.choices,
    }
    return render(request, "assessments/vct_client.html", context)


@once
def refer(request: Request, pk: int) -> HttpResponse:
    treatment = treatment_for(request.user, pk, Permission.TREAT)
    form = ReferForm(request.POST if request.method == "POST" else None, facility=treatment.facility)
    if form.is_bound and form.is_valid():
        try:
            vct.refer(by=request.user, treatment=treatment, **form.facts())
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("The referral is recorded."))
            return redirect("assessments:vct_of_client", treatment.client.code)
    return render(
        request, "assessments/vct_refer.html", {"form": form, "treatment": treatment, **about(treatment.client)}
    )


def visit(request: Request, pk: int) -> HttpResponse:
    """Whether the client came."""
    found = vct_referral_for(request.user, pk)
    treats = can(request.user, Permission.TREAT, found.treatment.facility)
    form = VisitForm(request.POST if request.method == "POST" and treats else None, referral=found)
    if form.is_bound and form.is_valid():
        try:
            vct.note_visit(by=request.user, referral=found, **form.cleaned_data)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("Saved."))
            return redirect("assessments:vct_of_client", found.client.code)
    audit.record_read("vct.opened", by=request.user, subject=found, client_code=found.client.code)
    opens = VctReferral.objects.open_to(request.user).filter(pk=found.pk).exists()
    context = {"referral": found, "form": form, "treats": treats, "opens": opens, **about(found.client)}
    return render(request, "assessments/vct_visit.html", context)


def result(request: Request, pk: int) -> HttpResponse:
    """What came out: each look is recorded before it is shown. For who treats the client now; to all others it is not there."""
    found = vct_result_for(request.user, pk)
    audit.record_read("vct.result_opened", by=request.user, subject=found, client_code=found.client.code)
    known = findings_of(found)
    form = FindingsForm(request.POST if request.method == "POST" else None, referral=found, known=known)
    if form.is_bound and form.is_valid():
        edit = form.cleaned_data["edit"]
        try:
            vct.record_findings(by=request.user, referral=found, findings=form.findings(), edit=edit)
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("Saved."))
            return redirect("assessments:vct_result", pk)
    context = {"referral": found, "known": known, "form": form, **about(found.client)}
    context["shares"] = can(request.user, Permission.TREAT, found.treatment.facility)
    return render(request, "assessments/vct_result.html", context)


@require_POST
def share(request: Request, pk: int) -> HttpResponse:
    """For the facility that made the referral: the client agreed apart, or takes that back."""
    found = vct_result_for(request.user, pk)
    treatment_for(request.user, found.treatment_id, Permission.TREAT)
    shares = request.POST.get("shares") == "yes"
    vct.share(by=request.user, referral=found, shares=shares)
    done = (
        _("The next facility may open the result once it treats.") if shares else _("The result is shared no longer.")
    )
    messages.success(request, done)
    return redirect("assessments:vct_result", pk)
