"""The receipt of a hand-over, for the files of both sides; in Indonesian, whatever the screen speaks."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clients.models import Handover
from facilities.models import Facility
from rehab.numbers import NOTHING, format_date
from rehab.pdf import render

TEMPLATE = "handover.typ"


def receipt_pdf(handover: Handover) -> bytes:
    """Of a hand-over that was received, or has gone outside. The same bytes for the same row. Raises `rehab.pdf.PdfFailed`."""
    with translation.override("id"):
        return render(TEMPLATE, paper(handover))


def paper(handover: Handover) -> dict[str, Any]:
    """What templates/pdf/handover.typ prints: the client by code only, since a paper may be found by others."""
    sender = handover.from_facility
    day = sender.local_date(handover.decided_at)
    return {
        "demo": settings.DEMO,
        "letterhead": {"lines": [str(sender.unit), sender.name], "address": sender.address},
        "title": _("Receipt of a hand-over"),
        "subtitle": handover.episode.client.code,
        "number": "",
        "date": format_date(day),
        "date_iso": day.isoformat(),
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
            _moment(handover.decided_at, handover.from_facility),
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
