"""Pages of figures: what they show, to whom, and in how many queries."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.enums import Admission
from rehab import keyset
from rehab.roles import Role
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
SAVEPOINTS = ("SAVEPOINT", "RELEASE", "ROLLBACK")


@pytest.fixture
def ntt():
    return factories.unit("BNNP-53", name="BNNP Nusa Tenggara Timur")


@pytest.fixture
def clinic(ntt):
    return factories.facility("Klinik Contoh Kupang", of=ntt)


def sign_in(client, role, at):
    user = factories.user(role, at)
    client.force_login(user)
    return user


def queries(client, address):
    """All of a page's queries, those of the frame and the session included."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return [query["sql"] for query in captured if not query["sql"].startswith(SAVEPOINTS)]


def unit_page(code="BNNP-53", year=2019, **query):
    return reverse("reports:unit", args=[code, year], query=query)


def members_page(code="BNNP-53", year=2019, indicator="clients_rehabilitated", **query):
    return reverse("reports:members", args=[code, year, indicator], query=query)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_dashboard_shows_number_target_and_achievement(client, ntt, clinic):
    for month in range(1, 6):
        makers.counted(clinic, date(2019, month, 3))
    makers.target(ntt, 6)
    sign_in(client, Role.UNIT_STAFF, ntt)
    page = text_of(client.get(unit_page()))
    assert "Klien direhabilitasi 5 / 6 orang 83,33 %" in page
    assert "perlu perhatian" in page


def test_the_first_page_leads_to_the_own_unit_and_this_year(client, ntt):
    sign_in(client, Role.SIGNATORY, ntt)
    response = client.get(reverse("reports:dashboard"))
    assert response.url == unit_page(year=ntt.local_date().year)
    picked = client.get(reverse("reports:dashboard", query={"unit": "BNNP-51", "year": "2018", "scope": "tree"}))
    assert picked.url == unit_page("BNNP-51", 2018, scope="tree")
    assert client.get(reverse("reports:dashboard", query={"year": "²019"})).status_code == 302


def test_a_year_without_targets_and_a_future_year_show_a_dash(client, ntt, clinic):
    makers.counted(clinic, date(2019, 3, 3))
    sign_in(client, Role.UNIT_STAFF, ntt)
    assert "Klien direhabilitasi 1 / – orang –" in text_of(client.get(unit_page()))
    assert "Klien direhabilitasi – / – orang –" in text_of(client.get(unit_page(year=2090)))
    assert client.get(unit_page(year=1066)).status_code == 404


@pytest.mark.parametrize("scope", ["own", "tree"])
def test_the_dashboard_takes_at_most_twelve_queries_however_much_there_is(client, ntt, clinic, scope):
    sign_in(client, Role.UNIT_STAFF, ntt)
    counts = []
    for facilities in (1, 2, 7):
        for _ in range(facilities):
            makers.counted(factories.facility(of=ntt), date(2019, 3, 3))
            makers.counted(factories.facility(of=factories.unit("BNNK-5371")), date(2019, 3, 3))
        counts.append(len(queries(client, unit_page(scope=scope))))
    assert counts[0] <= 12
    assert len(set(counts)) == 1


@pytest.mark.parametrize("indicator", ["clients_rehabilitated", "not_relapsed_pct"])
@pytest.mark.parametrize("scope", ["own", "tree"])
def test_members_take_at_most_twelve_queries_however_many_there_are(client, ntt, clinic, scope, indicator):
    sign_in(client, Role.UNIT_STAFF, factories.unit("BNN"))
    counts = []
    for more in (1, 2, 7):
        for _ in range(more):
            makers.completed(factories.facility(of=ntt), date(2019, 4, 3))
        counts.append(len(queries(client, members_page(scope=scope, indicator=indicator))))
    assert counts[0] <= 12
    assert len(set(counts)) == 1


def test_a_second_page_of_members_costs_no_more_than_twelve_queries(client, ntt, clinic, monkeypatch):
    monkeypatch.setitem(keyset.page.__kwdefaults__, "size", 2)
    for day in range(1, 6):
        makers.counted(clinic, date(2019, 3, day))
    sign_in(client, Role.UNIT_STAFF, factories.unit("BNN"))
    first = client.get(members_page(scope="tree"))
    assert len(first.context["rows"]) == 2
    assert len(queries(client, first.context["page"].next_url)) <= 12


