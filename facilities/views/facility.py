"""One facility: its page, adding, editing, closing and opening again."""

import copy
from typing import cast

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from facilities import conflicts
from facilities.access import can, facility_for, permitted
from facilities.actions import facilities
from facilities.forms.details import CloseForm, ReasonForm
from facilities.forms.facility import EditFacilityForm, FacilityForm
from facilities.forms.fields import accepted
from facilities.models import Facility
from facilities.overview import overview
from rehab.conflicts import last_change
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission

KEEPERS = (Permission.EDIT_FACILITIES, Permission.EDIT_OWN_FACILITY)


@permitted(Permission.SEE_FACILITIES)
def facility(request: Request, code: str) -> HttpResponse:
    found = facility_for(request.user, code, Permission.SEE_FACILITIES)
    return render(request, "facilities/facility.html", {"facility": found, **overview(request.user, found)})


@once
@permitted(Permission.EDIT_FACILITIES)
def add(request: Request) -> HttpResponse:
    form = FacilityForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = facilities.register(by=request.user, **form.facts())
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("%(name)s is registered as %(code)s.") % {"name": made.name, "code": made.code})
            return redirect("facilities:facility", made.code)
    return render(request, "facilities/add.html", {"form": form})


@permitted(*KEEPERS)
def edit(request: Request, code: str) -> HttpResponse:
    """Where someone was quicker, what they saved stands beside what was typed, and nothing is lost."""
    found = facility_for(request.user, code, *KEEPERS)
    data = conflicts.settled(request.POST, found) if request.method == "POST" else None
    form = EditFacilityForm(data, user=request.user, instance=copy.copy(found))
    context = {"facility": found, "form": form, "may_date": can(request.user, Permission.EDIT_FACILITIES, found)}
    if request.method == "POST" and form.is_valid():
        try:
            facilities.edit(by=request.user, facility=found, version=form.cleaned_data["version"], **form.facts())
        except facilities.Outdated as outdated:
            return render(request, "facilities/edit.html", context | _conflict(request, form, outdated.facility))
        except Refused as refusal:
            refusal.add_to(form)
        else:
            messages.success(request, _("Saved."))
            return redirect("facilities:facility", found.code)
    return render(request, "facilities/edit.html", context)


def _conflict(request: Request, form: EditFacilityForm, theirs: Facility) -> dict[str, object]:
    """The form again, with all that was typed, now against the version that stands there."""
    data = cast(QueryDict, form.data).copy()
    data["version"] = str(theirs.version)
    saved_by, saved_at = last_change(theirs)
    return {
        "form": EditFacilityForm(data, user=request.user, instance=copy.copy(theirs)),
        "conflicts": conflicts.between(form.cleaned_data["version"], theirs, form.facts()),
        "saved_by": saved_by,
        "saved_at": saved_at,
    }


@permitted(Permission.EDIT_FACILITIES)
def close(request: Request, code: str) -> HttpResponse:
    found = facility_for(request.user, code, Permission.EDIT_FACILITIES)
    form = CloseForm(request.POST or None, initial={"closed_on": found.local_date()})
    if accepted(request, form, lambda **facts: facilities.close(by=request.user, facility=found, **facts)):
        messages.success(request, _("%(name)s is closed.") % {"name": found.name})
        return redirect("facilities:facility", found.code)
    return render(request, "facilities/close.html", {"facility": found, "form": form})


@permitted(Permission.EDIT_FACILITIES)
def reopen(request: Request, code: str) -> HttpResponse:
    found = facility_for(request.user, code, Permission.EDIT_FACILITIES)
    form = ReasonForm(request.POST or None)
    if accepted(request, form, lambda **facts: facilities.reopen(by=request.user, facility=found, **facts)):
        messages.success(request, _("%(name)s is open again.") % {"name": found.name})
        return redirect("facilities:facility", found.code)
    return render(request, "facilities/reopen.html", {"facility": found, "form": form})
