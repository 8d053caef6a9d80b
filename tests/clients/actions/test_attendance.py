from datetime import timedelta

import pytest

from clients.actions import attendance, sessions
from clients.actions.attendance import Mark
from clients.enums import Outcome, Presence, SessionStatus
from clients.models import Attendance
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.meetings import DAY, in_treatment, planned


@pytest.fixture
def clinic(db):
    return factories.facility()


@pytest.fixture
def sri(clinic):
    return factories.user(Role.COUNSELOR, clinic)


@pytest.fixture
def group(clinic):
    return [in_treatment(clinic, name) for name in ("Andi Contoh", "Rina Contoh", "Budi Contoh")]


@pytest.fixture
def session(sri, clinic, group):
    return planned(sri, clinic, *group)


def presences(session) -> list[str]:
    return list(session.attendances.order_by("pk").values_list("presence", flat=True))


def test_one_tap_records_one_fact_for_each_client(sri, session, group):
    held, left = attendance.all_present(by=sri, session=session)
    assert (held.status, left, presences(session)) == (SessionStatus.HELD, [], [Presence.PRESENT] * 3)
    told = AuditEvent.objects.filter(verb="attendance.recorded").values_list("client_code", flat=True)
    assert sorted(told) == sorted(row.client.code for row in group)
    assert set(Attendance.objects.values_list("recorded_by", flat=True)) == {sri.pk}


def test_a_second_tap_changes_nothing(sri, session, group):
    first, _left = attendance.all_present(by=sri, session=session)
    before = list(Attendance.objects.values())
    second, _left = attendance.all_present(by=sri, session=session)
    again = attendance.record(by=sri, session=session, edit=first.edit, marks={group[0].pk: Mark(Presence.PRESENT)})
    assert list(Attendance.objects.values()) == before
    # What a colleague's page and the undo of the first tap were made from stands too.
    assert first.edit == second.edit == again.edit == session.events.latest("pgh_id").edit
    assert AuditEvent.objects.filter(verb__startswith="attendance.recorded").count() == 3


def test_one_tap_leaves_what_was_said_before(sri, session, group):
    session = attendance.record(by=sri, session=session, edit=1, marks={group[1].pk: Mark(Presence.EXCUSED, "Sakit")})
    attendance.all_present(by=sri, session=session)
    assert presences(session) == [Presence.PRESENT, Presence.EXCUSED, Presence.PRESENT]


def test_one_tap_leaves_out_whose_treatment_has_not_started(sri, clinic, group):
    waits = in_treatment(clinic, "Citra Contoh", started_on=None)
    session = planned(sri, clinic, *group, waits)
    held, left = attendance.all_present(by=sri, session=session)
    assert [row.treatment_id for row in left] == [waits.pk]
    waits.refresh_from_db()
    assert (held.status, waits.started_on) == (SessionStatus.HELD, None)


def test_nobody_is_there_before_the_treatment_starts(sri, clinic):
    waits = in_treatment(clinic, started_on=None)
    session = planned(sri, clinic, waits)
    with pytest.raises(Refused, match="Mulai layanannya dulu"):
        attendance.record(by=sri, session=session, edit=1, marks={waits.pk: Mark(Presence.PRESENT)})


def test_nobody_is_there_after_the_treatment_ended(sri, session, group):
    group[0].ended_on, group[0].outcome = DAY - timedelta(1), Outcome.MOVED
    group[0].save()
    with pytest.raises(Refused, match="tidak menjalani layanan"):
        attendance.record(by=sri, session=session, edit=1, marks={group[0].pk: Mark(Presence.PRESENT)})


def test_what_happened_before_the_end_is_corrected_after_it(sri, session, group):
    session = attendance.record(by=sri, session=session, edit=1, marks={group[0].pk: Mark(Presence.ABSENT)})
    group[0].ended_on, group[0].outcome = DAY + timedelta(9), Outcome.COMPLETED
    group[0].save()
    attendance.record(by=sri, session=session, edit=2, marks={group[0].pk: Mark(Presence.PRESENT)})
    assert presences(session)[0] == Presence.PRESENT
    assert AuditEvent.objects.filter(verb="attendance.corrected").count() == 1


def test_ahead_of_its_day_only_an_excuse_is_recorded(sri, clinic, group):
    ahead = planned(sri, clinic, *group, held_on=clinic.local_date() + timedelta(3))
    with pytest.raises(Refused, match="belum berlangsung"):
        attendance.record(by=sri, session=ahead, edit=1, marks={group[0].pk: Mark(Presence.ABSENT)})
    with pytest.raises(Refused, match="belum berlangsung"):
        attendance.all_present(by=sri, session=ahead)
    held = attendance.record(by=sri, session=ahead, edit=1, marks={group[0].pk: Mark(Presence.EXCUSED)})
    assert held.status == SessionStatus.PLANNED


def test_marks_taken_back_leave_the_session_planned(sri, session, group):
    held, _ = attendance.all_present(by=sri, session=session)
    none = {row.pk: Mark(Presence.EXPECTED) for row in group}
    held = attendance.record(by=sri, session=session, edit=held.edit, marks=none)
    assert (held.status, set(presences(session))) == (SessionStatus.PLANNED, {Presence.EXPECTED})
    assert Attendance.objects.exclude(recorded_at=None).count() == 0


def test_two_people_never_overwrite_each_other(sri, session, group):
    attendance.record(by=sri, session=session, edit=1, marks={group[0].pk: Mark(Presence.PRESENT)})
    with pytest.raises(Refused) as caught:
        attendance.record(by=sri, session=session, edit=1, marks={group[0].pk: Mark(Presence.ABSENT)})
    assert (caught.value.code, presences(session)[0]) == ("changed", Presence.PRESENT)


def test_a_client_who_is_not_in_the_session_is_refused(sri, clinic, session):
    other = in_treatment(clinic, "Dewi Contoh")
    with pytest.raises(Refused, match="tidak ada dalam sesi"):
        attendance.record(by=sri, session=session, edit=1, marks={other.pk: Mark(Presence.PRESENT)})


def test_a_cancelled_session_takes_no_attendance(sri, session):
    sessions.cancel(by=sri, session=session, reason="Banjir")
    with pytest.raises(Refused, match="dibatalkan"):
        attendance.all_present(by=sri, session=session)
