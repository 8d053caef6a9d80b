"""The recap: units × way of coming × months, whose every sum is that of the figures."""

from datetime import date

import pytest

from clients.enums import AdmissionGroup
from facilities.models import Unit
from rehab.periods import year
from reports.enums import FigureScope
from reports.indicators.clients import CLIENTS_REHABILITATED
from reports.queries import figures, members
from reports.queries.recap import recap
from tests.factories import facility, unit
from tests.reports.makers import counted

pytestmark = pytest.mark.django_db
YEAR = year(2019)


@pytest.fixture
def nation():
    """Treatments in three zones, on the last and first day of months, in a province, below it and at BNN itself."""
    places = {
        code: facility(f"Klinik {code}", of=unit(code))
        for code in ("BNN", "BNNP-53", "BNNK-5371", "BNNP-91", "BNNP-12")
    }
    for code, on, group in [
        ("BNNP-53", date(2019, 1, 31), AdmissionGroup.VOLUNTARY),
        ("BNNP-53", date(2019, 2, 1), AdmissionGroup.VOLUNTARY),
        ("BNNP-53", date(2019, 2, 1), AdmissionGroup.LEGAL),
        ("BNNK-5371", date(2019, 2, 28), AdmissionGroup.VERDICT),
        ("BNNP-91", date(2019, 12, 31), AdmissionGroup.INMATE),
        ("BNN", date(2019, 7, 1), AdmissionGroup.VOLUNTARY),
        ("BNNP-12", date(2018, 12, 31), AdmissionGroup.VOLUNTARY),
        ("BNNP-12", date(2020, 1, 1), AdmissionGroup.VOLUNTARY),
    ]:
        counted(places[code], on, admission_group=group)
    return unit("BNN")


def test_every_sum_is_that_of_the_figures(nation):
    found = recap(nation, YEAR)
    row = figures(nation, YEAR, scope=FigureScope.TREE).row(CLIENTS_REHABILITATED.key)
    assert found.whole.sum.total == row.realised == 6
    assert list(found.whole.sum.months) == [month.value for month in row.months]
    assert sum(block.sum.total or 0 for block in found.blocks) == 6
    for block in found.blocks:
        assert block.sum.total == sum(line.total for line in block.lines if line.total is not None)


def test_a_province_holds_what_is_below_it_and_bnn_only_its_own(nation):
    totals = {block.code: block.sum.total for block in recap(nation, YEAR).blocks}
    assert (totals["BNN"], totals["BNNP-53"], totals["BNNP-91"]) == (1, 4, 1)
    assert {block.code: block.is_self for block in recap(nation, YEAR).blocks}["BNN"]
    below = {block.code: block.sum.total for block in recap(unit("BNNP-53"), YEAR).blocks}
    assert below == {"BNNP-53": 3, "BNNK-5371": 1}


def test_each_cell_is_as_many_as_its_members(nation):
    block = next(block for block in recap(nation, YEAR).blocks if block.code == "BNNP-53")
    behind = members(CLIENTS_REHABILITATED, unit("BNNP-53"), YEAR, FigureScope.TREE)
    for line in block.lines:
        for month, number in enumerate(line.months, start=1):
            assert number == behind.filter(by_admission=line.group, on__month=month).count()


def test_months_to_come_and_years_to_come_are_unknown_not_zero(nation):
    found = recap(unit("BNNP-53"), YEAR, today=date(2019, 2, 14))
    assert found.blocks[0].sum.months[:3] == (1, 2, None)
    assert found.as_of == date(2019, 2, 14)
    assert recap(nation, YEAR, today=date(2018, 12, 31)).whole.sum.total is None


def test_what_was_never_recorded_is_unknown(nation):
    Unit.objects.filter(code="BNNP-12").update(activated_on=None)
    block = next(block for block in recap(nation, YEAR).blocks if block.code == "BNNP-12")
    assert block.sum.total is None


def test_it_costs_two_queries_however_much_there_is(nation, django_assert_num_queries):
    bnn = unit("BNN")
    with django_assert_num_queries(2):
        recap(bnn, YEAR)
    counted(facility("Klinik lain", of=unit("BNNP-94")), date(2019, 5, 5))
    with django_assert_num_queries(2):
        recap(bnn, YEAR)
