"""The form of a consent for signature; in Indonesian, whatever the screen speaks. Its scanned copy becomes a document."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from clients.enums import ConsentScope
from clients.models import Consent
from clients.queries import RevealedIdentity
from rehab.models import User
from rehab.numbers import NOTHING, format_date
from rehab.pdf import render

TEMPLATE = "consent.typ"


def consent_pdf(consent: Consent, known: RevealedIdentity, by: User) -> bytes:
    """Raises `rehab.pdf.PdfFailed`."""
    with translation.override("id"):
        return render(TEMPLATE, paper(consent, known, by))


def paper(consent: Consent, known: RevealedIdentity, by: User) -> dict[str, Any]:
    """What templates/pdf/consent.typ prints: with the name, since it is signed; without the NIK, which nobody needs here."""
    place, client = consent.facility, consent.client
    day = format_date(consent.given_on)
    return {
        "demo": settings.DEMO,
        "letterhead": {"lines": [str(place.unit), place.name], "address": place.address},
        "title": _("Form of consent"),
        "subtitle": client.code,
        "number": "",
        "date": day,
        "date_iso": consent.given_on.isoformat(),
        "foot": _("Consent") + f" · {client.code}",
        "hash": "",
        "unsealed": _("Confidential: medical record"),
        "facts": [
            [_("Name"), known.name],
            [_("Birth date"), format_date(known.birth_date) if known.birth_date else NOTHING],
            [_("Client code"), client.code],
            *([[_("Guardian"), _guardian(known)]] if known.guardian else []),
        ],
        "agrees": _("I agree to:"),
        "points": _points(consent),
        "rights_title": _("What I have been told"),
        "rights": [
            _("I can take this consent back at any time, by word of mouth or in writing. Sharing with others then ends at once."),
            _("The facility that treats me keeps its own record for 25 years, as the law asks."),
            _("Each time my identity or my record is opened is recorded; I may ask who opened it."),
        ],
        "signatures": _signatures(consent, known, by, f"{_place(consent)}, {day}"),
    }  # fmt: skip


def _points(consent: Consent) -> list[str]:
    found = [_("care at %(place)s, and a record of it") % {"place": consent.facility.name}]
    if consent.scope != ConsentScope.CARE:
        to = consent.only_to.name if consent.only_to else _("the next facility that takes over my care")
        found.append(_("handing my record over to: %(place)s") % {"place": to})
    if consent.scope == ConsentScope.FAMILY:
        found.append(_("informing my family about my care"))
    end = _("until %(day)s") % {"day": format_date(consent.ends_on)} if consent.ends_on else _("until I take it back")
    return [*found, _("This consent holds from %(day)s %(end)s.") % {"day": format_date(consent.given_on), "end": end}]


def _guardian(known: RevealedIdentity) -> str:
    return f"{known.guardian.name} ({known.guardian.relation})" if known.guardian else NOTHING


def _place(consent: Consent) -> str:
    return consent.facility.region.name.removeprefix("Kota ").removeprefix("Kabupaten ")


def _signatures(consent: Consent, known: RevealedIdentity, by: User, where: str) -> list[dict[str, str]]:
    signers = [(_("Client"), known.name)]
    if known.guardian:
        signers.append((_("Guardian"), known.guardian.name))
    signers.append((_("Officer"), by.name))
    return [{"place": where if number == 0 else "", "position": role, "name": name} for number, (role, name) in enumerate(signers)]  # fmt: skip