@pytest.mark.parametrize("role", [Role.UNIT_STAFF, Role.SIGNATORY, Role.UNIT_ADMIN, Role.TAT_SECRETARIAT])
def test_another_province_learns_nothing(client, ntt, clinic, role):
    makers.counted(clinic, date(2019, 3, 3))
    sign_in(client, role, factories.unit("BNNP-51"))
    addresses = [
        unit_page(),
        unit_page(clinic.code),
        members_page(),
        members_page(clinic.code),
        reverse("reports:uncounted", args=["BNNP-53", 2019]),
        reverse("reports:targets", args=["BNNP-53", 2019]),
        reverse("reports:target", args=["BNNP-53", 2019, "clients_rehabilitated"]),
    ]
    assert [client.get(address).status_code for address in addresses] == [404] * len(addresses)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.DATA_STEWARD, Role.TAT_LEGAL])
def test_who_sees_no_figures_is_refused(client, ntt, role):
    sign_in(client, role, factories.unit("BNN"))
    addresses = [
        unit_page(),
        members_page(),
        reverse("reports:dashboard"),
        reverse("reports:figures"),
        reverse("reports:release"),
    ]
    assert [client.get(address).status_code for address in addresses] == [403] * len(addresses)


def test_staff_open_a_number_down_to_the_clients_code(client, ntt, clinic):
    treatment = makers.counted(clinic, date(2019, 3, 3))
    sign_in(client, Role.UNIT_STAFF, ntt)
    response = client.get(members_page(month=3, by_setting="outpatient"))
    assert reverse("clients:client", args=[treatment.client.code]) in response.content.decode()
    assert "Andi" not in response.content.decode()
    assert not client.get(members_page(month=4)).context["rows"]
    assert not client.get(members_page(by_setting="inpatient")).context["rows"]
    assert client.get(members_page(by_setting="tidak ada", month="99", facility="x")).status_code == 200


def test_an_analyst_sees_rows_but_nobodys_code(client, ntt, clinic):
    treatment = makers.counted(clinic, date(2019, 3, 3))
    case = makers.tat(ntt, date(2019, 3, 3))
    sign_in(client, Role.ANALYST, factories.unit("BNN"))
    response = client.get(members_page())
    assert len(response.context["rows"]) == 1
    assert treatment.client.code not in response.content.decode()
    assert case.code not in client.get(members_page(indicator="tat_clients")).content.decode()


def test_a_tat_case_is_named_to_its_secretariat_only(client, ntt):
    case = makers.tat(ntt, date(2019, 3, 3))
    sign_in(client, Role.UNIT_STAFF, ntt)
    response = client.get(members_page(indicator="tat_clients"))
    assert len(response.context["rows"]) == 1
    assert case.code not in response.content.decode()


@pytest.mark.parametrize("role", [Role.SIGNATORY, Role.UNIT_ADMIN])
def test_others_see_counts_and_no_small_ones(client, ntt, clinic, role):
    small, large = factories.facility("Klinik Kecil", of=ntt), factories.facility("Klinik Besar", of=ntt)
    made = [
        makers.counted(at, date(2019, 3, 3))
        for at, times in ((clinic, 6), (small, 3), (large, 9))
        for _ in range(times)
    ]
    sign_in(client, role, ntt)
    response = client.get(members_page(month=3, by_sex="M"))
    assert response.context["rows"] == [("Klinik Besar", 9), ("Klinik Contoh Kupang", None), ("Klinik Kecil", None)]
    assert not any(each.client.code in response.content.decode() for each in made)
    table = text_of(client.get(reverse("reports:card", args=["BNNP-53", 2019, "fasilitas"])))
    assert "Klinik Besar 9" in table
    assert "Klinik Kecil tidak ditampilkan" in table
    assert client.get(reverse("reports:uncounted", args=["BNNP-53", 2019])).status_code == 403


def test_a_counselor_sees_the_own_facility(client, ntt, clinic):
    makers.counted(clinic, date(2019, 3, 3))
    makers.counted(factories.facility(of=ntt), date(2019, 3, 3))
    sign_in(client, Role.COUNSELOR, clinic)
    assert client.get(reverse("reports:dashboard")).url == unit_page(clinic.code, clinic.local_date().year)
    assert "Klien direhabilitasi 1 orang" in text_of(client.get(unit_page(clinic.code)))
    assert len(client.get(members_page(clinic.code)).context["rows"]) == 1
    assert client.get(unit_page()).status_code == 404
    assert client.get(unit_page(factories.facility(of=ntt).code)).status_code == 404


