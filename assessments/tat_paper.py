"""The result letter of a TAT case, RAHASIA, to the investigator; in Indonesian, whatever the screen speaks."""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import TatTeam
from assessments.models import TatCase, TatLetter, TatPlenary
from assessments.queries.tat_letters import letter_context
from clients.queries import RevealedIdentity
from rehab import vault
from rehab.numbers import NOTHING, format_date
from rehab.pdf import render

TEMPLATE = "tat_letter.typ"
TITLES = {
    TatTeam.MEDICAL: gettext_lazy("Conclusion of the medical team"),
    TatTeam.LEGAL: gettext_lazy("Conclusion of the legal team"),
}


def letter_pdf(letter: TatLetter) -> bytes:
    """The same bytes for the same letter, whatever was corrected since. Raises `rehab.pdf.PdfFailed`."""
    case = letter.case
    return render(TEMPLATE, json.loads(vault.decrypt(case.client.data_key, letter.content, letter_context(case))))


def letter_paper(
    case: TatCase,
    plenary: TatPlenary,
    person: RevealedIdentity,
    conclusions: Mapping[str, str],
    signer: str,
    position: str,
    code: str,
) -> dict[str, Any]:
    """What templates/pdf/tat_letter.typ prints; of the records nothing but the conclusions."""
    with translation.override("id"):
        return _paper(case, plenary, person, conclusions, code) | {
            "signature": {
                "place": case.unit.region.name.removeprefix("Kota ").removeprefix("Kabupaten ")
                if case.unit.region
                else "Jakarta",
                "date": format_date(case.letter_on),
                "position": position,
                "name": signer,
                "identifier": "",
                "remark": "",
            }
        }


def _paper(
    case: TatCase, plenary: TatPlenary, person: RevealedIdentity, conclusions: Mapping[str, str], code: str
) -> dict[str, Any]:
    return {
        "demo": settings.DEMO,
        "letterhead": {"lines": ["Tim Asesmen Terpadu", case.unit.name], "address": ""},
        "title": _("Result of the integrated assessment"),
        "subtitle": case.code,
        "number": case.letter_number,
        "date": format_date(case.letter_on),
        "date_iso": case.letter_on.isoformat() if case.letter_on else "",
        "foot": _("SECRET") + " · " + _("TAT letter") + f" · {case.code}",
        "hash": code,
        "unsealed": "",
        "secret": _("SECRET"),
        "to": case.requested_by,
        "opening": _(
            "In answer to your letter number %(number)s of %(date)s, the joint team has assessed the following person:"
        )
        % {"number": case.request_number, "date": format_date(case.request_on)},
        "person": [
            [_("Name"), person.name],
            [_("NIK"), person.nik or NOTHING],
            [_("Birth date"), format_date(person.birth_date) if person.birth_date else NOTHING],
            [_("Sex"), str(case.client.get_sex_display())],
        ],
        "findings": [
            {"title": str(TITLES[team]), "text": conclusions[team]} for team in TatTeam if team in conclusions
        ],
        "plenary_title": _("Conclusion of the plenary of %(date)s") % {"date": format_date(plenary.held_on)},
        "plenary": plenary.conclusion,
        "recommended": [
            [_("Recommendation"), str(plenary.get_recommendation_display())],
            [
                _("Length"),
                _("%(count)s months") % {"count": plenary.length_months} if plenary.length_months else NOTHING,
            ],
            [_("Place"), plenary.place or NOTHING],
        ],
        "code_label": _("Code of the letter"),
        "check": _("Anyone with an account can check this code in Titian, under TAT → Check a letter."),
    }
