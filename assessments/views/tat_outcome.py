"""Plenary, letter and placement of a TAT case, and the check of a letter's code."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.access import tat_letter_for, tat_managed_for, tat_step_for
from assessments.actions import tat_outcome
from assessments.enums import TatStatus
from assessments.forms.clash import conflicts, settled
from assessments.forms.tat_outcome import (
    CodeForm,
    LetterForm,
    NotOrderedForm,
    OrderForm,
    PlenaryForm,
    plenary_values,
)
from assessments.models import TatCase, TatPlacement, TatPlenary
from assessments.queries.tat import conclusions, places_for
from assessments.queries.tat_letters import verified
from assessments.tat_lifecycle import may_become
from assessments.tat_paper import letter_pdf
from rehab import audit, throttle
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once

CHECKS_A_MINUTE = 30


@once
def plenary(request: Request, code: str) -> HttpResponse:
    case = tat_step_for(request.user, code, TatStatus.PLENARY)
    members = list(case.members.active().select_related("user"))
    saved = TatPlenary.objects.filter(case=case).first()
    now = plenary_values(saved, members)
    if request.method != "POST":
        if not may_become(case.status, TatStatus.PLENARY):
            return redirect("assessments:tat_case", code)
        initial: Mapping[str, Any] = now or {
            "held_on": case.unit.local_date(),
            "present": [str(member.pk) for member in members],
        }
        form = PlenaryForm(members=members, initial={**initial, "edit": saved.edit if saved else 0})
        return _plenary_page(request, case, form)
    form = PlenaryForm(settled(request.POST, now), members=members)
    if form.is_valid():
        try:
            tat_outcome.hold_plenary(by=request.user, case=case, minutes=form.minutes(), edit=form.cleaned_data["edit"])
            messages.success(request, gettext("The plenary is recorded. The letter comes next."))
            return redirect("assessments:tat_case", code)
        except Refused as refusal:
            return _plenary_refused(request, case, form, refusal, members)
    return _plenary_page(request, case, form)


def _plenary_refused(
    request: Request, case: TatCase, form: PlenaryForm, refusal: Refused, members: list
) -> HttpResponse:
    if isinstance(refusal, tat_outcome.StaleMinutes):
        current: Any = refusal.current  # pghistory adds `events`
        opened = current.events.filter(edit=form.cleaned_data["edit"]).order_by("-pgh_id").first()
        typed = cast(QueryDict, form.data).copy()
        typed["edit"] = str(current.edit)
        form.data = typed
        members = list(case.members.active().select_related("user"))
        found = conflicts(form, plenary_values(opened), plenary_values(current, members))
        told = {"conflicts": found, "saved_by": current.recorded_by.name, "saved_at": current.recorded_at}
        return _plenary_page(request, case, form, told)
    if refusal.code in {"moved", "missing"}:
        return _gone_on(request, case.code, refusal)
    refusal.add_to(form)
    return _plenary_page(request, case, form)


def _plenary_page(
    request: Request, case: TatCase, form: PlenaryForm, told: dict[str, Any] | None = None
) -> HttpResponse:
    _looked(request, case)
    context = {"case": case, "form": form, "conclusions": list(conclusions(case).values())} | (told or {})
    status = 409 if told else 422 if form.is_bound and form.errors else 200
    return render(request, "assessments/tat_plenary.html", context, status=status)


@once
def letter(request: Request, code: str) -> HttpResponse:
    case = tat_step_for(request.user, code, TatStatus.RESULT)
    if not may_become(case.status, TatStatus.RESULT):
        return redirect("assessments:tat_case", code)
    form = LetterForm(request.POST if request.method == "POST" else None, initial={"letter_on": case.unit.local_date()})
    if form.is_bound and form.is_valid():
        try:
            tat_outcome.issue_letter(by=request.user, case=case, letter=form.letter())
            messages.success(request, gettext("The letter is issued. Print it, sign it, and send it."))
            return redirect("assessments:tat_case", code)
        except Refused as refusal:
            if refusal.code == "moved":
                return _gone_on(request, code, refusal)
            refusal.add_to(form)
    _looked(request, case)
    context = {"case": case, "form": form, "plenary": case.plenary, "conclusions": list(conclusions(case).values())}
    return render(request, "assessments/tat_letter.html", context, status=422 if form.errors else 200)


@require_safe
def print_letter(request: Request, code: str) -> HttpResponse:
    """The letter as PDF; each print is a recorded look at who the suspect is."""
    found = tat_letter_for(request.user, code)
    audit.record_read("tat.letter_printed", by=request.user, subject=found, client_code=found.case.client.code)
    response = HttpResponse(letter_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="surat-{found.case.code}.pdf"'
    return response


@once
def placement(request: Request, code: str) -> HttpResponse:
    """The order of placement, or that there is none."""
    case = tat_managed_for(request.user, code)
    if case.status != TatStatus.RESULT or TatPlacement.objects.filter(case=case).exists():
        return redirect("assessments:tat_case", code)
    typing = request.method == "POST"
    looking = typing and "look" in request.POST
    places = places_for(case, request.POST.get("words", "")[:100])
    form = OrderForm(request.POST if typing and not looking else None, initial=_typed(request, case), places=places)
    if form.is_bound and form.is_valid():
        try:
            tat_outcome.order_placement(by=request.user, case=case, order=form.order())
        except Refused as refusal:
            if refusal.code == "moved":
                return _gone_on(request, code, refusal)
            refusal.add_to(form)
        else:
            messages.success(
                request, gettext("Placement is recorded. The facility sees the client and the letter now.")
            )
            return redirect("assessments:tat_case", code)
    return _placement_page(request, case, form)


@require_POST
@once
def not_ordered(request: Request, code: str) -> HttpResponse:
    case = tat_managed_for(request.user, code)
    none = NotOrderedForm(request.POST)
    if none.is_valid():
        try:
            tat_outcome.not_ordered(by=request.user, case=case, **none.cleaned_data)
        except Refused as refusal:
            if refusal.code == "moved":
                return _gone_on(request, code, refusal)
            refusal.add_to(none)
        else:
            messages.success(request, gettext("Recorded: no placement. The case is closed."))
            return redirect("assessments:tat_case", code)
    return _placement_page(request, case, OrderForm(initial=_typed(request, case), places=places_for(case, "")), none)


def _typed(request: Request, case: TatCase) -> dict[str, Any]:
    """What was typed before the search for a facility: nothing of it is lost."""
    typed = {name: request.POST[name] for name in OrderForm.base_fields if name in request.POST}
    return {"decided_on": case.unit.local_date()} | typed


def _placement_page(
    request: Request, case: TatCase, form: OrderForm, none: NotOrderedForm | None = None
) -> HttpResponse:
    _looked(request, case)
    context = {
        "case": case,
        "form": form,
        "words": request.POST.get("words", ""),
        "none": none or NotOrderedForm(initial={"decided_on": case.unit.local_date()}),
        "refused": none is not None,
    }
    bad = [each for each in (form, none) if each and each.errors]
    return render(request, "assessments/tat_placement.html", context, status=422 if bad else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: Request) -> HttpResponse:
    """Whether a letter is ours and unchanged. It tells unit, number and date, never a person."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    found, asked = None, False
    if form.is_bound and form.is_valid():
        if not throttle.allowed("assessments.verify_letter", request.user.pk, most=CHECKS_A_MINUTE, seconds=60):
            form.add_error("code", gettext("Too many checks in a minute. Try again shortly."))
        else:
            found, asked = verified(form.cleaned_data["code"]), True
            audit.record("tat.letter_verified", by=request.user, subject=found or "assessments.tatletter")
    context = {"form": form, "found": found, "asked": asked}
    return render(request, "assessments/tat_verify.html", context)


def _looked(request: Request, case: TatCase) -> None:
    audit.record_read("tat.opened_page", by=request.user, subject=case, client_code=case.client.code)


def _gone_on(request: Request, code: str, refusal: Refused | forms.ValidationError) -> HttpResponse:
    messages.error(request, refusal.messages[0])
    return redirect("assessments:tat_case", code)
