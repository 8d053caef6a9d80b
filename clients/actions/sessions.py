"""Meetings: planned, changed, cancelled and taken up again. Who came is recorded by `actions.attendance`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from django.utils.translation import gettext_lazy as _

from clients.actions.dates import check_open
from clients.enums import SessionKind, SessionStatus
from clients.models import Attendance, Session, Treatment
from clients.queries.sessions import leaders, meets_already
from facilities.models import Facility
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User
from rehab.numbers import format_date

MOST_WEEKS = 26
AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class SessionData:
    """What is arranged: day and hour on the facility's clocks."""

    kind: str
    held_on: date
    starts_at: time
    minutes: int
    led_by: User
    theme: str = ""


@action
def plan(
    *, by: User, facility: Facility, data: SessionData, treatments: Collection[Treatment], weeks: int = 1
) -> list[Session]:
    """One session, or the same one weekly for `weeks` weeks, with everybody expected.

    Raises Refused without a client, for one who has no open treatment at this facility or was not registered by then,
    for more than one in an individual session, for a client who is in another session then, and for days or a leader
    the facility does not have.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise Refused(_("A session repeats for at most %(weeks)s weeks."), field="weeks", params={"weeks": MOST_WEEKS})
    held = lock_treatments(facility, [row.pk for row in treatments])
    _check_leader(facility, data.led_by)
    made = []
    for week in range(weeks):
        this = replace(data, held_on=data.held_on + timedelta(weeks=week))
        _check(facility, this, held)
        _check_free(this, held)
        session = Session.objects.create(facility=facility, **vars(this))
        _expect(by, session, held)
        made.append(session)
    return made


@action
def change(*, by: User, session: Session, edit: int, data: SessionData, treatments: Collection[Treatment]) -> Session:
    """Rearrange what is arranged, and who is expected. Raises Refused as `plan` does, when somebody else changed it since
    `edit`, for another day of a session that was recorded, and for leaving out a client whose attendance is recorded."""
    found = lock(session, edit)
    if found.status == SessionStatus.CANCELLED:
        raise Refused(_("This session is cancelled. Take it up again first."))
    moved = (data.held_on, data.starts_at) != (found.held_on, found.starts_at)
    present = {row.treatment_id: row for row in found.attendances.select_for_update()}
    if moved and (not found.is_planned or any(row.recorded_at for row in present.values())):
        raise Refused(_("Attendance is recorded already: day and hour stay as they were."), field="held_on")
    wanted = {row.pk for row in treatments}
    gone = [row for pk, row in present.items() if pk not in wanted]
    if any(row.recorded_at for row in gone):
        raise Refused(
            _("A client whose attendance is recorded stays in the session. Correct the attendance instead."),
            field="treatments",
        )
    stay = list(Treatment.objects.filter(pk__in=present.keys() & wanted).select_related("client", "episode"))
    new = lock_treatments(found.facility, wanted - present.keys()) if wanted - present.keys() else []
    _check(found.facility, data, [*stay, *new])
    _check_free(data, [*stay, *new], found)
    if data.led_by != found.led_by:
        _check_leader(found.facility, data.led_by)
    for row in gone:
        _record("attendance.withdrawn", by, found, row.client.code)
        row.delete()
    for field, value in vars(data).items():
        setattr(found, field, value)
    _save(found)
    if moved:
        found.attendances.update(held_on=found.held_on)
    _expect(by, found, new)
    audit.record("session.changed", by=by, subject=found, place=found.facility.code)
    return found


@action
def cancel(*, by: User, session: Session, reason: str) -> Session:
    """Nobody is expected any more, and nobody has missed it. Raises Refused without a reason, or once it is recorded."""
    found = lock(session)
    if not reason.strip():
        raise Refused(_("Say why the session is cancelled."), field="reason")
    if not found.is_planned:
        raise Refused(_("Only a session that is still planned can be cancelled."))
    found.status, found.cancel_reason = SessionStatus.CANCELLED, reason.strip()
    _save(found)
    audit.record("session.cancelled", by=by, subject=found, place=found.facility.code, reason=found.cancel_reason)
    return found


@action
def take_up(*, by: User, session: Session) -> Session:
    """Undo `cancel`: the same clients are expected again."""
    found = lock(session)
    if found.status != SessionStatus.CANCELLED:
        raise Refused(_("This session is not cancelled."))
    expected = Treatment.objects.filter(attendances__session=found).order_by("pk").select_for_update()
    _check_free(found, list(expected), found)
    found.status, found.cancel_reason = SessionStatus.PLANNED, ""
    _save(found)
    audit.record("session.taken_up", by=by, subject=found, place=found.facility.code)
    return found


def lock(session: Session, edit: int | None = None) -> Session:
    """The session as it stands now; with `edit`, Refused (code `changed`) when somebody changed it since then."""
    found = Session.objects.select_for_update(of=("self",)).select_related("facility__region").get(pk=session.pk)
    if edit is not None and found.edit != edit:
        raise Refused(
            _("A colleague changed this session in the meantime. Look at what stands there now, then save again."),
            code="changed",
        )
    return found


def lock_treatments(facility: Facility, keys: Iterable[int]) -> list[Treatment]:
    """The treatments by their key, so that two people never wait for each other. Raises Refused for none at all, and for
    one that is not open here: of a client elsewhere nothing is said, not even the code."""
    wanted = set(keys)
    if not wanted:
        raise Refused(_("Choose at least one client."), field="treatments")
    rows = Treatment.objects.open().filter(pk__in=wanted, facility=facility).order_by("pk")
    found = list(rows.select_related("client", "episode").select_for_update(of=("self",)))
    if len(found) < len(wanted):
        raise Refused(_("One of these clients has no open treatment at this facility."), field="treatments")
    return found


def _check(facility: Facility, data: SessionData, treatments: list[Treatment]) -> None:
    if data.kind == SessionKind.INDIVIDUAL and len(treatments) > 1:
        raise Refused(_("An individual session has one client."), field="treatments")
    if data.held_on > facility.local_date() + AHEAD:
        raise Refused(_("A session is planned for at most a year ahead."), field="held_on")
    check_open(facility, data.held_on, "held_on")
    if any(data.held_on < (row.started_on or row.episode.opened_on) for row in treatments):
        raise Refused(_("On this day the treatment of one of these clients had not begun."), field="held_on")


def _check_free(data: SessionData | Session, treatments: list[Treatment], but: Session | None = None) -> None:
    """The treatments are locked, so that two plans at once see each other."""
    held = meets_already(treatments, data.held_on, data.starts_at, data.minutes, but=but.pk if but else None)
    if held:
        raise Refused(
            _("%(code)s is in another session then, on %(day)s at %(hour)s."),
            params={
                "code": held.client.code,
                "day": format_date(held.held_on),
                "hour": f"{held.session.starts_at:%H.%M}",
            },
            field="starts_at",
        )


def _check_leader(facility: Facility, leader: User) -> None:
    if not leaders(facility).filter(pk=leader.pk).exists():
        raise Refused(_("A session is led by somebody who treats clients here."), field="led_by")


def _expect(by: User, session: Session, treatments: list[Treatment]) -> None:
    for treatment in treatments:
        row = Attendance(session=session, treatment=treatment, client=treatment.client, held_on=session.held_on)
        row.save(force_insert=True)
        _record("attendance.planned", by, session, treatment.client.code)


def _save(session: Session) -> None:
    session.edit += 1
    session.save()


def _record(verb: str, by: User, session: Session, code: str) -> None:
    data = {"kind": str(session.kind), "on": session.held_on.isoformat()}
    audit.record(verb, by=by, subject=session, place=session.facility.code, client_code=code, data=data)
