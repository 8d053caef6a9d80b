"""A joint assessment (TAT) at the secretariat of a unit: opened on a request, submitted, sent back, scheduled, refused."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.actions.tat_steps import clean, hold, keep, move, note
from assessments.enums import TatPaper, TatPaperState, TatRoute, TatStatus
from assessments.models import TatCase, TatDocument
from assessments.queries import EARLIEST
from clients.actions import registration
from clients.actions.people import IdentityData
from facilities.models import Unit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User

FARTHEST = timedelta(days=90)


@dataclass(frozen=True)
class Request:
    """The investigator's letter, the day it came in, and what it is made on (a code of TatRoute)."""

    agency: str
    number: str
    dated: date
    received_on: date
    route: str = TatRoute.WITHOUT_EVIDENCE


@action
def open_case(*, by: User, unit: Unit, identity: IdentityData, request: Request) -> TatCase:
    """Take a suspect in, without an episode, and start the clock. Raises Refused for days that cannot be."""
    today = unit.local_date()
    if request.received_on > today:
        raise Refused(_("The day lies in the future."), field="received_on")
    if request.dated > request.received_on:
        raise Refused(_("The request cannot be dated after the day it was received."), field="request_on")
    if request.dated < EARLIEST:
        raise Refused(_("The day lies too far back. Check the year."), field="request_on")
    # Numbers follow each other without a gap: one case of a unit is opened at a time.
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    client = registration.register_suspect(by=by, identity=identity)
    case = TatCase.objects.create(
        client=client,
        unit=unit,
        code=_next_code(unit, request.received_on.year),
        route=request.route,
        requested_by=request.agency,
        request_number=request.number,
        request_on=request.dated,
        received_on=request.received_on,
        recorded_by=by,
    )
    # Whoever typed number and date of the request has the letter in hand.
    TatDocument.objects.create(
        case=case,
        kind=TatPaper.REQUEST,
        state=TatPaperState.RECEIVED,
        number=request.number,
        dated=request.dated,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    note("tat.opened", by, case)
    return case


@action
def submit(*, by: User, case: TatCase) -> TatCase:
    """Put a draft, or a case that was completed, before the teams. Raises Refused while something is missing."""
    held = hold(case)
    move(held, TatStatus.SUBMITTED)
    held.repair_note = ""
    keep(held)
    note("tat.submitted", by, held)
    return held


@action
def send_back(*, by: User, case: TatCase, reason: str) -> TatCase:
    """The investigator completes the request; the clock goes on. Raises Refused without saying what is to be completed."""
    held = hold(case)
    reason = clean(reason)
    if not reason:
        raise Refused(_("Say what must be completed."), field="reason")
    move(held, TatStatus.REPAIR)
    held.repair_note, held.scheduled_for = reason, None
    keep(held)
    note("tat.sent_back", by, held)
    return held


@action
def schedule(*, by: User, case: TatCase, on: date) -> TatCase:
    """Set, or move, the day of the assessment. Raises Refused before the receipt and more than three months ahead."""
    held = hold(case)
    if on < held.received_on:
        raise Refused(_("The day lies before the receipt of the request."), field="on")
    if on > held.unit.local_date() + FARTHEST:
        raise Refused(_("The day lies too far ahead. Check the year."), field="on")
    move(held, TatStatus.SCHEDULED)
    held.scheduled_for = on
    keep(held)
    note("tat.scheduled", by, held, on=on.isoformat())
    return held


@action
def refuse(*, by: User, case: TatCase, reason: str) -> TatCase:
    """The request is turned down; the reason stays in the record."""
    held = hold(case)
    reason = clean(reason)
    if not reason:
        raise Refused(_("Say why the request is refused."), field="reason")
    move(held, TatStatus.REFUSED)
    held.refusal = reason
    keep(held)
    note("tat.refused", by, held)
    return held


def _next_code(unit: Unit, year: int) -> str:
    """TAT-53-2026-0007: area of the unit, year of receipt, running number."""
    area = unit.code.partition("-")[2] or unit.code
    start = f"TAT-{area}-{year}-"
    taken = TatCase.objects.filter(code__startswith=start).values_list("code", flat=True)
    numbers = [int(found.group(1)) for code in taken if (found := re.search(r"-(\d+)$", code))]
    return f"{start}{max(numbers, default=0) + 1:04d}"
