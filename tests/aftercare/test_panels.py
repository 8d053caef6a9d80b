from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from aftercare import panels
from aftercare.enums import Relapse
from rehab import worklists
from rehab.roles import Role
from tests import factories
from tests.aftercare import makers


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def late(counselor, clinic, today):
    return makers.plan(counselor, clinic, today - timedelta(days=45))


def test_today_shows_overdue_first_and_then_the_week(counselor, clinic, today, late):
    soon = makers.plan(counselor, clinic, today - timedelta(days=27))
    makers.plan(counselor, clinic, today)
    (block,) = worklists.told(counselor, today, "tindak-lanjut")
    assert [item.urgent for item in block.items] == [True, False]
    assert block.items[0].url == reverse("aftercare:follow_up", args=[late.follow_ups.first().pk])
    assert block.items[1].title.startswith(soon.client.code)


def test_a_long_list_ends_with_how_many_more(client, counselor, clinic, today):
    for _ in range(10):
        makers.plan(counselor, clinic, today - timedelta(days=45))
    (block,) = worklists.told(counselor, today, "tindak-lanjut")
    assert (len(block.items), block.left) == (5, 5)
    client.force_login(counselor)
    page = client.get(block.more)
    assert len(page.context["items"]) == 10


def test_people_elsewhere_and_without_clinical_sight_get_nothing(clinic, today, late):
    for user in (
        factories.user(Role.COUNSELOR, factories.facility()),
        factories.user(Role.CLERK, clinic),
        factories.user(Role.UNIT_ADMIN, clinic.unit),
    ):
        assert worklists.told(user, today, "tindak-lanjut") == []
        assert panels.timeline(user, late.client) == []
        assert panels.tab(user, late.client) == []
        assert panels.next_steps(user, late.client, None) == []
        assert panels.overdue_facts(user, [late.client]) == {}


def test_the_timeline_tells_start_contacts_relapse_and_what_is_due(counselor, late):
    first = late.follow_ups.first()
    makers.record(counselor, first, first.due_on, note="Bekerja")
    kinds = [(entry.title, entry.chip) for entry in panels.timeline(counselor, late.client)]
    assert kinds == [
        ("Rencana pascarehabilitasi dimulai", "Proses"),
        ("Pemantauan", "Ada kontak, kambuh tidak diketahui"),
        ("Tindak lanjut jatuh tempo", "dijadwalkan"),
    ]
    row = late.follow_ups.first()
    makers.record(counselor, row, row.done_on, relapse=Relapse.YES)
    assert [entry.tone for entry in panels.timeline(counselor, late.client)] == ["danger", "danger"]


def test_notes_stay_with_those_who_treat(counselor, clinic, late):
    first = late.follow_ups.first()
    makers.record(counselor, first, first.due_on, note="Rahasia kecil")
    staff = factories.user(Role.UNIT_STAFF, clinic.unit)
    assert "Rahasia kecil" not in [entry.text for entry in panels.timeline(staff, late.client)]
    assert "Rahasia kecil" in [entry.text for entry in panels.timeline(counselor, late.client)]


def test_a_long_silence_proposes_a_drop_out_that_a_person_decides(client, counselor, clinic):
    treatment = makers.under_way(clinic)
    (step,) = panels.next_steps(counselor, treatment.client, treatment.episode)
    url = reverse("clients:silence", args=[treatment.pk])
    assert (step.label, step.url, step.order) == ("Putuskan drop out", url, 42)
    client.force_login(counselor)
    (close,) = client.get(url).context["ends"]
    form = client.get(close.url).context["form"]
    assert (form["outcome"].value(), client.get(f"{close.url}x").context["form"]["outcome"].value()) == (
        "drop_out",
        None,
    )
    treatment.refresh_from_db()
    assert treatment.ended_on is None


def test_what_is_due_is_the_next_step_and_closing_stays_in_the_background(counselor, clinic, late, today):
    step, *none = panels.next_steps(counselor, late.client, None)
    assert (step.label, none) == ("Catat tindak lanjut", [])
    treatment = makers.under_way(clinic, started_on=today - timedelta(days=3))
    steps = panels.next_steps(counselor, treatment.client, treatment.episode)
    assert [(each.url, each.order) for each in steps] == [(reverse("aftercare:close", args=[treatment.pk]), 90)]


def test_a_list_of_clients_says_what_is_overdue_in_one_query(counselor, clinic, today, django_assert_num_queries):
    late = [makers.plan(counselor, clinic, today - timedelta(days=45)) for _ in range(3)]
    makers.plan(counselor, clinic, today)
    panels.can(counselor, panels.Permission.FOLLOW_UP)
    with django_assert_num_queries(1):
        facts = panels.overdue_facts(counselor, [plan.client for plan in late])
    assert facts.keys() == {plan.client_id for plan in late}
