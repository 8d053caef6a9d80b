"""An instrument's feedback sheet, for the client to take home: what the answers came to, what it means, what helps.

The client's name stands on it only when it was asked for: a sheet may be found by others.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NotRequired, TypedDict

from django.utils import translation
from django.utils.translation import gettext as _

from rehab.numbers import NOTHING, format_date
from rehab.pdf import render

TEMPLATE = "feedback.typ"


class Letterhead(TypedDict):
    """`lines` from the ministry down, the facility's own name last; `address` in one line, may be empty."""

    lines: Sequence[str]
    address: str


class ScaleResult(TypedDict):
    """One scale, in Indonesian words. `score` as shown ("27", or "–" where it is unknown); `level` counts the bands from 0,
    of `levels` in all, and is None without a band; `meaning` and `advice` speak to the client, either may be empty.
    """

    label: str
    score: str
    band: str
    level: int | None
    levels: int
    meaning: str
    advice: str


class Band(TypedDict):
    """How to read a score: "Risiko sedang", "4–26", what that means."""

    name: str
    range: str
    meaning: str


class FeedbackData(TypedDict):
    """Everything that stands on the sheet. `client_name` and `hash` may be empty; `advice` is for the sheet as a whole,
    `note` what a reader must know of how it was made.
    """

    demo: bool
    letterhead: Letterhead
    instrument: str
    facility: str
    client_code: str
    client_name: str
    assessed: date
    place: str
    assessor: str
    assessor_position: str
    intro: str
    scales: Sequence[ScaleResult]
    bands: Sequence[Band]
    advice: Sequence[str]
    closing: str
    hash: str
    note: NotRequired[str]


def feedback_pdf(data: FeedbackData) -> bytes:
    """The sheet as PDF, the same bytes for the same data. Raises `rehab.pdf.PdfFailed`."""
    return render(TEMPLATE, paper(data))


def paper(data: FeedbackData) -> dict[str, Any]:
    """What templates/pdf/feedback.typ prints, days in Indonesian words."""
    with translation.override("id"):
        return _paper(data)


def _paper(data: FeedbackData) -> dict[str, Any]:
    assessed = format_date(data["assessed"])
    facts = [[_("Client code"), data["client_code"]]]
    if data["client_name"]:
        facts.append([_("Name"), data["client_name"]])
    facts += [
        [_("Place"), data["facility"]],
        [_("Date of assessment"), assessed],
        [_("Assessor"), data["assessor"] or NOTHING],
    ]
    if data.get("note"):
        facts.append([_("Note"), data["note"]])
    return {
        "demo": data["demo"],
        "letterhead": {"lines": list(data["letterhead"]["lines"]), "address": data["letterhead"]["address"]},
        "foot": f"{data['instrument']} · {data['client_code']}",
        "title": _("Feedback sheet"),
        "subtitle": data["instrument"],
        "number": "",
        "date": "",
        "date_iso": data["assessed"].isoformat(),
        "hash": data["hash"],
        "unsealed": _("Confidential: for this client only"),
        "facts": facts,
        "intro": data["intro"],
        "scales": [dict(scale) for scale in data["scales"]],
        "bands": [dict(band) for band in data["bands"]],
        "advice": list(data["advice"]),
        "closing": data["closing"],
        "signature": {
            "place": data["place"],
            "date": assessed,
            "position": data["assessor_position"],
            "name": data["assessor"],
            "identifier": "",
            "remark": "",
        },
    }
