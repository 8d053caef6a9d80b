"""The data steward's pages: pairs that may be one human being, and the persons behind clients. Masked; each look is recorded."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.access import bare_person_for, candidate_for, kept_apart_for, standing_for
from clients.actions import stewarding
from clients.enums import CandidateStatus
from clients.forms.stewarding import LINK, CodeForm, DecisionForm
from clients.models import Client
from clients.queries.stewarding import explained, pairs, view_of
from facilities.access import nationwide
from rehab import audit, keyset
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.roles import Permission

SIZE = 25


def listing(request: Request) -> HttpResponse:
    """What waits, the strongest first; or what was decided, the latest first."""
    _check(request)
    decided = request.GET.get("show") == "decided"
    rows = pairs(request.user)
    if decided:
        page = keyset.page(request, rows.exclude(status=CandidateStatus.OPEN), "-decided_at", "-pk", size=SIZE)
    else:
        page = keyset.page(request, rows.filter(status=CandidateStatus.OPEN), "-strength", "-pk", size=SIZE)
    audit.record_read("person.queue_opened", by=request.user, subject="clients.matchcandidate")
    context = {"page": page, "pairs": explained(page.rows), "decided": decided, "form": CodeForm()}
    return render(request, "clients/candidates.html", context)


@once
def pair(request: Request, pk: int) -> HttpResponse:
    """Factor by factor, and the decision with its reason."""
    found = candidate_for(request.user, pk)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _decided(request, form, found):
        return redirect("clients:candidates")
    audit.record_read("person.compared", by=request.user, subject=found)
    found = candidate_for(request.user, pk)
    return render(request, "clients/candidate.html", {"pair": explained([found])[0], "form": form})


def _decided(request: Request, form: DecisionForm, candidate) -> bool:
    links = form.cleaned_data["decision"] == LINK
    decide = stewarding.link if links else stewarding.keep_apart
    try:
        decide(by=request.user, candidate=candidate, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        refusal.add_to(form)
        return False
    codes = {"first": candidate.first.code, "second": candidate.second.code}
    text = (
        _("%(first)s and %(second)s stand for one person now.")
        if links
        else _("%(first)s and %(second)s are kept apart.")
    )
    messages.success(request, text % codes)
    return True


@require_POST
def find(request: Request) -> HttpResponse:
    """The person behind the code of a client."""
    _check(request)
    form = CodeForm(request.POST)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    found = Client.objects.filter(code=code, episodes__isnull=False).first() if code else None
    if found is None:
        messages.error(request, _("No client has this code."))
        return redirect("clients:candidates")
    return redirect("clients:person", found.person_id)


def person(request: Request, pk: int) -> HttpResponse:
    found = bare_person_for(request.user, pk)
    audit.record_read("person.opened", by=request.user, subject=found)
    return render(request, "clients/person.html", {"view": view_of(found)})


@require_POST
@once
def let_go(request: Request, pk: int, code: str) -> HttpResponse:
    found = standing_for(request.user, bare_person_for(request.user, pk), code)
    reason = request.POST.get("reason", "")[:250]
    if _try(request, lambda: stewarding.let_go(by=request.user, client=found, reason=reason)):
        messages.success(request, _("%(code)s stands for a person of its own now.") % {"code": code})
    return redirect("clients:person", pk)


@require_POST
@once
def let_together(request: Request, pk: int) -> HttpResponse:
    """Back to the person from whose page it was asked."""
    found = kept_apart_for(request.user, pk)
    reason = request.POST.get("reason", "")[:250]
    if _try(request, lambda: stewarding.let_together(by=request.user, kept=found, reason=reason)):
        messages.success(
            request, _("They are no longer kept apart. Where they are alike they stand in the queue again.")
        )
    return redirect("clients:person", found.first.person_id)


def _try(request: Request, act: Callable[[], object]) -> bool:
    try:
        act()
    except Refused as refusal:
        messages.error(request, refusal.messages[0])
        return False
    return True


def _check(request: Request) -> None:
    if not nationwide(request.user, Permission.LINK_PERSONS):
        raise PermissionDenied
