"""What is done about a client who fell out of touch: a warning letter, or the decision that it is not a drop-out yet."""

import hashlib
import json
from datetime import date, timedelta

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from clients.enums import LetterLevel
from clients.models import DropOutDelay, Treatment, WarningLetter
from clients.queries.letters import content_context, paper
from clients.queries.silence import LETTER_DAYS, Silence, silence_of
from facilities.models import Facility
from rehab import audit, tunables, vault
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User
from rehab.numbers import format_date


@action
def write_letter(*, by: User, treatment: Treatment, level: int, addressee: str) -> WarningLetter:
    """The next warning letter. Its number is the next of the facility's year; what it says is kept as it is said now.

    Raises Refused for a treatment that is not under way, a client who is in touch, a letter out of order or too soon.
    """
    found = _locked(treatment)
    if not found.is_quiet:
        raise Refused(_("The client is in touch: there is nothing to warn about."))
    _check_order(found, level)
    facility = (
        Facility.objects.select_for_update(no_key=True).select_related("unit", "region").get(pk=treatment.facility_id)
    )
    numbers = WarningLetter.objects.filter(facility=facility, year=found.on.year)
    letter = WarningLetter(
        treatment=treatment,
        facility=facility,
        level=level,
        year=found.on.year,
        number=(numbers.aggregate(last=Max("number"))["last"] or 0) + 1,
        addressee=addressee,
        contact_on=found.row.contact_on,
        missed=found.row.missed,
        issued_on=found.on,
        come_by=found.on + timedelta(days=tunables.value(LETTER_DAYS)),
        issued_by=by,
    )
    _seal(letter, found)
    letter.save()
    _record("letter.written", by, letter, treatment, {"letter": letter.reference, "to": str(addressee)})
    return letter


@action
def put_off(*, by: User, treatment: Treatment, silent_until: date, reason: str) -> DropOutDelay:
    """Decide that a silent client is not a drop-out yet: nothing is proposed before that day.

    Raises Refused without a reason, for a day that is not ahead or further ahead than the setting allows, and where nothing
    is proposed.
    """
    found = _locked(treatment)
    if found.delay:
        told = {"name": found.delay.decided_by.name, "day": format_date(found.delay.silent_until)}
        raise Refused(_("%(name)s has decided already: not proposed before %(day)s.") % told)
    if not found.is_proposed:
        raise Refused(_("No drop-out is proposed: the client is in touch."))
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    if silent_until <= found.on:
        raise Refused(_("Choose a day to come."), field="silent_until")
    if silent_until > found.longest_until:
        last = format_date(found.longest_until)
        raise Refused(_("At the latest %(day)s: then it is looked at again.") % {"day": last}, field="silent_until")
    delay = DropOutDelay.objects.create(
        treatment=treatment,
        decided_on=found.on,
        silent_until=silent_until,
        reason=reason.strip(),
        missed=found.row.missed,
        contact_on=found.row.contact_on,
        decided_by=by,
    )
    _record("drop_out.put_off", by, delay, treatment, {"until": silent_until.isoformat()}, reason=delay.reason)
    return delay


def _locked(treatment: Treatment) -> Silence:
    """The facts, once nobody else can write a letter or decide meanwhile."""
    Treatment.objects.select_for_update(no_key=True).get(pk=treatment.pk)
    found = silence_of(treatment)
    if found is None:
        raise Refused(_("This treatment is not under way."))
    return found


def _check_order(found: Silence, level: int) -> None:
    if level in {each.level for each in found.series}:
        raise Refused(_("%(letter)s has been written already.") % {"letter": LetterLevel(level).label})
    if found.next_level is None:
        raise Refused(_("All three letters have been written. Decide now."))
    if level != found.next_level:
        raise Refused(_("%(letter)s comes first.") % {"letter": found.next_level.label})
    if found.next_from and found.next_from > found.on:
        told = {"letter": found.next_level.label, "day": format_date(found.next_from)}
        raise Refused(_("%(letter)s can be written from %(day)s on.") % told)


def _seal(letter: WarningLetter, found: Silence) -> None:
    client = letter.treatment.client
    with translation.override("id"):
        said = paper(letter, missed_on=found.row.missed_on, before=found.series)
    letter.digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    said["hash"] = letter.digest
    letter.content = vault.encrypt(client.data_key, json.dumps(said), content_context(letter))


def _record(verb: str, by: User, subject, treatment: Treatment, data: dict, reason: str = "") -> None:
    audit.record(
        verb, by=by, subject=subject, client_code=treatment.client.code, place=treatment.facility.code, reason=reason,
        data=data,
    )  # fmt: skip