def test_what_started_and_does_not_count_says_what_is_missing(client, ntt, clinic):
    episode = factories.episode(at=clinic, facts_on=date(2019, 3, 3))
    factories.treatment(episode, started_on=date(2019, 3, 3))
    makers.counted(clinic, date(2019, 3, 3))
    sign_in(client, Role.UNIT_STAFF, ntt)
    address = reverse("reports:uncounted", args=["BNNP-53", 2019])
    assert address in client.get(unit_page()).content.decode()
    response = client.get(address)
    assert len(response.context["page"].rows) == 1
    assert episode.client.code in response.content.decode()
    assert "instrumen yang selesai" in text_of(response)


def test_the_table_of_units_is_sorted_by_its_links(client, ntt, clinic):
    for code, times in (("BNNK-5371", 2), ("BNNK-5372", 3), ("BNNK-5373", 0)):
        at = factories.facility(of=factories.unit(code))
        for _ in range(times):
            makers.counted(at, date(2019, 3, 3))
    sign_in(client, Role.UNIT_STAFF, ntt)

    def order(sort):
        query = {"scope": "tree", "sort": sort}
        response = client.get(reverse("reports:card", args=["BNNP-53", 2019, "satuan-kerja"], query=query))
        return [row.cells[0].value for row in response.context["shown"].table.rows]

    assert order("-clients_rehabilitated")[:2] == ["BNNK-5372", "BNNK-5371"]
    assert order("clients_rehabilitated")[-1] == "BNNK-5372"
    assert order("nonsense")[0] == "BNNP Nusa Tenggara Timur"


def test_a_breakdown_links_to_the_members_it_counts(client, ntt, clinic):
    makers.counted(clinic, date(2019, 3, 3), setting="inpatient")
    makers.counted(clinic, date(2019, 3, 3), admission_group=Admission.VOLUNTARY)
    sign_in(client, Role.UNIT_STAFF, ntt)
    page = client.get(unit_page(chart="clients_rehabilitated"))
    url = next(url for card, url in page.context["cards"] if card.key == "rincian")
    tables = client.get(url).context["shown"].content.drawing
    assert {table.total for table in tables} == {2}
    linked = [each for table in tables for each in table.slices if each.url]
    assert len(linked) >= 3
    for each in linked:
        assert len(client.get(each.url).context["rows"]) == each.members


def test_what_was_sealed_stands_beside_what_is_live(client, ntt, clinic):
    makers.counted(clinic, date(2019, 3, 3))
    makers.counted(clinic, date(2019, 3, 4))
    signatory = factories.user(Role.SIGNATORY, ntt)
    makers.sealed(ntt, signatory, date(2019, 1, 1), date(2019, 4, 1), realised=1)
    sign_in(client, Role.UNIT_STAFF, ntt)
    assert "disegel s.d. 31 Maret 2019: 1" in text_of(client.get(unit_page()))
    makers.sealed(ntt, signatory, date(2019, 1, 1), date(2020, 1, 1), realised=1)
    makers.sealed(factories.unit("BNNP-51"), signatory, date(2019, 1, 1), date(2020, 1, 1), realised=9)
    assert "disegel 1 · kini 2 (+1)" in text_of(client.get(unit_page()))
    assert "disegel" not in text_of(client.get(unit_page(scope="tree")))
    assert len(queries(client, unit_page())) <= 12


@pytest.mark.parametrize("role", [Role.SIGNATORY, Role.UNIT_ADMIN, Role.TAT_SECRETARIAT])
def test_a_hidden_number_is_not_found_on_the_facilitys_own_page(client, ntt, clinic, role):
    makers.counted(clinic, date(2019, 3, 3))
    sign_in(client, role, ntt)
    page = client.get(unit_page()).content.decode()
    assert unit_page(clinic.code) not in page
    assert client.get(unit_page(clinic.code)).status_code == 404
    assert client.get(members_page(clinic.code)).status_code == 404


def test_a_facilitys_own_people_see_its_figures(client, ntt, clinic):
    sign_in(client, Role.FACILITY_ADMIN, clinic)
    assert client.get(unit_page(clinic.code)).status_code == 200
    assert client.get(members_page(clinic.code)).status_code == 200
