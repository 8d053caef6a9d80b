"""The recap's page: for whom, of what, and that each number opens."""

import re
from datetime import date

import pytest
from django.urls import reverse

from clients.enums import AdmissionGroup
from rehab.roles import Role
from tests import factories
from tests.reports.makers import counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    clinic = factories.facility("Klinik", of=factories.unit("BNNP-53"))
    for _ in range(2):
        counted(clinic, date(2019, 3, 5), admission_group=AdmissionGroup.LEGAL)
    return clinic


def page(name: str = "recap", year: int = 2019) -> str:
    return reverse(f"reports:{name}", args=[year])


def test_the_nation_sees_provinces_and_a_province_what_is_below_it(client, clinic):
    client.force_login(factories.user(Role.ANALYST, factories.unit("BNN")))
    assert "BNNP-53" in [block.code for block in client.get(page()).context["recap"].blocks]
    client.force_login(factories.user(Role.UNIT_STAFF, clinic.unit))
    assert client.get(page()).context["recap"].blocks[0].code == "BNNP-53"
    assert client.get(page(), {"unit": "BNN"}).status_code == 404
    assert client.get(page(), {"unit": "BNNP-51"}).status_code == 404


def test_each_number_opens_to_as_many_members(client, clinic):
    client.force_login(factories.user(Role.UNIT_STAFF, clinic.unit))
    text = client.get(page()).content.decode()
    links = re.findall(r'href="(/capaian/[^"]*by_admission=[^"]*)">(\d+)</a>', text)
    assert links
    for address, number in links:
        assert client.get(address.replace("&amp;", "&")).context["count"].number == int(number)


def test_who_may_not_open_members_gets_to_the_counts_of_the_year(client, clinic):
    client.force_login(factories.user(Role.SIGNATORY, clinic.unit))
    text = client.get(page()).content.decode()
    assert "by_admission" not in text
    addresses = re.findall(r'href="(/capaian/[^"]*\?scope=own)"', text)
    assert client.get(addresses[0]).status_code == 200


@pytest.mark.parametrize("role", [Role.COUNSELOR, Role.FACILITY_ADMIN])
def test_who_works_at_a_facility_has_no_recap(client, clinic, role):
    client.force_login(factories.user(role, clinic))
    assert [client.get(page(name)).status_code for name in ("recap", "recap_pdf", "recap_xlsx")] == [404] * 3


def test_who_sees_no_figures_is_refused(client, clinic):
    client.force_login(factories.user(Role.SYSTEM_ADMIN, factories.unit("BNN")))
    assert client.get(page()).status_code == 403


@pytest.mark.parametrize("year", [0, 1, 99999])
def test_an_impossible_year_is_not_found(client, clinic, year):
    client.force_login(factories.user(Role.UNIT_STAFF, clinic.unit))
    assert client.get(page(year=year)).status_code == 404


def test_files(client, clinic):
    client.force_login(factories.user(Role.UNIT_STAFF, clinic.unit))
    pdf, xlsx = client.get(page("recap_pdf")), client.get(page("recap_xlsx"))
    assert pdf.content.startswith(b"%PDF-")
    assert xlsx["Content-Disposition"] == 'attachment; filename="rekap-BNNP-53-2019.xlsx"'


def test_the_page_costs_the_same_however_many_units_there_are(client, clinic, django_assert_max_num_queries):
    client.force_login(factories.user(Role.ANALYST, factories.unit("BNN")))
    client.get(page())
    with django_assert_max_num_queries(12) as few:
        client.get(page())
    for code in ("BNNP-11", "BNNP-12"):
        counted(factories.facility(of=factories.unit(code)), date(2019, 5, 5))
    with django_assert_max_num_queries(len(few)):
        client.get(page())
