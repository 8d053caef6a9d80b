"""A joint assessment (TAT) at the secretariat of a unit: opened on a request, ended by a letter or a refusal."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from assessments.enums import TatStatus
from assessments.models import TatCase
from assessments.queries import EARLIEST
from clients.actions import registration
from clients.actions.people import IdentityData
from facilities.models import Unit
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@dataclass(frozen=True)
class Request:
    """The investigator's letter, and the day it came in."""

    agency: str
    number: str
    dated: date
    received_on: date


@dataclass(frozen=True)
class Letter:
    """The result letter. `recommendation` is a code of TatRecommendation; length and place may be empty."""

    number: str
    dated: date
    recommendation: str
    length_months: int | None = None
    place: str = ""


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
        requested_by=request.agency,
        request_number=request.number,
        request_on=request.dated,
        received_on=request.received_on,
        recorded_by=by,
    )
    audit.record("tat.opened", by=by, subject=case, client_code=client.code, data={"case": case.code})
    return case


@action
def record_letter(*, by: User, case: TatCase, letter: Letter) -> TatCase:
    """The result is out: it counts on the date of the letter. Raises Refused before the receipt and in the future."""
    case = _open_case(case)
    if letter.dated > case.unit.local_date():
        raise Refused(_("The day lies in the future."), field="letter_on")
    if letter.dated < case.received_on:
        raise Refused(_("The letter cannot be older than the request."), field="letter_on")
    case.status = TatStatus.RESULT
    case.letter_number, case.letter_on, case.recommendation = letter.number, letter.dated, letter.recommendation
    case.length_months, case.place = letter.length_months, letter.place
    case.edit += 1
    case.save()
    audit.record("tat.letter_recorded", by=by, subject=case, client_code=case.client.code, data={"case": case.code})
    return case


@action
def refuse(*, by: User, case: TatCase, reason: str) -> TatCase:
    """The request is turned down; the reason stays in the record."""
    case = _open_case(case)
    reason = reason.replace("\x00", "").strip()
    if not reason:
        raise Refused(_("Say why the request is refused."), field="reason")
    case.status, case.refusal = TatStatus.REFUSED, reason
    case.edit += 1
    case.save()
    audit.record(
        "tat.refused", by=by, subject=case, client_code=case.client.code, reason=reason, data={"case": case.code}
    )
    return case


def _open_case(case: TatCase) -> TatCase:
    found = TatCase.objects.select_for_update(of=("self",)).select_related("client", "unit").get(pk=case.pk)
    if found.status != TatStatus.SUBMITTED:
        raise Refused(_("This case is closed already."), code="closed")
    return found


def _next_code(unit: Unit, year: int) -> str:
    """TAT-53-2026-0007: area of the unit, year of receipt, running number."""
    area = unit.code.partition("-")[2] or unit.code
    start = f"TAT-{area}-{year}-"
    taken = TatCase.objects.filter(code__startswith=start).values_list("code", flat=True)
    numbers = [int(found.group(1)) for code in taken if (found := re.search(r"-(\d+)$", code))]
    return f"{start}{max(numbers, default=0) + 1:04d}"
