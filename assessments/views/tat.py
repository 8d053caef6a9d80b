"""The TAT secretariat's cases: listed, opened, ended by a letter or a refusal. Nobody else learns that they exist."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.access import tat_case_for
from assessments.actions import tat
from assessments.enums import TatStatus
from assessments.forms.tat import LetterForm, OpenCaseForm, RefuseForm
from assessments.models import TatCase
from assessments.queries import TAT_DAYS, tat_clock
from clients.actions import identity
from clients.queries import RevealedIdentity, masked_names
from facilities.access import permitted
from facilities.models import Unit
from rehab import audit, keyset, tunables
from rehab.errors import Refused
from rehab.once import once
from rehab.roles import Permission


@require_safe
@permitted(Permission.TAT_MANAGE)
def cases(request: HttpRequest) -> HttpResponse:
    rows = TatCase.objects.visible_to(request.user).select_related("client", "unit")
    status = request.GET.get("status", "")
    if status in TatStatus.values:
        rows = rows.filter(status=status)
    page = keyset.page(request, rows, "-received_on", "-id")
    days = tunables.value(TAT_DAYS)
    names = masked_names([case.client for case in page.rows])
    listed = [
        {"case": case, "name": names.get(case.client_id, ""), "clock": tat_clock(case, days)} for case in page.rows
    ]
    context = {
        "cases": listed,
        "page": page,
        "count": keyset.count(rows),
        "days": days,
        "statuses": TatStatus.choices,
        "status": status,
    }
    return render(request, "assessments/tat_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permission.TAT_MANAGE)
@once
def open_case(request: HttpRequest) -> HttpResponse:
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
def case(request: HttpRequest, code: str) -> HttpResponse:
    found = tat_case_for(request.user, code)
    return _case_page(request, found)


@require_POST
def reveal(request: HttpRequest, code: str) -> HttpResponse:
    """Who the suspect is; the look is recorded."""
    found = tat_case_for(request.user, code)
    return _case_page(request, found, revealed=identity.reveal(by=request.user, client=found.client, reason=found.code))


@require_POST
@once
def letter(request: HttpRequest, code: str) -> HttpResponse:
    found = tat_case_for(request.user, code)
    form = LetterForm(request.POST)
    if form.is_valid():
        try:
            tat.record_letter(by=request.user, case=found, letter=form.letter())
            messages.success(request, gettext("The result letter was recorded."))
            return redirect("assessments:tat_case", code)
        except Refused as refusal:
            if refusal.code == "closed":
                return _closed_already(request, code, refusal)
            refusal.add_to(form)
    return _case_page(request, found, letter_form=form)


@require_POST
@once
def refuse(request: HttpRequest, code: str) -> HttpResponse:
    found = tat_case_for(request.user, code)
    form = RefuseForm(request.POST)
    if form.is_valid():
        try:
            tat.refuse(by=request.user, case=found, reason=form.cleaned_data["reason"])
            messages.success(request, gettext("The request was refused."))
            return redirect("assessments:tat_case", code)
        except Refused as refusal:
            return _closed_already(request, code, refusal)
    return _case_page(request, found, refuse_form=form)


def _closed_already(request: HttpRequest, code: str, refusal: Refused) -> HttpResponse:
    """A second click, or a colleague who was quicker: the page shows how the case ended."""
    messages.error(request, refusal.messages[0])
    return redirect("assessments:tat_case", code)


def _case_page(
    request: HttpRequest,
    found: TatCase,
    *,
    revealed: RevealedIdentity | None = None,
    letter_form: LetterForm | None = None,
    refuse_form: RefuseForm | None = None,
) -> HttpResponse:
    """Whatever led to the page, it shows the case: a recorded look."""
    audit.record_read("tat.opened_page", by=request.user, subject=found, client_code=found.client.code)
    days = tunables.value(TAT_DAYS)
    context = {
        "case": found,
        "masked_name": masked_names([found.client]).get(found.client_id, ""),
        "clock": tat_clock(found, days),
        "days": days,
        "revealed": revealed,
        "letter_form": letter_form or LetterForm(initial={"letter_on": found.unit.local_date()}),
        "refuse_form": refuse_form or RefuseForm(),
        "refusing": refuse_form is not None,
    }
    bad = letter_form or refuse_form
    return render(request, "assessments/tat_case.html", context, status=422 if bad and bad.errors else 200)


def _own_unit(request: HttpRequest) -> Unit:
    """A case is opened at the unit of the post where one works now."""
    return request.user.active_post.unit
