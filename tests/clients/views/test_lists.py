import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.enums import EpisodeStatus, Outcome
from clients.models import ChosenColumns
from clients.queries import search as looking
from clients.queries.columns import columns_for
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


@pytest.mark.parametrize("role", [Role.COUNSELOR, Role.UNIT_STAFF])
def test_any_columns_cost_the_same_at_one_and_three_rows(client, clinic, role, django_assert_max_num_queries):
    user = factories.user(role, clinic.unit if role == Role.UNIT_STAFF else clinic)
    client.force_login(user)
    every = list(columns_for(user))
    for keys in ([], ["programme", "days"], ["contact"], ["score"], every):
        ChosenColumns.objects.update_or_create(user=user, defaults={"columns": keys})
        counts = []
        for _ in range(2):
            factories.treatment(factories.episode(at=clinic), started_on=date(2019, 3, 1))
            with django_assert_max_num_queries(12) as queries:
                assert client.get(URL + "?status=open&more=1").status_code == 200
            counts.append(len(queries))
        assert len(set(counts)) == 1, keys


def test_a_page_further_on_with_everything_asked_stays_within_the_budget(client, clinic, django_assert_max_num_queries):
    user = factories.user(Role.UNIT_STAFF, clinic.unit)
    client.force_login(user)
    ChosenColumns.objects.create(user=user, columns=list(columns_for(user)))
    first = [factories.episode(at=clinic) for _ in range(60)][9]
    with django_assert_max_num_queries(12):
        page = client.get(f"{URL}?status=open&setting=&after={first.client.pk}")
    assert len(page.context["rows"]) == 9


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


def test_chips_name_what_is_on_and_take_it_off(client, counselor, clinic):
    factories.episode(at=clinic)
    page = client.get(URL + "?status=open&sex=M&age_group=keliru&opened_from=2019-01-01")
    chips = {str(chip.label): chip for chip in page.context["chips"]}
    assert len(chips) == 3  # nonsense filters nothing and is not shown as if it did
    assert "status=" not in page.context["chips"][0].url
    assert client.get(URL + "?sex=M").context["chips"][0].url == URL + "?all=1"


def test_a_count_is_exact_on_one_page_and_else_fetched_after_it(client, counselor, clinic):
    for _ in range(51):
        factories.episode(at=clinic)
    page = client.get(URL)
    assert page.context["count"] is None
    assert "51" in client.get(reverse("clients:count")).content.decode()
    assert client.get(URL + "?count=1").context["count"].number == 51
    assert client.get(URL + "?status=closed").context["count"].number == 0


def test_the_order_may_be_turned(client, counselor, clinic):
    codes = [factories.episode(at=clinic).client.code for _ in range(3)]
    assert [row.code for row in client.get(URL + "?sort=oldest").context["rows"]] == codes
    assert [row.code for row in client.get(URL + "?sort=name").context["rows"]] == codes[::-1]


def test_facilities_are_suggested_and_found_by_name_or_code_within_the_scope(client, clinic):
    client.force_login(factories.user(Role.UNIT_STAFF, clinic.unit))
    there = factories.facility("Balai Anggrek Contoh")
    outside = factories.facility("Balai Anggrek Bali", of=factories.unit("BNNP-51"))
    way = factories.episode(at=there)
    factories.episode(at=outside)
    suggested = client.get(reverse("clients:places"), {"facility": "anggrek"}).content.decode()
    assert "Anggrek Contoh" in suggested
    assert "Anggrek Bali" not in suggested
    for typed in ("anggrek", there.code.lower(), str(there.pk)):
        assert [row.code for row in client.get(URL, {"facility": typed}).context["rows"]] == [way.client.code]
    for typed in (outside.code, str(outside.pk), "tidak ada", "😀", "9" * 5000):
        assert client.get(URL, {"facility": typed}).status_code == 200
    assert client.get(URL, {"facility": outside.code}).context["rows"] == []


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


def test_a_long_result_is_paged_by_post_alone(client, counselor, clinic, monkeypatch):
    monkeypatch.setattr(looking, "PAGE", 2)
    codes = [factories.episode(factories.client("Andi Contoh"), clinic).client.code for _ in range(5)][::-1]
    url, pages, more = reverse("clients:search"), [], {}
    while True:
        page = client.post(url, {"q": "andi"} | more)
        assert "andi" not in str(page.headers)
        pages.append([row.code for row in page.context["rows"]])
        if (after := page.context["result"].after) is None:
            break
        more = {"after": after}
    assert pages == [codes[:2], codes[2:4], codes[4:]]
    back = client.post(url, {"q": "andi", "before": page.context["result"].before})
    assert [row.code for row in back.context["rows"]] == codes[2:4]
    for nonsense in ("-1", "x", "9" * 40, ""):
        assert client.post(url, {"q": "andi", "after": nonsense}).context["rows"]


def test_names_that_only_share_tokens_do_not_end_the_search(client, counselor, clinic, monkeypatch):
    monkeypatch.setattr(looking, "PAGE", 2)
    monkeypatch.setattr(looking, "MOST_READ", 4)
    wanted = factories.episode(factories.client("Sulistyowati Contoh"), clinic).client.code
    for _ in range(6):
        factories.episode(factories.client("Sulistyono Contoh"), clinic)
    url, after = reverse("clients:search"), None
    for _ in range(4):
        page = client.post(url, {"q": "sulistyow"} | ({"after": after} if after else {}))
        after = page.context["result"].after
        if after is None:
            break
    assert [row.code for row in page.context["rows"]] == [wanted]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("k 41903319", "code"), (NIK, "nik"), ("5371 0117 0595 0001", "nik"), ("0812 3456 789", "phone"),
        ("Andi", "name"), ("12", "nothing"), ("…", "nothing"),
    ],
)  # fmt: skip
def test_the_search_says_what_it_understood_and_records_that_alone(client, counselor, typed, kind):
    page = client.post(reverse("clients:search"), {"q": typed})
    assert page.context["asked"].kind == kind
    assert AuditEvent.objects.get(verb="clients.searched").data == {"by": kind, "found": 0}


def test_a_nik_of_another_facility_is_answered_like_an_unknown_one(client, counselor, clinic):
    registered(factories.user(Role.COUNSELOR, there := factories.facility()), there, andi())
    url, unknown = reverse("clients:search"), "5371011705950009"
    client.post(url, {"q": unknown})
    answers = []
    for asked in (NIK, unknown):
        with CaptureQueriesContext(connection) as queries:
            body = client.post(url, {"q": asked}).content.decode()
        answers.append((len(queries), _without_tokens(body).replace(asked, "")))
    assert answers[0] == answers[1]


def _without_tokens(body: str) -> str:
    return re.sub(r'(?:value|hx-headers|data-still)=[\'"][^>]*?[\'"]>|X-CSRFToken[^>]*', "", body)


def test_at_bnn_a_client_is_found_by_its_code_alone(client, clinic):
    wanted = factories.episode(factories.client("Andi Contoh", nik=NIK), clinic).client
    client.force_login(factories.user(Role.UNIT_STAFF, factories.unit("BNN")))
    for asked in ("Andi", NIK):
        assert client.post(reverse("clients:search"), {"q": asked}).context["rows"] == []
    assert client.post(reverse("clients:search"), {"q": wanted.code}).status_code == 302
