"""The tree of units on a day; BNN's own admin keeps it."""

import functools
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.access import nationwide, permitted, unit_for
from facilities.actions import units
from facilities.forms.fields import accepted
from facilities.forms.units import CloseUnitForm, MoveForm, RenameForm, TreeForm, UnitForm
from facilities.queries import tree, with_history
from rehab import conflicts
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


def at_bnn(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for the unit admin of BNN itself; a province's admin gets 403."""

    @permitted(Permission.EDIT_FACILITIES)
    @functools.wraps(view)
    def guarded(request: Request, *args, **kwargs) -> HttpResponse:
        if not nationwide(request.user, Permission.EDIT_FACILITIES):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@permitted(Permission.SEE_FACILITIES)
def listing(request: Request) -> HttpResponse:
    form = TreeForm(request.GET or None)
    day = (form.cleaned_data.get("on") if form.is_bound and form.is_valid() else None) or timezone.localdate()
    context = {
        "form": form,
        "day": day,
        "rows": with_history(tree(day)),
        "may_keep": nationwide(request.user, Permission.EDIT_FACILITIES),
    }
    return render(request, "facilities/units.html", context)


@once
@at_bnn
def add(request: Request) -> HttpResponse:
    form = UnitForm(request.POST or None)
    if accepted(request, form, lambda **facts: units.create(by=request.user, **facts)):
        messages.success(request, _("The unit is registered."))
        return redirect("facilities:units")
    return render(request, "facilities/add_unit.html", {"form": form})


@conflicts.in_turn
@at_bnn
def rename(request: Request, code: str) -> HttpResponse:
    unit = unit_for(request.user, code, Permission.EDIT_FACILITIES)
    form = RenameForm(request.POST or None, initial={"name": unit.name})
    if accepted(request, form, lambda **facts: units.rename(by=request.user, unit=unit, **facts), row=unit):
        messages.success(request, _("The unit has its new name; earlier days keep the old one."))
        return redirect("facilities:units")
    return render(request, "facilities/rename_unit.html", {"unit": unit, "form": form})


@once
@at_bnn
def move(request: Request, code: str) -> HttpResponse:
    unit = unit_for(request.user, code, Permission.EDIT_FACILITIES)
    form = MoveForm(request.POST or None, unit=unit)
    if accepted(request, form, lambda **facts: units.move(by=request.user, unit=unit, **facts)):
        messages.success(request, _("The unit has its new place; earlier days keep the old one."))
        return redirect("facilities:units")
    return render(request, "facilities/move_unit.html", {"unit": unit, "form": form})


@at_bnn
def close(request: Request, code: str) -> HttpResponse:
    unit = unit_for(request.user, code, Permission.EDIT_FACILITIES)
    form = CloseUnitForm(request.POST or None)
    if accepted(request, form, lambda **facts: units.close(by=request.user, unit=unit, **facts)):
        messages.success(request, _("The unit is closed; its past stays."))
        return redirect("facilities:units")
    return render(request, "facilities/close_unit.html", {"unit": unit, "form": form})
