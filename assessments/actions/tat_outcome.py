"""The end of a TAT case: plenary, result letter, and what became of it."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.actions.tat_steps import check_day, clean, hold, keep, move, note
from assessments.enums import TatStatus, TatTeam
from assessments.models import TatCase, TatLetter, TatPlacement, TatPlenary
from assessments.queries.tat import conclusions
from assessments.queries.tat_letters import letter_code, letter_context
from assessments.tat_paper import letter_paper
from clients.actions import episodes
from clients.queries import identity_of
from facilities.models import Facility
from rehab import vault
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@dataclass(frozen=True)
class Minutes:
    """What the plenary came to. `present` are ids of members; `recommendation` is a code of TatRecommendation."""

    held_on: date
    present: Collection[int]
    conclusion: str
    recommendation: str
    length_months: int | None = None
    place: str = ""


@dataclass(frozen=True)
class Letter:
    """What the secretariat adds to the plenary: number, date, and who signs."""

    number: str
    dated: date
    signer: str
    position: str


class StaleMinutes(Refused):
    """Somebody else saved the minutes meanwhile; nothing has been written. `current` is the row as it stands."""

    current: TatPlenary | None


@action
def hold_plenary(*, by: User, case: TatCase, minutes: Minutes, edit: int) -> TatPlenary:
    """Record the plenary, or mend its minutes until the letter is out. `edit` is 0 where the form was empty.

    Raises Refused unless both teams were there and both records are signed, StaleMinutes when somebody saved first.
    """
    held = hold(case)
    saved = TatPlenary.objects.filter(case=held).first()
    move(held, TatStatus.PLENARY)
    if edit != (saved.edit if saved else 0):
        stale = StaleMinutes(_("Somebody else saved the minutes while you were editing them."), code="stale")
        stale.current = saved
        raise stale
    check_day(held, minutes.held_on, "held_on")
    _check_presence(held, minutes.present)
    row = saved or TatPlenary(case=held, edit=0)
    row.held_on, row.conclusion, row.recommendation = minutes.held_on, clean(minutes.conclusion), minutes.recommendation
    row.length_months, row.place = minutes.length_months, clean(minutes.place)
    row.recorded_by, row.recorded_at = by, timezone.now()
    row.edit += 1
    row.save()
    keep(held)
    note("tat.plenary", by, held, on=minutes.held_on.isoformat())
    return row


def _check_presence(case: TatCase, present: Collection[int]) -> None:
    members = list(case.members.active())
    there = {member.team for member in members if member.pk in present}
    if there != {TatTeam.MEDICAL, TatTeam.LEGAL}:
        raise Refused(_("A plenary needs somebody of each team."), field="present")
    for member in members:
        if member.attended != (member.pk in present):
            member.attended = member.pk in present
            member.save(update_fields=["attended"])


@action
def issue_letter(*, by: User, case: TatCase, letter: Letter) -> TatLetter:
    """The result is out: it counts on the date of the letter. What is printed is kept as it is now.

    Raises Refused before the plenary's day, and in the future.
    """
    held = hold(case)
    move(held, TatStatus.RESULT)
    plenary = held.plenary
    check_day(held, letter.dated, "letter_on")
    if letter.dated < plenary.held_on:
        raise Refused(_("The letter cannot be older than the plenary."), field="letter_on")
    held.letter_number, held.letter_on = clean(letter.number), letter.dated
    held.recommendation, held.length_months, held.place = plenary.recommendation, plenary.length_months, plenary.place
    code = letter_code(held)
    words = {team: each.text for team, each in conclusions(held).items()}
    paper = letter_paper(held, plenary, identity_of(held.client), words, letter.signer, letter.position, code)
    content = vault.encrypt(held.client.data_key, json.dumps(paper, sort_keys=True), letter_context(held))
    keep(held)
    row = TatLetter.objects.create(case=held, content=content, code=code, issued_by=by, issued_at=timezone.now())
    note("tat.letter_issued", by, held)
    return row


@dataclass(frozen=True)
class Order:
    """An order of placement: by whom, when, under which number, to which facility, through which door (Admission)."""

    decided_on: date
    ordered_by: str
    number: str
    facility: Facility
    admission: str


@action
def order_placement(*, by: User, case: TatCase, order: Order) -> TatPlacement:
    """The suspect becomes a client of the facility, which from now on sees the person and the letter.

    Raises Refused before the letter, for a day before it or in the future, and where an episode cannot be opened.
    """
    held = _resulted(case, order.decided_on)
    episode = episodes.open_again(
        by=by,
        client=held.client,
        facility=order.facility,
        admission=order.admission,
        opened_on=order.decided_on,
        referrer=clean(order.ordered_by),
    )
    row = TatPlacement.objects.create(
        case=held,
        ordered=True,
        decided_on=order.decided_on,
        ordered_by=clean(order.ordered_by),
        number=clean(order.number),
        facility=order.facility,
        episode=episode,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    keep(held)
    note("tat.placed", by, held, facility=order.facility.code)
    return row


@action
def not_ordered(*, by: User, case: TatCase, decided_on: date, ordered_by: str, reason: str) -> TatPlacement:
    """No placement: the reason is kept, the case is closed, and no facility learns of it."""
    held = _resulted(case, decided_on)
    reason = clean(reason)
    if not reason:
        raise Refused(_("Say why no placement was ordered."), field="reason")
    row = TatPlacement.objects.create(
        case=held,
        ordered=False,
        decided_on=decided_on,
        ordered_by=clean(ordered_by),
        reason=reason,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    keep(held)
    note("tat.not_placed", by, held)
    return row


def _resulted(case: TatCase, decided_on: date) -> TatCase:
    held = hold(case)
    if held.status != TatStatus.RESULT:
        raise Refused(_("An order follows the result letter."), code="moved")
    if TatPlacement.objects.filter(case=held).exists():
        raise Refused(_("What became of the letter is recorded already."), code="moved")
    check_day(held, decided_on, "decided_on")
    if held.letter_on and decided_on < held.letter_on:
        raise Refused(_("The order cannot be older than the letter."), field="decided_on")
    return held
