"""The papers of a hand-over: the letter that goes with the client, and the receipt. In Indonesian, whatever the screen speaks."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from clients.models import Handover
from clients.queries import RevealedIdentity, age_on
from facilities.models import Facility
from rehab.numbers import NOTHING, format_date
from rehab.panels import Card
from rehab.pdf import render

TEMPLATE = "handover.typ"
LETTER = "referral.typ"


def letter_pdf(handover: Handover, identity: RevealedIdentity, cards: Sequence[Card]) -> bytes:
    """The letter to the next place (surat rujukan), with the name: who is referred must be recognised at the door.

    `cards` are those of the packet. Raises `rehab.pdf.PdfFailed`.
    """
    with translation.override("id"):
        return render(LETTER, letter(handover, identity, cards))


def letter(handover: Handover, identity: RevealedIdentity, cards: Sequence[Card]) -> dict[str, Any]:
    """What templates/pdf/referral.typ prints. No NIK: the next place asks for the card itself."""
    sender = handover.from_facility
    day = sender.local_date(handover.offered_at)
    return {
        **_frame(handover, _("Referral letter"), day),
        "foot": _("Confidential: contains a health record") + f" · {handover.episode.client.code}",
        "hash": "",
        "unsealed": sender.name,
        "to": handover.place,
        "facts": _who(handover, identity, day),
        "reason": handover.reason,
        "summary": handover.summary.splitlines(),
        "sections": [
            {"title": title, "facts": [list(pair) for pair in pairs]} for card in cards for title, pairs in card.paper()
        ],
        "signature": {
            "place": sender.region.name,
            "date": format_date(day),
            "position": sender.name,
            "name": handover.offered_by.name,
            "identifier": "",
            "remark": "",
        },
    }


def _who(handover: Handover, identity: RevealedIdentity, day: date) -> list[list[str]]:
    client = handover.episode.client
    born = f"{format_date(identity.birth_date)} " if identity.birth_date else ""
    age = age_on(day, identity.birth_date, client.birth_year)
    years = ngettext("%(count)s year", "%(count)s years", age) % {"count": age} if age is not None else ""
    guardian = identity.guardian
    return [
        [_("Name"), identity.name],
        [_("Sex"), client.get_sex_display()],
        [_("Date of birth"), f"{born}({years})" if born and years else born or years or NOTHING],
        [_("Address"), identity.address or NOTHING],
        *([[_("Guardian"), guardian.name]] if guardian else []),
        [_("Client code"), client.code],
        [_("Service asked for"), f"{handover.get_setting_display()} · {handover.get_programme_display()}"],
    ]


def _frame(handover: Handover, title: str, day: date) -> dict[str, Any]:
    sender = handover.from_facility
    return {
        "demo": settings.DEMO,
        "letterhead": {"lines": [str(sender.unit), sender.name], "address": sender.address},
        "title": title,
        "subtitle": handover.episode.client.code,
        "number": "",
        "date": format_date(day),
        "date_iso": day.isoformat(),
    }


def receipt_pdf(handover: Handover) -> bytes:
    """Of a hand-over that was received, or has gone outside. The same bytes for the same row. Raises `rehab.pdf.PdfFailed`."""
    with translation.override("id"):
        return render(TEMPLATE, paper(handover))


def paper(handover: Handover) -> dict[str, Any]:
    """What templates/pdf/handover.typ prints: the client by code only, since a paper may be found by others."""
    sender = handover.from_facility
    day = sender.local_date(handover.decided_at)
    return {
        **_frame(handover, _("Receipt of a hand-over"), day),
        "foot": _("Hand-over") + f" · {handover.episode.client.code}",
        "hash": handover.receipt,
        "unsealed": "",
        "facts": _facts(handover),
        "check": _("Anyone with an account can check this code in Titian, under Hand-overs → Check a receipt."),
        "code_label": _("Code of the receipt"),
        "sides": [
            {"role": _("Handed over by"), "place": sender.name, "name": handover.offered_by.name},
            {"role": _("Received by"), "place": handover.place, "name": _receiver(handover)},
        ],
    }


def _facts(handover: Handover) -> list[list[str]]:
    return [
        [_("Client code"), handover.episode.client.code],
        [_("Episode"), str(handover.episode.number)],
        [pgettext("hand-over", "From"), _place(handover.from_facility)],
        [pgettext("hand-over", "To"), _place(handover.to_facility) if handover.to_facility else handover.outside],
        [_("Service asked for"), f"{handover.get_setting_display()} · {handover.get_programme_display()}"],
        [_("Offered"), _moment(handover.offered_at, handover.from_facility)],
        [
            _("Received") if handover.to_facility else _("Handed over"),
            _moment(cast(datetime, handover.decided_at), handover.from_facility),
        ],
    ]


def _place(facility: Facility) -> str:
    return f"{facility.name}, {facility.region.name}"


def _moment(at: datetime, place: Facility) -> str:
    """By the sender's clocks: the paper says the same wherever it is printed."""
    local = at.astimezone(ZoneInfo(place.zone))
    return f"{format_date(local.date())} {local:%H.%M} {place.zone_label}"


def _receiver(handover: Handover) -> str:
    return handover.decided_by.name if handover.to_facility and handover.decided_by else NOTHING
