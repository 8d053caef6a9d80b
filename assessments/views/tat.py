"""TAT cases: listed, opened, and taken from step to step. Nobody but secretariat and assigned members learns of them."""

from collections.abc import Callable
from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.access import tat_case_for, tat_step_for
from assessments.actions import tat
from assessments.enums import TatStatus
from assessments.forms.tat import OpenCaseForm, ReasonForm, ScheduleForm
from assessments.models import TatCase
from assessments.queries import TAT_DAYS, tat_clock
from assessments.queries.tat import waits_for_me, with_my_part
from assessments.views.tat_page import case_page
from clients.actions import identity
from clients.queries import masked_names
from facilities.access import can, permitted, post_of
from facilities.models import Unit
from rehab import keyset, tunables
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission

# An answer that came too late, or too early: the page itself shows how the case stands.
TOLD_ON_THE_PAGE = frozenset({"moved", "missing"})


@require_safe
@permitted(Permission.TAT_MANAGE, Permission.TAT_MEDICAL, Permission.TAT_LEGAL)
def cases(request: Request) -> HttpResponse:
    rows = TatCase.objects.visible_to(request.user).select_related("client", "unit")
    status = request.GET.get("status", "")
    if status in TatStatus.values:
        rows = rows.filter(status=status)
    page = keyset.page(request, with_my_part(rows, request.user), "-received_on", "-id")
    days = tunables.value(TAT_DAYS)
    names = masked_names([case.client for case in page.rows])
    context = {
        "cases": [_listed(case, names, days) for case in page.rows],
        "page": page,
        "count": keyset.count(rows),
        "days": days,
        "statuses": TatStatus.choices,
        "status": status,
        "manages": can(request.user, Permission.TAT_MANAGE),
    }
    return render(request, "assessments/tat_list.html", context)


def _listed(case: TatCase, names: dict[int, str], days: int) -> dict[str, object]:
    clock, mine = tat_clock(case, days), waits_for_me(case)
    return {"case": case, "name": names.get(case.client_id, ""), "clock": clock, "mine": mine}


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permission.TAT_MANAGE)
@once
def open_case(request: Request) -> HttpResponse:
    unit = _own_unit(request)
    form = OpenCaseForm(request.POST or None, initial={"received_on": unit.local_date()})
    if request.method == "POST" and form.is_valid():
        try:
            case = tat.open_case(by=request.user, unit=unit, identity=form.identity(), request=form.request())
            messages.success(request, gettext("The case %(code)s was opened; the clock runs.") % {"code": case.code})
            return redirect("assessments:tat_case", case.code)
        except Refused as refusal:
            refusal.add_to(form)
    context = {"form": form, "unit": unit, "days": tunables.value(TAT_DAYS)}
    return render(request, "assessments/tat_open.html", context, status=422 if form.errors else 200)


@require_safe
def case(request: Request, code: str) -> HttpResponse:
    return case_page(request, tat_case_for(request.user, code))


@require_POST
def reveal(request: Request, code: str) -> HttpResponse:
    """Who the suspect is; the look is recorded."""
    found = tat_case_for(request.user, code)
    return case_page(
        request, found, revealed=identity.reveal(by=request.user, client=found.client, reason=gettext("TAT case"))
    )


@require_POST
@once
def submit(request: Request, code: str) -> HttpResponse:
    done = gettext("The request is submitted. Set up the teams and the day.")
    return _step(request, code, TatStatus.SUBMITTED, forms.Form(request.POST), tat.submit, done)


@require_POST
@once
def send_back(request: Request, code: str) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="id_repair_%s")
    done = gettext("The case waits for what is missing. The clock goes on.")
    return _step(request, code, TatStatus.REPAIR, form, tat.send_back, done)


@require_POST
@once
def schedule(request: Request, code: str) -> HttpResponse:
    done = gettext("The day is set. The members see the case as theirs to assess.")
    return _step(request, code, TatStatus.SCHEDULED, ScheduleForm(request.POST), tat.schedule, done)


@require_POST
@once
def refuse(request: Request, code: str) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="id_refuse_%s")
    return _step(request, code, TatStatus.REFUSED, form, tat.refuse, gettext("The request was refused."))


def _step(request: Request, code: str, to: TatStatus, form: forms.Form, act: Callable, done: str) -> HttpResponse:
    """A second click, or a colleague who was quicker, ends on the page with a sentence."""
    found = tat_step_for(request.user, code, to)
    if form.is_valid():
        try:
            act(by=request.user, case=found, **form.cleaned_data)
            messages.success(request, done)
            return redirect("assessments:tat_case", code)
        except Refused as refusal:
            if refusal.code in TOLD_ON_THE_PAGE:
                messages.error(request, refusal.messages[0])
                return redirect("assessments:tat_case", code)
            refusal.add_to(form)
    return case_page(request, found, answered={to.value: form})


def _own_unit(request: Request) -> Unit:
    """A case is opened at the unit of the post where one works now."""
    return cast(Unit, post_of(request.user).unit)
