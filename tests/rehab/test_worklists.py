"""What waits, by kind: bounded on Hari ini, whole on the kind's own page, in as many statements for one as for many."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rehab import keyset, worklists
from rehab.roles import Role
from rehab.worklists import Day
from tests import factories
from tests.clients.meetings import in_treatment

pytestmark = pytest.mark.django_db
KEYS = [kind.key for kind in worklists.all_kinds()]


@pytest.fixture
def clinic():
    return factories.facility()


@pytest.fixture
def sri(clinic):
    return factories.user(Role.COUNSELOR, clinic)


@pytest.fixture
def today(clinic):
    return clinic.local_date()


def registered(clinic, today, number):
    return [
        factories.episode(factories.client(f"Andi {each} Contoh"), clinic, opened_on=today - timedelta(days=each + 1))
        for each in range(number)
    ]


def test_the_first_of_each_kind_and_how_many_there_are_come_in_one_statement(sri, clinic, today):
    registered(clinic, today, 5)
    in_treatment(clinic)  # the sixth that nobody has assessed
    day = Day(sri, today)
    assert day.settings
    with CaptureQueriesContext(connection) as captured:
        found = {kind.key: (len(rows), total) for kind, rows, total in worklists.first(day)}
    assert found["belum-diasesmen"] == (3, 6)
    assert found["bam"] == (1, 1)
    assert len([query for query in captured if "UNION ALL" in query["sql"]]) == 1
    assert sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in captured) <= 2  # the scope's one


def test_hari_ini_says_how_many_more_and_the_link_shows_them_all(client, sri, clinic, today):
    codes = [episode.client.code for episode in registered(clinic, today, 5)]
    client.force_login(sri)
    page = client.get(reverse("today")).content.decode()
    assert "2 lagi" in page
    assert sum(code in page for code in codes) == 3
    address = reverse("worklist", args=["belum-diasesmen"])
    assert address in page
    listed = client.get(address).content.decode()
    assert all(code in listed for code in codes)


def test_a_page_far_down_continues_where_the_one_before_ended(client, sri, clinic, today, monkeypatch):
    monkeypatch.setitem(keyset.page.__kwdefaults__, "size", 2)
    registered(clinic, today, 5)
    client.force_login(sri)
    seen, address = [], reverse("worklist", args=["belum-diasesmen"])
    while address:
        page = client.get(address).context["page"]
        seen += [row.pk for row in page.rows]
        address = page.next_url
    assert len(seen) == len(set(seen)) == 5


def test_only_the_overdue_are_shown_when_asked(client, sri, clinic, today):
    for days in (-10, 3):
        factories.treatment(
            factories.episode(factories.client(), clinic), planned_on=today + timedelta(days=days), started_on=None
        )
    client.force_login(sri)
    address = reverse("worklist", args=["belum-mulai"])
    assert len(client.get(address).context["items"]) == 2
    assert len(client.get(address, {"show": "late"}).context["items"]) == 1


@pytest.mark.parametrize("key", KEYS)
def test_every_kind_has_a_page_that_says_when_nothing_waits(client, sri, key):
    client.force_login(sri)
    assert client.get(reverse("worklist", args=[key])).status_code == 200


@pytest.mark.parametrize("key", ["belum-diasesmen", "bam", "asesmen-ulang", "tes-urine", "putus-kontak", "tidak-hadir"])
@pytest.mark.parametrize("role", [Role.CLERK, Role.FACILITY_ADMIN, Role.CORRECTIONS])
def test_whom_a_kind_does_not_concern_learns_nothing_of_it(client, clinic, today, role, key):
    registered(clinic, today, 1)
    in_treatment(clinic)
    client.force_login(factories.user(role, clinic))
    assert client.get(reverse("worklist", args=[key])).status_code == 404


def test_another_facility_lists_none_of_them(client, clinic, today):
    codes = [episode.client.code for episode in registered(clinic, today, 2)]
    client.force_login(factories.user(Role.COUNSELOR, factories.facility()))
    page = client.get(reverse("worklist", args=["belum-diasesmen"])).content.decode()
    assert not any(code in page for code in codes)


def test_an_unknown_kind_is_not_found(client, sri):
    client.force_login(sri)
    assert client.get("/hari-ini/apa-saja/").status_code == 404


@pytest.mark.parametrize("key", ["belum-diasesmen", "bam"])
def test_the_list_takes_as_many_queries_for_one_as_for_three(client, sri, clinic, today, key):
    def queries() -> int:
        registered(clinic, today, 1)
        in_treatment(clinic)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("worklist", args=[key])).status_code == 200
        return len(captured)

    client.force_login(sri)
    found = [queries() for _ in range(3)]
    assert found == [found[0]] * 3
    assert found[0] <= 12
