"""What hangs on a facility: dated supervision, decrees, capacity, strengthening."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from facilities.access import can, facility_for, one_of, permitted
from facilities.actions import capacity, ipwl, strengthening, terms
from facilities.forms.details import (
    CapacityForm,
    CorrectTermForm,
    EndIpwlForm,
    IpwlForm,
    StrengtheningForm,
    TermForm,
)
from facilities.forms.fields import accepted
from rehab import conflicts
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission

KEEPERS = (Permission.EDIT_FACILITIES, Permission.EDIT_OWN_FACILITY)
VALUES = ("unit", "ownership", "is_operational", "offers_aftercare")


@conflicts.in_turn
@once
@permitted(Permission.EDIT_FACILITIES)
def change_term(request: Request, code: str) -> HttpResponse:
    found = facility_for(request.user, code, Permission.EDIT_FACILITIES)
    form = TermForm(request.POST or None, user=request.user, initial={name: getattr(found, name) for name in VALUES})

    def change(*, from_on, reason, **values):
        terms.change(by=request.user, facility=found, from_on=from_on, values=terms.Values(**values), reason=reason)

    if accepted(request, form, change, row=found):
        messages.success(request, _("Saved. Days before the change stay as they were."))
        return redirect("facilities:facility", found.code)
    return render(request, "facilities/term.html", {"facility": found, "form": form})


@conflicts.in_turn
@once
@permitted(Permission.EDIT_FACILITIES)
def correct_term(request: Request, code: str, pk: int) -> HttpResponse:
    found = facility_for(request.user, code, Permission.EDIT_FACILITIES)
    term = one_of(found.terms.select_related("unit"), pk)
    form = CorrectTermForm(
        request.POST or None, user=request.user, initial={name: getattr(term, name) for name in VALUES}
    )

    def correct(*, reason, **values):
        terms.correct(by=request.user, term=term, values=terms.Values(**values), reason=reason)

    if accepted(request, form, correct, row=term):
        messages.success(
            request,
            _("The term is corrected; the reason is kept. What was counted by it is counted again within a minute."),
        )
        return redirect("facilities:facility", found.code)
    return render(request, "facilities/correct_term.html", {"facility": found, "term": term, "form": form})


@once
@permitted(*KEEPERS)
def add_ipwl(request: Request, code: str) -> HttpResponse:
    found = facility_for(request.user, code, *KEEPERS)
    form = IpwlForm(request.POST or None)
    if accepted(request, form, lambda **facts: ipwl.add(by=request.user, facility=found, **facts)):
        messages.success(request, _("The decree is recorded."))
        return redirect("facilities:facility", found.code)
    return render(request, "facilities/ipwl.html", {"facility": found, "form": form})


@permitted(*KEEPERS)
def end_ipwl(request: Request, code: str, pk: int) -> HttpResponse:
    found = facility_for(request.user, code, *KEEPERS)
    decree = one_of(found.ipwl_designations.all(), pk)
    form = EndIpwlForm(request.POST or None)
    if accepted(request, form, lambda **facts: ipwl.end(by=request.user, designation=decree, **facts)):
        messages.success(request, _("The decree has an end now."))
        return redirect("facilities:facility", found.code)
    return render(request, "facilities/end_ipwl.html", {"facility": found, "decree": decree, "form": form})


@once
@permitted(*KEEPERS)
def set_capacity(request: Request, code: str) -> HttpResponse:
    found = facility_for(request.user, code, *KEEPERS)
    form = CapacityForm(request.POST or None, initial={"starts_on": found.local_date()})
    if accepted(request, form, lambda **facts: capacity.set_places(by=request.user, facility=found, **facts)):
        messages.success(request, _("The capacity is recorded."))
        return redirect("facilities:facility", found.code)
    return render(
        request, "facilities/capacity.html", {"facility": found, "form": form, "rows": found.capacities.all()}
    )


@once
@permitted(Permission.STRENGTHEN)
def strengthen(request: Request, code: str) -> HttpResponse:
    found = facility_for(request.user, code, Permission.STRENGTHEN)
    own = found.unit if can(request.user, Permission.STRENGTHEN, found.unit) else None
    form = StrengtheningForm(
        request.POST or None, user=request.user, initial={"unit": own, "held_on": found.local_date()}
    )
    if accepted(request, form, lambda **facts: strengthening.record(by=request.user, facility=found, **facts)):
        messages.success(request, _("The activity is recorded."))
        return redirect("facilities:facility", found.code)
    return render(request, "facilities/strengthening.html", {"facility": found, "form": form})
