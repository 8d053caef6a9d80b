from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.queries.budgets import Money, by_indicator, whole
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
END = date(2026, 12, 31)


@pytest.fixture
def ntt():
    return factories.unit("BNNP-53")


def test_activities_of_one_output_are_added_up(ntt):
    makers.budget(ntt, 100_000_000, 50_000_000, spent=(90_000_000, None))
    makers.budget(ntt, 30_000_000, 0, spent=(0, 10_000_000))
    makers.budget(ntt, 7, 7, indicator="ikm")
    makers.budget(ntt, 1, 0, indicator="")
    makers.budget(ntt, 9, 9, year=2025)
    makers.budget(factories.unit("BNNP-51"), 5, 5)
    assert by_indicator(ntt, 2026, END) == {
        "clients_rehabilitated": Money(Decimal(180_000_000), Decimal(100_000_000)),
        "ikm": Money(Decimal(14), None),
    }
    assert whole(ntt, 2026, END) == Money(Decimal(180_000_015), Decimal(100_000_000))


def test_a_tree_is_the_sum_of_its_units(ntt):
    kupang = factories.unit("BNNK-5371")
    makers.budget(ntt, 10, 0, spent=(5, None))
    makers.budget(kupang, 20, 0, spent=(5, None))
    assert by_indicator(ntt, 2026, END)["clients_rehabilitated"].ceiling == 10
    both = by_indicator(ntt, 2026, END, [ntt.pk, kupang.pk])["clients_rehabilitated"]
    assert (both.ceiling, both.spent, both.absorption) == (30, 10, Decimal("33.33"))


def test_the_ceiling_is_that_of_the_revision_in_force(ntt):
    budget = makers.budget(ntt, 100, 100)
    makers.ceiling(budget, 60, 60, date(2026, 7, 1))
    makers.ceiling(budget, 70, 60, date(2026, 7, 1))
    ceilings = [by_indicator(ntt, 2026, on)["clients_rehabilitated"].ceiling
                for on in (date(2025, 12, 31), date(2026, 6, 30), date(2026, 7, 1))]  # fmt: skip
    assert ceilings == [None, 200, 130]


def test_spending_is_told_once_it_is_known_or_its_semester_is_over(ntt):
    makers.budget(ntt, 100, 100, spent=(80, 30), as_of=date(2026, 9, 3))
    told = {on: whole(ntt, 2026, on).spent for on in (date(2026, 6, 29), date(2026, 6, 30), date(2026, 9, 3))}
    assert told == {date(2026, 6, 29): None, date(2026, 6, 30): 80, date(2026, 9, 3): 110}


@pytest.mark.parametrize(
    ("ceiling", "spent", "absorption"),
    [
        (None, 5, None),
        (0, 5, None),
        (3, None, None),
        (3, 0, "0.00"),
        (3, 1, "33.33"),
        (800, 1, "0.13"),
        (2, 5, "250.00"),
    ],
)
def test_absorption_is_rounded_half_up_and_uncapped(ceiling, spent, absorption):
    assert Money(ceiling, spent).absorption == (Decimal(absorption) if absorption else None)


def test_one_query_however_many_activities(ntt):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            by_indicator(ntt, 2026, END)
        return len(captured)

    makers.budget(ntt, 1, 1, spent=(1, 1))
    assert queries() == 1
    makers.budget(ntt, 1, 1, spent=(1, 1))
    makers.budget(ntt, 1, 1, spent=(1, 1), indicator="ikm")
    assert queries() == 1


def test_nothing_is_known_of_a_unit_without_budgets(ntt):
    assert by_indicator(ntt, 2026, END) == {}
    assert whole(ntt, 2026, END) == Money()
    assert Money() + Money(Decimal(1), None) == Money(Decimal(1), None)
