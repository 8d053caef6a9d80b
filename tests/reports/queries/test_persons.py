"""Unique persons beside episodes, as a range where a NIK is missing."""

from datetime import date

import pytest
from django.db import connection

from clients.actions import persons as links
from clients.models import Client, Identity, LinkGround, Person
from rehab import periods
from reports.enums import FigureScope
from reports.indicators import REGISTRY
from reports.queries.persons import PersonRange, persons
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
YEAR = periods.year(2019)
DAY = date(2019, 5, 2)
NIKS = ["5371011705950001", "5371011705950002"]


@pytest.fixture
def ntt():
    return factories.unit("BNNP-53")


def range_of(unit, key="clients_rehabilitated", scope=FigureScope.OWN):
    return persons(unit, YEAR, scope, REGISTRY[key])


def served(clinic, *, nik="", day=DAY):
    treatment = makers.counted(clinic, day)
    client = factories.client(nik=nik)
    type(treatment).objects.filter(pk=treatment.pk).update(client=client)
    return client


def test_who_was_served_twice_is_one_person(ntt):
    clinic, below = factories.facility(of=ntt), factories.facility(of=factories.unit("BNNK-5371"))
    first = served(clinic, nik=NIKS[0])
    second = served(below, nik=NIKS[0])
    links.link(second, first.person, LinkGround.NIK)
    Client.objects.filter(pk=second.pk).update(person=first.person)
    served(clinic, nik=NIKS[1])
    served(clinic, nik=NIKS[1], day=date(2018, 5, 2))
    assert range_of(ntt) == PersonRange(members=2, at_least=2, at_most=2)
    assert range_of(ntt, scope=FigureScope.TREE) == PersonRange(members=3, at_least=2, at_most=2)
    assert range_of(ntt).is_exact


def test_without_a_nik_it_is_a_range(ntt):
    clinic = factories.facility(of=ntt)
    assert range_of(ntt) == PersonRange(0, 0, 0)
    served(clinic)
    served(clinic)
    assert range_of(ntt) == PersonRange(members=2, at_least=1, at_most=2)
    served(clinic, nik=NIKS[0])
    served(clinic, nik=NIKS[1])
    assert range_of(ntt) == PersonRange(members=4, at_least=2, at_most=4)


def test_it_follows_identity_and_links_however_they_change(ntt):
    one, other = factories.client(nik=NIKS[0]), factories.client()

    def known():
        return set(Person.objects.filter(has_nik=True))

    assert known() == {one.person}
    Client.objects.filter(pk=one.pk).update(person=other.person)
    assert known() == {other.person}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE clients_identity SET nik_index = NULL, no_nik_reason = 'no_card' WHERE nik_index IS NOT NULL"
        )
    assert known() == set()
    Identity.objects.filter(client=other).update(nik_index=b"1", no_nik_reason="")
    assert known() == {other.person}
    Identity.objects.filter(client=other).delete()
    assert known() == set()
    Person.objects.filter(pk=one.person_id).update(has_nik=True)
    links.rebuild_known()
    assert known() == set()


def test_institutions_are_no_persons(ntt):
    assert range_of(ntt, "institutions_strengthened") is None


def test_counting_persons_reads_no_identity(ntt, django_assert_num_queries):
    served(factories.facility(of=ntt), nik=NIKS[0])
    with django_assert_num_queries(1) as asked:
        range_of(ntt)
    assert not [each for each in asked.captured_queries if "clients_identity" in each["sql"]]
