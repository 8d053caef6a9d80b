from datetime import date, time, timedelta

import pytest

from clients.actions import attendance, sessions
from clients.actions.attendance import Mark
from clients.enums import Outcome, Presence, SessionKind, SessionStatus
from clients.models import Attendance, Session
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.meetings import DAY, data, in_treatment, planned


@pytest.fixture
def clinic(db):
    return factories.facility()


@pytest.fixture
def sri(clinic):
    return factories.user(Role.COUNSELOR, clinic)


@pytest.fixture
def group(clinic):
    return [in_treatment(clinic, name) for name in ("Andi Contoh", "Rina Contoh", "Budi Contoh")]


def test_a_session_repeats_weekly_with_everybody_expected(sri, clinic, group):
    made = sessions.plan(by=sri, facility=clinic, data=data(sri, theme="Pemicu"), treatments=group, weeks=3)
    assert [row.held_on for row in made] == [DAY, DAY + timedelta(7), DAY + timedelta(14)]
    rows = Attendance.objects.values_list("treatment", "client", "held_on", "presence")
    assert set(rows) == {(one.pk, one.client_id, row.held_on, Presence.EXPECTED) for one in group for row in made}


def test_planning_is_told_once_for_each_client(sri, clinic, group):
    planned(sri, clinic, *group)
    told = AuditEvent.objects.filter(verb="attendance.planned")
    assert {event.client_code for event in told} == {row.client.code for row in group}


def refused(call, *words: str) -> Refused:
    with pytest.raises(Refused) as caught:
        call()
    assert all(word in caught.value.messages[0] for word in words)
    return caught.value


def test_a_client_of_another_facility_is_refused_without_a_word_about_them(sri, clinic, group):
    stranger = in_treatment(factories.facility(), "Orang Lain")
    said = refused(lambda: planned(sri, clinic, *group, stranger), "tidak mempunyai layanan")
    assert stranger.client.code not in said.messages[0]
    assert Session.objects.count() == 0


def test_an_ended_treatment_takes_no_sessions(sri, clinic):
    over = in_treatment(clinic, ended_on=DAY, outcome=Outcome.COMPLETED)
    refused(lambda: planned(sri, clinic, over), "tidak mempunyai layanan")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"kind": SessionKind.INDIVIDUAL}, "satu klien"),
        ({"held_on": date(2019, 2, 27)}, "belum berjalan"),
        ({"held_on": date(2199, 1, 1)}, "satu tahun"),
        ({"minutes": 1}, "5 menit"),
        ({"weeks": 27}, "26 minggu"),
    ],
)
def test_what_cannot_be_is_refused(sri, clinic, group, changes, word):
    refused(lambda: planned(sri, clinic, *group, **changes), word)
    assert Session.objects.count() == 0


def test_nobody_expected_is_refused(sri, clinic):
    refused(lambda: planned(sri, clinic), "sedikitnya satu")


def test_a_clerk_leads_no_session(sri, clinic, group):
    clerk = factories.user(Role.CLERK, clinic)
    refused(lambda: planned(sri, clinic, *group, led_by=clerk), "petugas layanan")


def test_a_session_moves_with_its_clients(sri, clinic, group):
    held = planned(sri, clinic, *group[:2])
    later = DAY + timedelta(2)
    changed = sessions.change(
        by=sri, session=held, edit=held.edit, data=data(sri, held_on=later), treatments=[group[1], group[2]]
    )
    assert (changed.held_on, changed.edit) == (later, held.edit + 1)
    rows = changed.attendances.values_list("treatment", "held_on")
    assert set(rows) == {(group[1].pk, later), (group[2].pk, later)}


def test_a_change_made_on_an_old_state_is_refused(sri, clinic, group):
    held = planned(sri, clinic, *group)
    sessions.change(by=sri, session=held, edit=held.edit, data=data(sri, theme="Baru"), treatments=group)
    said = refused(
        lambda: sessions.change(by=sri, session=held, edit=held.edit, data=data(sri), treatments=group), "Rekan"
    )
    assert said.code == "changed"


def test_a_recorded_session_neither_moves_nor_loses_its_clients(sri, clinic, group):
    held = planned(sri, clinic, *group)
    held = attendance.record(by=sri, session=held, edit=held.edit, marks={group[0].pk: Mark(Presence.PRESENT)})

    def change(**what):
        known = {"data": data(sri), "treatments": group} | what
        return sessions.change(by=sri, session=held, edit=held.edit, **known)

    refused(lambda: change(data=data(sri, held_on=DAY + timedelta(1))), "sudah dicatat")
    refused(lambda: change(treatments=group[1:]), "tetap dalam sesi")
    assert change(treatments=group[:2], data=data(sri, theme="Baru")).attendances.count() == 2


def test_a_cancelled_session_is_taken_up_again(sri, clinic, group):
    held = planned(sri, clinic, *group)
    refused(lambda: sessions.cancel(by=sri, session=held, reason=" "), "mengapa")
    cancelled = sessions.cancel(by=sri, session=held, reason="Listrik padam")
    assert (cancelled.status, cancelled.cancel_reason) == (SessionStatus.CANCELLED, "Listrik padam")
    refused(lambda: sessions.cancel(by=sri, session=held, reason="Lagi"), "masih direncanakan")
    assert sessions.take_up(by=sri, session=held).status == SessionStatus.PLANNED
    refused(lambda: sessions.take_up(by=sri, session=held), "tidak dibatalkan")


def test_nobody_is_in_two_sessions_at_once(sri, clinic):
    treatment = in_treatment(clinic)
    code, day = treatment.client.code, clinic.local_date() + timedelta(2)
    first = planned(sri, clinic, treatment, held_on=day, starts_at=time(9), minutes=60)
    with pytest.raises(Refused, match=f"{code} .*09.00"):
        planned(sri, clinic, treatment, held_on=day, starts_at=time(9, 59), minutes=30)
    second = planned(sri, clinic, treatment, held_on=day, starts_at=time(10), minutes=30)
    with pytest.raises(Refused, match="10.00"):
        sessions.change(
            by=sri,
            session=first,
            edit=first.edit,
            data=data(sri, held_on=day, starts_at=time(9, 30), minutes=60),
            treatments=[treatment],
        )
    sessions.cancel(by=sri, session=second, reason="Hujan")
    planned(sri, clinic, treatment, held_on=day, starts_at=time(10, 15), minutes=30)
    with pytest.raises(Refused, match="10.15"):
        sessions.take_up(by=sri, session=second)
