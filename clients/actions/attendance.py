"""Who came: one fact per client, whether recorded for a whole group at once or one by one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.actions.sessions import lock
from clients.enums import Presence, SessionStatus
from clients.models import Attendance, Session
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@dataclass(frozen=True)
class Mark:
    """What is said of one client; `note` None leaves the note as it is."""

    presence: str
    note: str | None = None


@action
def record(*, by: User, session: Session, edit: int, marks: Mapping[int, Mark]) -> Session:
    """Write down, or correct, who came; `marks` by the id of the treatment, who is not named stays as recorded.

    Raises Refused for a cancelled session, when somebody else changed it since `edit`, for an id that is not of this
    session, and for what `_check` refuses: a client is there or missing only while in treatment here, never ahead of time.
    """
    found = lock(session, edit)
    rows = _rows(found)
    if marks.keys() - rows.keys():
        raise Refused(_("One of these clients is not in this session."))
    today, wrote = found.facility.local_date(), False
    for pk, mark in marks.items():
        row = rows[pk]
        note = row.note if mark.note is None else mark.note.strip()
        if (mark.presence, note) == (row.presence, row.note):
            continue
        _check(row, mark.presence, found, today)
        _write(by, found, row, mark.presence, note)
        wrote = True
    return _settle(found, rows, today, wrote=wrote)


@action
def all_present(*, by: User, session: Session) -> tuple[Session, list[Attendance]]:
    """One tap: everybody still expected came. Gives the session, and those left open since their treatment has not begun.

    A second tap changes nothing. Raises Refused for a cancelled session and ahead of its day.
    """
    found = lock(session)
    rows = _rows(found)
    today = found.facility.local_date()
    waiting = [row for row in rows.values() if row.presence == Presence.EXPECTED]
    left = [row for row in waiting if not _under_way(row)]
    coming = [row for row in waiting if row not in left]
    for row in coming:
        _check(row, Presence.PRESENT, found, today)
        _write(by, found, row, Presence.PRESENT, row.note)
    return _settle(found, rows, today, wrote=bool(coming)), left


@action
def expect_again(*, by: User, session: Session, edit: int, treatments: Collection[int]) -> Session:
    """Undo `all_present` for these treatments. Raises Refused when the session was changed since `edit`."""
    found = lock(session, edit)
    rows = _rows(found)
    there = [rows[pk] for pk in treatments if pk in rows and rows[pk].presence == Presence.PRESENT]
    for row in there:
        _write(by, found, row, Presence.EXPECTED, row.note)
    return _settle(found, rows, found.facility.local_date(), wrote=bool(there))


def _rows(session: Session) -> dict[int, Attendance]:
    if session.status == SessionStatus.CANCELLED:
        raise Refused(_("This session is cancelled. Take it up again first."))
    rows = session.attendances.select_related("client", "treatment").select_for_update(of=("self",)).order_by("pk")
    return {row.treatment_id: row for row in rows}


def _under_way(row: Attendance) -> bool:
    """Whether the day lies within the treatment; what happened before its end may be recorded and corrected after it."""
    start, end = row.treatment.started_on, row.treatment.ended_on
    return start is not None and start <= row.held_on and (end is None or row.held_on <= end)


def _check(row: Attendance, presence: str, session: Session, today: date) -> None:
    if presence == Presence.EXPECTED or presence == row.presence:
        return
    if presence != Presence.EXCUSED and session.held_on > today:
        raise Refused(_("This session has not come yet. Only an excuse can be recorded ahead."))
    if presence == Presence.PRESENT and row.treatment.started_on is None:
        raise Refused(
            _("The treatment of %(code)s has not started yet. Start it first, then record the attendance."),
            params={"code": row.client.code},
            code="not_started",
        )
    if presence == Presence.PRESENT and not _under_way(row):
        raise Refused(
            _("%(code)s was not in treatment here on this day."), params={"code": row.client.code}, code="not_treated"
        )


def _write(by: User, session: Session, row: Attendance, presence: str, note: str) -> None:
    verb = "attendance.corrected" if row.recorded_at else "attendance.recorded"
    row.presence, row.note = presence, note
    expected = presence == Presence.EXPECTED
    row.recorded_at = None if expected else timezone.now()
    row.recorded_by = None if expected else by
    row.save(update_fields=["presence", "note", "recorded_at", "recorded_by"])
    audit.record(
        verb, by=by, subject=session, place=session.facility.code, client_code=row.client.code,
        data={"on": session.held_on.isoformat(), "presence": str(presence)},
    )  # fmt: skip


def _settle(session: Session, rows: Mapping[int, Attendance], today: date, *, wrote: bool) -> Session:
    """A session counts as recorded from the first mark on its day or later; with all marks taken back it is planned again.

    Where nothing was written it stays the version that a colleague's page, or the undo of the first tap, was made from.
    """
    recorded = session.held_on <= today and any(row.recorded_at for row in rows.values())
    status = SessionStatus.HELD if recorded else SessionStatus.PLANNED
    if not wrote and session.status == status:
        return session
    session.status = status
    session.edit += 1
    session.save(update_fields=["status", "edit"])
    return session
