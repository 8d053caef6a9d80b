from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rehab.roles import Role
from reports.alerts import today
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
PAGE = reverse("reports:alerts", args=["BNNP-53", 2019])


@pytest.fixture
def ntt():
    return factories.unit("BNNP-53")


def sign_in(client, role, at):
    user = factories.user(role, at)
    client.force_login(user)
    return user


def test_the_page_tells_own_and_lower_units_and_the_rule(client, ntt):
    makers.target(ntt, 20)
    makers.target(factories.unit("BNNK-5371", name="BNN Kota Kupang"), 30)
    sign_in(client, Role.SIGNATORY, ntt)
    response = client.get(PAGE)
    page = response.content.decode()
    assert [len(response.context["found"].own), len(response.context["below"])] == [1, 1]
    for words in ("BNN Kota Kupang", "tertinggal", "di atas 120 %", "Aturannya"):
        assert words in page
    assert client.get(PAGE, {"kind": "action"}).context["below"] == []
    assert len(client.get(PAGE, {"kind": "😀"}).context["below"]) == 1


def test_a_year_that_has_not_begun_warns_of_nothing(client, ntt):
    makers.target(ntt, 20, year=2090)
    sign_in(client, Role.UNIT_STAFF, ntt)
    assert "belum mulai" in client.get(reverse("reports:alerts", args=["BNNP-53", 2090])).content.decode()
    assert client.get(reverse("reports:alerts", args=["BNNP-53", 66])).status_code == 404


def test_others_do_not_see_it(client, ntt):
    sign_in(client, Role.UNIT_STAFF, factories.unit("BNNP-51"))
    assert client.get(PAGE).status_code == 404
    sign_in(client, Role.DATA_STEWARD, ntt)
    assert client.get(PAGE).status_code == 403


def test_as_many_queries_for_one_warning_as_for_three(client, ntt):
    sign_in(client, Role.UNIT_STAFF, ntt)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        return sum(not each["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")) for each in captured)

    makers.target(ntt, 20)
    first = queries()
    for code in ("BNNK-5371", "BNNK-5372", "BNNK-5373"):
        makers.target(factories.unit(code), 20)
    assert queries() == first <= 12


def test_todays_page_has_a_line_for_those_who_keep_the_targets(client, ntt):
    year = ntt.local_date().year
    makers.target(ntt, 2000, year=year, months=(2000, *[0] * 11))
    sign_in(client, Role.UNIT_STAFF, ntt)
    page = client.get(reverse("today")).content.decode()
    assert "Target: 1 tertinggal" in page
    assert reverse("reports:alerts", args=["BNNP-53", year]) in page
    sign_in(client, Role.SIGNATORY, ntt)
    assert "Target: 1 tertinggal" not in client.get(reverse("today")).content.decode()
    assert today(factories.user(Role.UNIT_STAFF, ntt), date(year, 1, 1)) == []
