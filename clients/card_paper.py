"""The card of a mandatory report, both sides on a sheet to be cut and folded; in Indonesian, whatever the screen speaks."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from clients.models import MandatoryReportCard
from clients.queries import RevealedIdentity
from clients.queries.cards import Periods
from rehab.numbers import format_date
from rehab.pdf import render

TEMPLATE = "card.typ"


def card_pdf(card: MandatoryReportCard, known: RevealedIdentity, periods: Periods) -> bytes:
    """The client's own card: with the name, without the NIK. Raises `rehab.pdf.PdfFailed`."""
    with translation.override("id"):
        return render(TEMPLATE, paper(card, known, periods))


def paper(card: MandatoryReportCard, known: RevealedIdentity, periods: Periods) -> dict[str, Any]:
    """What templates/pdf/card.typ prints."""
    place = card.facility
    return {
        "demo": settings.DEMO,
        "date_iso": card.issued_on.isoformat(),
        "title": _("Card of mandatory report"),
        "place": place.name,
        "unit": str(place.unit),
        "name": known.name,
        "facts": [
            [_("Card number"), card.number],
            [_("Client code"), card.client.code],
            [_("Issued on"), format_date(card.issued_on)],
        ],
        "periods_title": _("Treatment periods"),
        "periods": _("%(used)s of %(good_for)s on %(day)s")
        % {"used": periods.used, "good_for": periods.good_for, "day": format_date(place.local_date())},
        "boxes": [_("Period %(number)s") % {"number": number} for number in range(1, periods.good_for + 1)],
        "words": [
            _("The holder has reported as the law on narcotics asks, and is in rehabilitation or has been."),
            _("The card is good for %(good_for)s treatment periods, at whatever facility.")
            % {"good_for": periods.good_for},
            _("Lost? Tell the facility that issued it; it gives a new card under a new number."),
        ],
        "signature": _("Signature and stamp"),
        "address": place.address,
        "cut": _("Cut along the marks, fold in the middle."),
    }
