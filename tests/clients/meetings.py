"""Sessions of invented people, for the tests of this app."""

from datetime import date, time

from clients.actions import sessions
from clients.actions.sessions import SessionData
from clients.enums import SessionKind
from clients.models import Session, Treatment
from facilities.models import Facility
from tests import factories

DAY = date(2019, 3, 4)
STARTED = date(2019, 3, 1)


def in_treatment(at: Facility, name: str = "Andi Contoh", **fields) -> Treatment:
    """A treatment under way since March 2019."""
    came = factories.episode(factories.client(name), at)
    return factories.treatment(came, **({"started_on": STARTED} | fields))


def data(by, **changes) -> SessionData:
    values = {"kind": SessionKind.GROUP, "held_on": DAY, "starts_at": time(9), "minutes": 60, "led_by": by}
    return SessionData(**(values | changes))


def planned(by, at: Facility, *treatments: Treatment, weeks: int = 1, **changes) -> Session:
    return sessions.plan(by=by, facility=at, data=data(by, **changes), treatments=treatments, weeks=weeks)[0]
