"""Invented people at the door, for the tests of this app."""

from datetime import date

from clients.actions.people import ConsentData, IdentityData
from clients.actions.registration import register
from clients.enums import Admission, ConsentScope, NoNikReason
from clients.models import Episode

CONSENT = ConsentData(ConsentScope.CARE)
NIK = "5371011705950001"  # Kupang, a man born 17 May 1995
OTHER_NIK = "5371011705950002"


def rina(**changes) -> IdentityData:
    values = {
        "name": "Rina Contoh",
        "sex": "F",
        "birth_date": date(1995, 5, 17),
        "no_nik_reason": NoNikReason.NOT_BROUGHT,
    }
    return IdentityData(**(values | changes))


def andi(**changes) -> IdentityData:
    values = {"name": "Andi Contoh", "sex": "M", "birth_date": date(1995, 5, 17), "nik": NIK}
    return IdentityData(**(values | changes))


def registered(by, facility, identity: IdentityData | None = None, **changes) -> Episode:
    values = {"admission": Admission.VOLUNTARY, "opened_on": date(2019, 2, 1), "consent": CONSENT}
    return register(by=by, facility=facility, identity=identity or rina(), **(values | changes))
