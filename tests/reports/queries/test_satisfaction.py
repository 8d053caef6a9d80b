"""The index by element and by facility: nothing of fewer than five, nor what could be worked out."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from rehab import periods
from rehab.roles import Role
from reports.queries.satisfaction import satisfaction
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
YEAR = periods.year(2019)


@pytest.fixture
def ntt():
    return factories.unit("BNNP-53")


def given(place, number, *answers):
    for day in range(number):
        makers.sheet(place, date(2019, 3, 1) + timedelta(days=day), *answers)


def test_each_element_has_its_mean_where_five_answered_it(ntt):
    place = factories.facility(of=ntt)
    given(place, 4, 4)
    given(place, 1, 1, 1, 1, 1, 1)
    found = satisfaction(ntt, YEAR)
    assert (found.value, found.answers, found.grade) == (Decimal("3.40"), 5, "B")
    assert [each.value for each in found.elements] == [Decimal("3.40")] * 5 + [None] * 4


def test_few_answers_tell_nothing(ntt):
    given(factories.facility(of=ntt), 4, 4)
    found = satisfaction(ntt, YEAR)
    assert (found.value, found.grade, found.answers, found.elements) == (None, "", 4, ())
    assert [each.value for each in found.facilities] == [None]


def test_a_facility_hidden_alone_hides_the_next_one_too(ntt):
    for name, number in (("A", 3), ("B", 6), ("C", 9)):
        given(factories.facility(name, of=ntt), number, 3)
    assert [(each.name, each.answers) for each in satisfaction(ntt, YEAR).facilities] == [
        ("A", None),
        ("B", None),
        ("C", 9),
    ]


def test_the_page_lists_no_single_sheet_and_exports_none(client, ntt):
    place = factories.facility(of=ntt)
    given(place, 6, 3)
    client.force_login(factories.user(Role.UNIT_STAFF, ntt))
    url = reverse("reports:members", args=[ntt.code, 2019, "ikm"])
    page = client.get(url).content.decode()
    assert "3,00" in page
    assert "1 Maret 2019" not in page
    assert (
        client.post(reverse("reports:export_members", args=[ntt.code, 2019, "ikm"]), {"purpose": "x"}).status_code
        == 404
    )
