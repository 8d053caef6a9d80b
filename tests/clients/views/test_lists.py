import pytest
from django.urls import reverse

from clients.enums import EpisodeStatus, Outcome
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.people import NIK, andi, registered

pytestmark = pytest.mark.django_db
URL = reverse("clients:list")


@pytest.fixture
def clinic():
    return factories.facility()


@pytest.fixture
def counselor(clinic, client):
    user = factories.user(Role.COUNSELOR, clinic)
    client.force_login(user)
    return user


def test_the_list_costs_the_same_at_one_ten_and_a_hundred_rows(
    client, counselor, clinic, django_assert_max_num_queries
):
    counts = []
    for more in (1, 9, 90):
        for _ in range(more):
            factories.treatment(factories.episode(at=clinic))
        with django_assert_max_num_queries(12) as queries:
            assert client.get(URL).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_pages_go_on_and_back(client, counselor, clinic):
    codes = [factories.episode(at=clinic).client.code for _ in range(60)]
    first = client.get(URL)
    assert [row.code for row in first.context["rows"]] == codes[:9:-1]
    second = client.get(first.context["page"].next_url)
    assert [row.code for row in second.context["rows"]] == codes[9::-1]
    assert client.get(second.context["page"].previous_url).context["rows"][0].code == codes[-1]
    assert client.get(URL + "?after=banyak&status=lupa").status_code == 200


def test_filters_stay_in_the_address_and_narrow_the_list(client, counselor, clinic):
    waiting = factories.episode(at=clinic)
    closed = factories.episode(
        at=clinic, status=EpisodeStatus.CLOSED, closed_on=waiting.opened_on, outcome=Outcome.MOVED, admission="court"
    )

    def found(query):
        return {row.code for row in client.get(URL + query).context["rows"]}

    assert found("") == {waiting.client.code, closed.client.code}
    assert found("?status=open") == {waiting.client.code}
    assert found("?status=closed") == {closed.client.code}
    assert found("?admission=court") == {closed.client.code}
    assert found("?status=in_treatment") == set()
    factories.episode(closed.client, clinic)
    assert found("?status=closed") == set()


def test_staff_of_a_unit_filter_by_facility(client, clinic):
    client.force_login(factories.user(Role.UNIT_STAFF, clinic.unit))
    here, there = factories.episode(at=clinic), factories.episode(at=factories.facility())
    page = client.get(f"{URL}?facility={there.responsible_facility.pk}")
    assert [row.code for row in page.context["rows"]] == [there.client.code]
    assert here.client.code not in page.content.decode()


def test_an_outsider_sees_an_empty_list_and_those_without_clients_no_page(client, clinic):
    shown = factories.episode(at=clinic).client
    client.force_login(factories.user(Role.COUNSELOR, factories.facility()))
    assert shown.code not in client.get(URL).content.decode()
    client.force_login(factories.user(Role.ANALYST, factories.unit("BNN")))
    assert client.get(URL).status_code == 403


@pytest.mark.parametrize(
    "asked", ["Andi", "andy contoh", NIK, "5371 0117 0595 0001", "0812 3456 789", "+62 812-3456-789"]
)
def test_a_client_is_found_by_what_people_say(client, counselor, clinic, asked):
    wanted = registered(counselor, clinic, andi(phone="08123456789")).client
    registered(counselor, clinic, andi(name="Bagus Lain", nik="5371011705950009"))
    page = client.post(reverse("clients:search"), {"q": asked})
    assert [row.code for row in page.context["rows"]] == [wanted.code]
    assert AuditEvent.objects.filter(verb="clients.searched").exists()


def test_a_code_leads_straight_to_the_client(client, counselor, clinic):
    wanted = registered(counselor, clinic).client
    assert client.post(reverse("clients:search"), {"q": wanted.code.lower()}).url == reverse(
        "clients:client", args=[wanted.code]
    )


def test_the_search_finds_nobody_beyond_the_scope_and_is_never_a_get(client, counselor):
    there = factories.facility()
    registered(counselor, there, andi())
    for asked in ("Andi Contoh", NIK):
        assert client.post(reverse("clients:search"), {"q": asked}).context["rows"] == []
    assert client.get(reverse("clients:search"), {"q": NIK}).status_code == 405


@pytest.mark.parametrize("asked", ["", "\x00", "x" * 10_000, "😀", "٣٣٣"])
def test_nonsense_finds_nobody(client, counselor, clinic, asked):
    registered(counselor, clinic, andi())
    assert client.post(reverse("clients:search"), {"q": asked}).context["rows"] == []


def test_whoever_searches_without_end_waits(client, monkeypatch):
    monkeypatch.setattr("clients.views.lists.SEARCHES_A_MINUTE", 2)
    client.force_login(factories.user(Role.CLERK, factories.facility()))
    answers = [client.post(reverse("clients:search"), {"q": "Andi"}).status_code for _ in range(4)]
    # The minute may turn in between, once.
    assert answers[-1] == 429 or answers.count(429) == 1
