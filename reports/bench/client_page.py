"""A client's page with five hundred events against that with twenty, for the counselor who treats."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta

from django.db import transaction
from django.utils import timezone

from assessments.enums import AssessmentStatus
from assessments.models import Assessment
from clients.enums import Presence, SessionKind, SessionStatus
from clients.models import Attendance, Session, Treatment
from rehab.roles import Role
from reports.bench import floors, people
from reports.bench.clockwork import in_turns
from reports.bench.pages import asked, getting
from reports.bench.results import Result

PART = "Client page"
FEW, MANY, MOST_QUERIES = 20, 500, 15


class _Undo(Exception):
    """Takes the invented events back."""


def measure() -> Iterator[Result]:
    facility = people.busiest_facility()
    treatments = Treatment.objects.filter(facility=facility, ended_on=None, counted_on__isnull=False)
    short, long = treatments.select_related("client", "episode").order_by("-id")[:2]
    staff = people.user(Role.COUNSELOR, facility)
    with floors.beside(), _undone():
        _events(short, staff, FEW)
        _events(long, staff, MANY)
        browser = people.browser(Role.COUNSELOR, facility)
        addresses = [f"/klien/{each.client.code}/" for each in (long, short)]
        figure, floor = in_turns(*(getting(browser, address) for address in addresses))
        queries, size = asked(browser, addresses[0])
        note = f"{queries} queries{' (too many)' if queries > MOST_QUERIES else ''}, {size / 1000:.0f} kB"
        yield Result(PART, f"with {MANY} events", figure, "ms", floor, f"with {FEW} events", 2.0, note=note)


@contextmanager
def _undone() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise _Undo
    except _Undo:
        pass


def _events(treatment: Treatment, staff, count: int) -> None:
    """Half of them sessions attended, half assessments, one each day back from today."""
    days = [treatment.facility.local_date() - timedelta(days=number) for number in range(count // 2)]
    sessions = Session.objects.bulk_create(
        Session(
            facility=treatment.facility, kind=SessionKind.INDIVIDUAL, held_on=day, starts_at=time(9),
            led_by=staff, status=SessionStatus.HELD,
        )
        for day in days
    )  # fmt: skip
    Attendance.objects.bulk_create(
        Attendance(
            session=session, treatment=treatment, client=treatment.client, held_on=session.held_on,
            presence=Presence.PRESENT, recorded_at=timezone.now(), recorded_by=staff, note="Datang tepat waktu.",
        )
        for session in sessions
    )  # fmt: skip
    Assessment.objects.bulk_create(
        Assessment(
            client=treatment.client, episode=treatment.episode, facility=treatment.facility, instrument="assist",
            version="1", status=AssessmentStatus.COMPLETED, administered_on=day, completed_at=timezone.now(),
            completed_by=staff, started_by=staff,
        )
        for day in days
    )  # fmt: skip
