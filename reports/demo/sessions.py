"""The demo's sessions: weekly groups and individual meetings up to today and next week, with somebody who stopped coming."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import cast
from zoneinfo import ZoneInfo

from clients.enums import Presence, SessionKind, SessionStatus
from clients.models import Attendance, Session, Treatment
from facilities.models import Facility
from rehab.models import User

WEEKS = 8
GROUP = 8
THEMES = ("Mengenali pemicu", "Menolak ajakan", "Mengelola keinginan", "Peran keluarga", "Rencana minggu ini")
NOTES = ("Tidur lebih teratur, keinginan pakai berkurang.", "Datang bersama ibunya. Mulai mencari pekerjaan lagi.")
_PRESENCE = [Presence.PRESENT] * 17 + [Presence.EXCUSED, Presence.EXCUSED, Presence.ABSENT]


def sessions(random: Random, facility: Facility, today: date, *, by: User) -> None:
    """For everybody in treatment at the facility; groups of eight, the first of them on today's day of the week."""
    held = list(facility.treatments.open().exclude(started_on=None).select_related("client").order_by("pk"))
    silent = {row.pk for row in held[2::19]}
    made: list[Session] = []
    rows: list[Attendance] = []
    for number, start in enumerate(range(0, len(held), GROUP)):
        people = held[start : start + GROUP]
        for day in _days(today - timedelta(days=number % 5)):
            made.append(_session(facility, SessionKind.GROUP, day, time(9 + number // 5), random.choice(THEMES), by))
            rows += _rows(random, made[-1], people, today, silent, by)
    for number, treatment in enumerate(held):
        for day in list(_days(today - timedelta(days=number % 9)))[::2]:
            made.append(_session(facility, SessionKind.INDIVIDUAL, day, time(10 + number % 5, 30), "", by))
            rows += _rows(random, made[-1], [treatment], today, silent, by)
    wanted = {id(row.session) for row in rows}
    Session.objects.bulk_create([row for row in made if id(row) in wanted], batch_size=1000)
    for row in rows:
        row.session = row.session
    Attendance.objects.bulk_create(rows, batch_size=1000)


def _days(last: date) -> Iterator[date]:
    """One a week, up to a week after `last`."""
    return (last + timedelta(weeks=week) for week in range(-WEEKS, 2))


def _session(facility: Facility, kind: str, day: date, hour: time, theme: str, by: User) -> Session:
    return Session(facility=facility, kind=kind, held_on=day, starts_at=hour, minutes=60, theme=theme, led_by=by)


def _rows(
    random: Random, session: Session, people: list[Treatment], today: date, silent: set[int], by: User
) -> Iterator[Attendance]:
    """Of those in treatment on the day. Today's session and later ones still wait."""
    over = session.held_on < today
    session.status = SessionStatus.HELD if over else SessionStatus.PLANNED
    done = datetime.combine(session.held_on, session.starts_at, ZoneInfo(session.facility.zone)) + timedelta(hours=1)
    for treatment in people:
        if cast(date, treatment.started_on) > session.held_on:
            continue
        gone = treatment.pk in silent and session.held_on > today - timedelta(days=26)
        presence = Presence.ABSENT if gone else random.choice(_PRESENCE)
        noted = over and session.kind == SessionKind.INDIVIDUAL and presence == Presence.PRESENT
        yield Attendance(
            session=session,
            treatment=treatment,
            client=treatment.client,
            held_on=session.held_on,
            presence=presence if over else Presence.EXPECTED,
            note=random.choice(NOTES) if noted else "",
            recorded_at=done if over else None,
            recorded_by=by if over else None,
        )
