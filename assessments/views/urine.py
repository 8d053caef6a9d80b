"""Urine tests: the cups of a place, one cup on its way, the draw, and a client's results."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.access import draw_for, urine_test_for
from assessments.actions import draws, urine
from assessments.enums import CustodyStep, UrineStatus
from assessments.forms.urine import CollectForm, DrawForm, ReadForm, ReasonForm, RemarkForm
from assessments.models.urine import RandomDraw, UrineTest
from assessments.queries.urine import checked, drawable, over, tests_of, under_way
from clients.access import client_for, treatment_for
from clients.enums import RevealReason
from clients.queries import with_names
from clients.queries.page import client_page
from facilities.access import can, permitted
from facilities.models import Facility
from rehab import audit, keyset
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission


@permitted(Permission.SEE_CLINICAL)
def listing(request: Request) -> HttpResponse:
    """Cups under way, or what was read, at the places where one reads clinical data."""
    show = "over" if request.GET.get("show") == "over" else ""
    page = keyset.page(request, over(request.user), "-wanted_on", "-pk") if show else None
    rows = page.rows if page else list(under_way(request.user)[:200])
    with_names(row.client for row in rows)
    context = {
        "show": show,
        "rows": rows,
        "page": page,
        "draws": RandomDraw.objects.visible_to(request.user).select_related("drawn_by")[:5],
        "treats": can(request.user, Permission.TREAT),
    }
    return render(request, "assessments/urine_list.html", context)


@once
@permitted(Permission.TREAT)
def draw(request: Request) -> HttpResponse:
    facility = _own_place(request)
    form = DrawForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = draws.draw(by=request.user, facility=facility, size=form.cleaned_data["size"])
        except Refused as refusal:
            refusal.add_to(form)
        else:
            return redirect("assessments:urine_draw", made.pk)
    return render(request, "assessments/urine_draw_new.html", {"form": form, "most": drawable(facility).count()})


def one_draw(request: Request, pk: int) -> HttpResponse:
    """The draw with its seed and list, repeated before one's eyes."""
    found = draw_for(request.user, pk)
    result = checked(found)
    codes = [test.client.code for test in result.tests]
    audit.record_reads("urine.opened", by=request.user, subject=found, client_codes=codes)
    with_names(test.client for test in result.tests)
    return render(request, "assessments/urine_draw.html", {"draw": found, "result": result})


@require_POST
@once
def want(request: Request, pk: int) -> HttpResponse:
    treatment = treatment_for(request.user, pk, Permission.TREAT)
    try:
        test = urine.want(by=request.user, treatment=treatment)
    except Refused as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("assessments:urine_of_client", treatment.client.code)
    return redirect("assessments:urine_test", test.pk)


def cup(request: Request, pk: int) -> HttpResponse:
    found = urine_test_for(request.user, pk)
    audit.record_read("urine.opened", by=request.user, subject=found, client_code=found.client.code)
    return _page(request, found)


@require_POST
def collect(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, CollectForm(request.POST), urine.collect, _("The cup is collected."))


@require_POST
def hand_over(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, RemarkForm(request.POST), urine.hand_over, _("The cup is handed over."))


@require_POST
def receive(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, RemarkForm(request.POST), urine.receive, _("The cup is received."))


@require_POST
def call_off(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, ReasonForm(request.POST), urine.call_off, _("The test is called off."))


@require_POST
def read(request: Request, pk: int) -> HttpResponse:
    """A first reading, or the correction of one."""
    found = urine_test_for(request.user, pk, Permission.TREAT)
    correcting = found.status == UrineStatus.READ
    form = ReadForm(request.POST, test=found, correcting=correcting)
    if not form.is_valid():
        return _page(request, found, form)
    facts = {"results": form.results(), "note": form.cleaned_data["note"]}
    facts |= {"reason": form.cleaned_data["reason"]} if correcting else {}
    try:
        (urine.correct if correcting else urine.read)(by=request.user, test=found, **facts)
    except Refused as refusal:
        refusal.add_to(form)
        return _page(request, found, form)
    messages.success(request, _("The result is recorded."))
    return redirect("assessments:urine_test", pk)


def of_client(request: Request, code: str) -> HttpResponse:
    client = client_for(request.user, code, Permission.SEE_CLINICAL)
    audit.record_read("urine.opened", by=request.user, subject=client, client_code=client.code)
    page = client_page(request.user, client, timeline=False)
    rows = list(tests_of(request.user, client)[:200])
    wants = [
        row
        for row in page.treatments
        if row.is_open and row.started_on and can(request.user, Permission.TREAT, row.facility)
    ]
    context = {
        "client": client,
        "page": page,
        "rows": rows,
        "wants": wants,
        "may_reveal": can(request.user, Permission.SEE_IDENTITY),
        "reasons": RevealReason.choices,
    }
    return render(request, "assessments/urine_client.html", context)


def _act(request: Request, pk: int, form, act: Callable, done: str) -> HttpResponse:
    found = urine_test_for(request.user, pk, Permission.TREAT)
    try:
        if not form.is_valid():
            raise Refused(_("Keep it to 250 characters."))
        act(by=request.user, test=found, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, done)
    return redirect("assessments:urine_test", pk)


def _page(request: Request, found: UrineTest, form: ReadForm | None = None) -> HttpResponse:
    steps = list(found.custody.select_related("by"))
    with_names([found.client])
    correcting = found.status == UrineStatus.READ
    context = {
        "test": found,
        "steps": steps,
        "travels": bool(steps) and steps[-1].step == CustodyStep.HANDED,
        "treats": can(request.user, Permission.TREAT, found.facility),
        "form": form or ReadForm(test=found, correcting=correcting),
        "correcting": correcting,
    }
    return render(request, "assessments/urine_test.html", context)


def _own_place(request: Request) -> Facility:
    post = getattr(request.user, "active_post", None)
    if post is None or post.facility is None:
        raise PermissionDenied
    return post.facility
