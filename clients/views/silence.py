"""A client who fell out of touch: the facts, the warning letters, and the decision about a drop-out."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clients.access import letter_for, treatment_for
from clients.actions import silence as actions
from clients.enums import LetterLevel
from clients.forms.silence import DelayForm, LetterForm
from clients.letter_paper import letter_pdf
from clients.models import Treatment
from clients.queries import with_names
from clients.queries.silence import silence_of
from rehab import audit, panels
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


@require_safe
def silence(request: Request, pk: int) -> HttpResponse:
    return _page(request, treatment_for(request.user, pk, Permission.TREAT))


@require_POST
@once
def write_letter(request: Request, pk: int) -> HttpResponse:
    treatment, form = treatment_for(request.user, pk, Permission.TREAT), LetterForm(request.POST)
    letter = _try(form, lambda **said: actions.write_letter(by=request.user, treatment=treatment, **said))
    if letter is None:
        return _page(request, treatment, letter_form=form)
    messages.success(request, _("%(number)s is written. Print it and send it.") % {"number": letter.reference})
    return redirect("clients:silence", pk)


@require_POST
@once
def put_off(request: Request, pk: int) -> HttpResponse:
    treatment, form = treatment_for(request.user, pk, Permission.TREAT), DelayForm(request.POST)
    if _try(form, lambda **said: actions.put_off(by=request.user, treatment=treatment, **said)) is None:
        return _page(request, treatment, delay_form=form)
    messages.success(request, _("Noted. Until then no drop-out is proposed."))
    return redirect("clients:silence", pk)


@require_safe
def letter(request: Request, pk: int) -> HttpResponse:
    """The letter as PDF, with name and address: each look is recorded."""
    found = letter_for(request.user, pk)
    code = found.treatment.client.code
    audit.record_read("letter.printed", by=request.user, subject=found, client_code=code)
    response = HttpResponse(letter_pdf(found), content_type="application/pdf")
    name = f"{LetterLevel(found.level).label}-{found.number:03d}-{found.year}"
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _try(form: forms.Form, act: Callable[..., Any]) -> Any | None:
    """What the action gives; None with the refusal at the form."""
    if not form.is_valid():
        return None
    try:
        return act(**form.cleaned_data)
    except Refused as refusal:
        refusal.add_to(form)
        return None


def _page(
    request: Request,
    treatment: Treatment,
    *,
    letter_form: LetterForm | None = None,
    delay_form: DelayForm | None = None,
) -> HttpResponse:
    found, client = silence_of(treatment), treatment.client
    audit.record_read("silence.opened", by=request.user, subject=treatment, client_code=client.code)
    with_names([client])
    context = {
        "client": client,
        "treatment": treatment,
        "silence": found,
        "letters": found.letters if found else treatment.letters.select_related("issued_by", "facility"),
        "delays": found.delays if found else treatment.drop_out_delays.select_related("decided_by"),
        "letter_form": letter_form or LetterForm(initial={"level": found.next_level if found else None}),
        "delay_form": delay_form or DelayForm(initial={"silent_until": found.longest_until if found else None}),
        "ends": panels.treatment_ends.collect(request.user, treatment),
    }
    status = 422 if letter_form or delay_form else 200
    return render(request, "clients/silence.html", context, status=status)
