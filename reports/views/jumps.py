"""The queue of months that stand out, and the word that takes one out of it."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities.access import permitted
from facilities.models import Facility, Unit
from rehab.errors import Refused
from rehab.http import Request
from rehab.once import once
from rehab.periods import month
from rehab.roles import Permission
from reports.actions.jumps import MAY_EXPLAIN
from reports.actions.jumps import explain as explain_jump
from reports.cards import jumps as card
from reports.cards.base import Frame
from reports.forms.jumps import ExplainForm
from reports.queries.jumps import Jump, rule
from reports.views.cards import frame_of, page_of

SHOWN = 100


@dataclass(frozen=True)
class QueueRow:
    """One month that stands out, as this person may see it; `form` where the person may explain it."""

    jump: Jump
    place: str
    month: str
    direction: str
    shown: bool
    form: ExplainForm | None


@require_safe
@permitted(Permission.SEE_FIGURES)
def queue(request: Request, code: str, year: int) -> HttpResponse:
    return _page(request, frame_of(request, code, year))


@require_POST
@permitted(*MAY_EXPLAIN)
@once
def explain(request: Request, code: str, year: int) -> HttpResponse:
    """A reason for a month of the queue; refused where the count has changed since the person looked at it."""
    frame, form = frame_of(request, code, year), ExplainForm(request.POST)
    if not frame.may(*MAY_EXPLAIN):
        raise PermissionDenied
    if not form.is_valid():
        return _page(request, frame, form, status=422)
    jump = next((each for each in card.queue(frame) if form.names(each)), None)
    if jump is None:
        raise Http404
    try:
        _explain(request, jump, form)
    except Refused as refusal:
        refusal.add_to(form)
        return _page(request, frame, form, status=422)
    messages.success(request, _("The reason is kept."))
    return redirect(f"{reverse('reports:jumps', args=[code, year])}?scope={frame.scope}")


def _explain(request: Request, jump: Jump, form: ExplainForm) -> None:
    if jump.members != form.cleaned_data["members"]:
        raise Refused(_("The number has changed since you opened this page. Look at it again."))
    facility = Facility.objects.filter(pk=jump.facility).first() if jump.facility else None
    explain_jump(
        by=request.user,
        unit=Unit.objects.get(pk=jump.unit),
        facility=facility,
        indicator=jump.indicator,
        month=jump.first,
        members=jump.members,
        reason=form.cleaned_data["reason"],
    )


def _page(request: Request, frame: Frame, posted: ExplainForm | None = None, status: int = 200) -> HttpResponse:
    found = card.queue(frame)
    names = card.names_of(frame, found[:SHOWN])
    may = frame.may(*MAY_EXPLAIN)
    rows = [_row(frame, jump, names, may, posted) for jump in found[:SHOWN]]
    context = page_of(frame) | {
        "waiting": [row for row in rows if not row.jump.explained],
        "explained": [row for row in rows if row.jump.explained],
        "more": len(found) - len(rows),
        "rule": rule(),
    }
    return render(request, "reports/jumps.html", context, status=status)


def _row(frame: Frame, jump: Jump, names: dict, may: bool, posted: ExplainForm | None) -> QueueRow:
    form = ExplainForm.of(jump) if may else None
    if posted is not None and may and posted.is_bound and _is_about(posted, jump):
        form = posted
    return QueueRow(
        jump,
        names[jump.unit, jump.facility],
        month(jump.first.year, jump.first.month).label,
        card.direction(jump),
        card.may_see_number(frame, jump),
        form,
    )


def _is_about(form: ExplainForm, jump: Jump) -> bool:
    form.is_valid()
    return {"unit", "indicator", "month"} <= form.cleaned_data.keys() and form.names(jump)
