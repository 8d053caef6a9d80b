"""What a warning letter says, and the letter as it was sealed. In Indonesian, whatever the screen speaks.

It names the appointment that was missed and asks to come; never a diagnosis, a substance or what the client is treated for.
"""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from clients.enums import Addressee, LetterLevel
from clients.models import WarningLetter
from clients.queries.identities import opened_fields
from facilities.models import Facility
from rehab import vault
from rehab.numbers import format_date

TITLES = {
    LetterLevel.FIRST: "Surat Peringatan Pertama (SP-1)",
    LetterLevel.SECOND: "Surat Peringatan Kedua (SP-2)",
    LetterLevel.THIRD: "Surat Peringatan Ketiga (SP-3)",
}


def content_context(letter: WarningLetter) -> str:
    return f"clients.letter:{letter.treatment.client.code}:{letter.reference}"


def content_of(letter: WarningLetter) -> dict[str, Any]:
    """What templates/pdf/warning.typ prints, as it stood when the letter was written."""
    client = letter.treatment.client
    return json.loads(vault.decrypt(client.data_key, letter.content, content_context(letter)))


def paper(letter: WarningLetter, *, missed_on: date | None, before: Sequence[WarningLetter]) -> dict[str, Any]:
    """For a letter that is being written; `before` are the ones of this silence, `missed_on` the last session missed."""
    facility, client = letter.facility, letter.treatment.client
    name, address = opened_fields(client, client.identity, "name", "address")
    return {
        "demo": settings.DEMO,
        "letterhead": {"lines": [str(facility.unit), facility.name], "address": facility.address},
        "title": TITLES[LetterLevel(letter.level)],
        "subtitle": "",
        "number": letter.reference,
        "date": format_date(letter.issued_on),
        "date_iso": letter.issued_on.isoformat(),
        "foot": letter.reference,
        "hash": "",
        "unsealed": "",
        "to": _("The family of %(name)s") % {"name": name} if letter.addressee == Addressee.FAMILY else name,
        "address": address,
        "said": _said(letter, missed_on, before),
        "signature": {
            "place": facility.region.name,
            "date": format_date(letter.issued_on),
            "position": _("For %(facility)s") % {"facility": facility.name},
            "name": letter.issued_by.name,
            "identifier": "",
            "remark": "",
        },
    }


def _said(letter: WarningLetter, missed_on: date | None, before: Sequence[WarningLetter]) -> list[str]:
    """The paragraphs."""
    if missed_on:
        first = _("On %(day)s we had an appointment. Nobody came, and we have had no word since.") % {
            "day": _day(missed_on)
        }
    else:
        first = _("We have not seen each other since %(day)s, and have had no word.") % {"day": _day(letter.contact_on)}
    said = [_("Dear Sir or Madam,"), first]
    if before:
        told = {"number": before[-1].reference, "day": format_date(before[-1].issued_on)}
        said.append(_("This follows our letter %(number)s of %(day)s.") % told)
    said.append(_come(letter))
    if letter.level == LetterLevel.THIRD:
        said.append(
            _(
                "This is our last letter. If we hear nothing by then, we shall note that you do not come any more. You can "
                "come back at any time."
            )
        )
    return [*said, _("If you have been in touch meanwhile, please disregard this letter.")]


def _come(letter: WarningLetter) -> str:
    facility: Facility = letter.facility
    told = {"day": _day(letter.come_by), "place": facility.name, "phone": facility.phone}
    if facility.phone:
        return _("Please come to %(place)s by %(day)s, or call us on %(phone)s to make another appointment.") % told
    return _("Please come to %(place)s by %(day)s, or send us word to make another appointment.") % told


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]}, {format_date(day)}"
