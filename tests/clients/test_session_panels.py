from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clients import session_panels
from clients.actions import attendance, sessions
from clients.actions.attendance import Mark
from clients.enums import Presence
from rehab import agenda, worklists
from rehab.roles import Role
from tests import factories
from tests.clients.meetings import data, in_treatment, planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return factories.facility()


@pytest.fixture
def sri(clinic):
    return factories.user(Role.COUNSELOR, clinic)


@pytest.fixture
def today(clinic):
    """The clinic's day; a page stands in the zone of its place."""
    with timezone.override(clinic.zone):
        yield clinic.local_date()


def test_my_sessions_stand_first_and_the_rest_in_one_line(sri, clinic, today):
    other = factories.user(Role.NURSE, clinic)
    mine = planned(sri, clinic, in_treatment(clinic), held_on=today, kind="individual")
    planned(other, clinic, in_treatment(clinic, "Budi Contoh"), held_on=today)
    item, rest = session_panels.sessions_today(sri, today)
    assert (item.url, item.act_label, item.act_posts) == (reverse("clients:session", args=[mine.pk]), "Catat", False)
    assert rest.title == "1 sesi lain"
    leads_none = factories.user(Role.DOCTOR, clinic)
    assert len(session_panels.sessions_today(leads_none, today)) == 2


def test_a_group_is_recorded_by_one_tap_until_nobody_waits(sri, clinic, today):
    held = planned(sri, clinic, *(in_treatment(clinic, name) for name in ("A B", "C D")), held_on=today)
    (item,) = session_panels.sessions_today(sri, today)
    assert (item.act_label, item.act_posts, item.client) == ("Semua hadir", True, None)
    attendance.all_present(by=sri, session=held)
    (item,) = session_panels.sessions_today(sri, today)
    assert item.act_label == ""
    assert "2 dari 2 hadir" in item.detail


def test_cancelled_sessions_and_those_of_other_days_are_not_of_today(sri, clinic, today):
    held = planned(sri, clinic, in_treatment(clinic), held_on=today)
    planned(sri, clinic, in_treatment(clinic, "Budi Contoh"), held_on=today + timedelta(1))
    sessions.cancel(by=sri, session=held, reason="Hujan")
    assert session_panels.sessions_today(sri, today) == []


def test_what_nobody_recorded_is_due(sri, clinic, today):
    for days in (1, 2):
        planned(sri, clinic, in_treatment(clinic), held_on=today - timedelta(days))
    ((item,),) = [block.items for block in worklists.told(sri, today, "sesi-belum-dicatat")]
    assert (item.title, item.when, item.urgent) == ("2 sesi belum dicatat", today - timedelta(2), True)


def test_a_drop_out_is_proposed_and_a_recent_absence_is_told(sri, clinic, today):
    silent, late = in_treatment(clinic), in_treatment(clinic, "Budi Contoh", started_on=today - timedelta(9))
    held = planned(sri, clinic, late, held_on=today - timedelta(2))
    attendance.record(by=sri, session=held, edit=1, marks={late.pk: Mark(Presence.ABSENT)})
    (second,), (first,) = (block.items for block in worklists.told(sri, today, "putus-kontak", "tidak-hadir"))
    assert (first.group, first.title.partition(" · ")[0]) == ("attention", silent.client.code)
    assert "kontak terakhir 1 Maret 2019" in first.detail
    assert (second.group, second.title.partition(" · ")[0]) == ("missed", late.client.code)
    assert second.detail == "tidak hadir 1 sesi berturut-turut"


def test_a_long_list_ends_with_how_many_more(sri, clinic, today):
    for _ in range(worklists.get("putus-kontak").shown + 2):
        in_treatment(clinic)
    (block,) = worklists.told(sri, today, "putus-kontak")
    assert (block.left, block.more) == (2, reverse("clients:out_of_touch"))


@pytest.mark.parametrize("role", [Role.CLERK, Role.CORRECTIONS, Role.FACILITY_ADMIN])
def test_the_day_of_sessions_is_for_who_treats(clinic, sri, today, role):
    planned(sri, clinic, in_treatment(clinic), held_on=today)
    other = factories.user(role, clinic)
    in_treatment(clinic, "Budi Contoh")
    told = worklists.told(other, today, "sesi-belum-dicatat", "putus-kontak", "tidak-hadir", "tanpa-sesi")
    assert [session_panels.sessions_today(other, today), told] == [[], []]


def test_the_next_session_stands_in_the_head_and_the_next_step_follows(sri, clinic, today):
    treatment = in_treatment(clinic)
    client, episode = treatment.client, treatment.episode
    (step,) = session_panels.steps(sri, client, episode)
    assert (step.label, step.order) == ("Rencanakan sesi", 60)
    sessions.plan(by=sri, facility=clinic, data=data(sri, held_on=today + timedelta(3)), treatments=[treatment])
    assert session_panels.steps(sri, client, episode) == []
    (due,) = session_panels.due(sri, client)
    assert (due.on.date(), due.on.hour) == (today + timedelta(3), 9)
    held = planned(sri, clinic, treatment, held_on=today)
    (step,) = session_panels.steps(sri, client, episode)
    assert step.url == reverse("clients:session", args=[held.pk])


def test_the_timeline_tells_notes_to_care_staff_only(sri, clinic, today):
    treatment = in_treatment(clinic)
    held = planned(sri, clinic, treatment, held_on=today, theme="Pemicu")
    attendance.record(by=sri, session=held, edit=1, marks={treatment.pk: Mark(Presence.PRESENT, "Rahasia kecil")})
    (entry,) = session_panels.timeline(sri, treatment.client)
    assert (entry.chip, entry.text) == ("hadir", "Pemicu\nRahasia kecil")
    officer = factories.user(Role.CORRECTIONS, clinic)
    (entry,) = session_panels.timeline(officer, treatment.client)
    assert (entry.chip, entry.text) == ("hadir", "")
    assert session_panels.timeline(factories.user(Role.CLERK, clinic), treatment.client) == []


def test_today_takes_as_many_queries_for_one_client_as_for_three(client, sri, clinic, today):
    def queries() -> int:
        planned(sri, clinic, in_treatment(clinic, "Andi Contoh"), held_on=today, kind="individual")
        in_treatment(clinic, "Budi Contoh")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("today")).status_code == 200
        return len(captured)

    client.force_login(sri)
    client.get(reverse("today"))
    found = [queries() for _ in range(3)]
    assert found == [found[0]] * 3
    assert found[0] <= 12


def test_names_are_looked_up_once_for_the_whole_page(sri, clinic, today):
    for name in ("Andi Contoh", "Budi Contoh"):
        in_treatment(clinic, name)
    with CaptureQueriesContext(connection) as captured:
        groups = agenda.agenda(sri, today)
    items = [item for block in groups["attention"].blocks for item in block.items]
    assert {item.title.partition(" · ")[2] for item in items} == {"A. C.", "B. C."}
    assert sum("clients_identity" in query["sql"] for query in captured) == 1
