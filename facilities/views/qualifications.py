"""Licences and certificates of a person: seen by the holder and by those who keep them, recorded by the latter."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities import roster
from facilities.access import one_of, permitted, staff_for
from facilities.actions import qualifications
from facilities.enums import QUALIFICATION_KINDS
from facilities.forms.details import ReasonForm
from facilities.forms.fields import accepted
from facilities.forms.qualifications import QualificationForm, initial
from rehab import conflicts, undo
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission

KEEPERS = (Permission.EDIT_OWN_FACILITY, Permission.MANAGE_PEOPLE)


def person(request: Request, pk: int) -> HttpResponse:
    found = staff_for(request.user, pk)
    context = {
        "person": found,
        "oneself": found.pk == request.user.pk,
        "posts": found.postings.on(timezone.localdate()).select_related("unit", "facility"),
        **roster.qualifications(request.user, found),
    }
    return render(request, "facilities/qualifications.html", context)


@once
@permitted(*KEEPERS)
def add(request: Request, pk: int, kind: str) -> HttpResponse:
    found = staff_for(request.user, pk, keeping=True)
    if kind not in QUALIFICATION_KINDS:
        raise Http404
    form = QualificationForm(request.POST or None, certificate=QUALIFICATION_KINDS[kind])
    if accepted(
        request,
        form,
        lambda **facts: qualifications.record(by=request.user, user=found, data=form.qualification()),
    ):
        messages.success(request, _("It is recorded."))
        return redirect("facilities:qualifications", found.pk)
    context = {"person": found, "form": form, "certificate": QUALIFICATION_KINDS[kind]}
    return render(request, "facilities/qualification.html", context)


@conflicts.in_turn
@permitted(*KEEPERS)
def correct(request: Request, pk: int, number: int) -> HttpResponse:
    found = staff_for(request.user, pk, keeping=True)
    row = one_of(found.qualifications.all(), number)
    form = QualificationForm(
        request.POST or None, certificate=row.is_certificate, correcting=True, initial=initial(row)
    )

    def act(*, reason: str, **facts: object) -> None:
        qualifications.correct(by=request.user, qualification=row, data=form.qualification(), reason=reason)

    if accepted(request, form, act, row=row):
        messages.success(request, _("It is corrected; the reason is kept."))
        return redirect("facilities:qualifications", found.pk)
    context = {"person": found, "form": form, "row": row}
    return render(request, "facilities/correct_qualification.html", context)


@permitted(*KEEPERS)
def remove(request: Request, pk: int, number: int) -> HttpResponse:
    found = staff_for(request.user, pk, keeping=True)
    row = one_of(found.qualifications.all(), number)
    form = ReasonForm(request.POST or None)
    if accepted(request, form, lambda **facts: qualifications.remove(by=request.user, qualification=row, **facts)):
        back = reverse("facilities:qualifications", args=[found.pk])
        told = _("It is removed; its history is kept.")
        undo.offer(request, told, "qualifications.removed", back=back, person=found.pk, qualification=number)
        return redirect("facilities:qualifications", found.pk)
    return render(request, "facilities/remove_qualification.html", {"person": found, "form": form, "row": row})
