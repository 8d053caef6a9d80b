"""The satisfaction index: sums over numbers, never means of means, and nothing of fewer than five."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from rehab import periods
from reports.actions import cells
from reports.enums import FigureScope
from reports.indicators import REGISTRY, Rules
from reports.queries import figures, realised
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
YEAR = periods.year(2019)
DAY = date(2019, 3, 4)
IKM = REGISTRY["ikm"]


def index(place, scope=FigureScope.OWN, period=YEAR):
    return figures(place, period, scope=scope, today=date(2020, 1, 5)).row("ikm")


def test_a_sheet_has_the_mean_of_what_was_answered():
    clinic = factories.facility()
    for answers, score in (
        ((4,), 400),
        ((3, 4, 3, 4, 3, 4), 350),
        ((1, 2, 2, 2, 2, 2, 2, 2, 2), 189),
        ((1, 1, 1, 1, 4), 160),
    ):
        sheet = makers.sheet(clinic, DAY, *answers)
        sheet.refresh_from_db()
        assert sheet.score == score


@pytest.mark.parametrize("answers", [(1, 2, 3, 4), (5, 4, 4, 4, 4), (0, 4, 4, 4, 4)])
def test_a_sheet_out_of_range_or_of_too_few_answers_is_refused(answers):
    with pytest.raises(IntegrityError), transaction.atomic():
        makers.sheet(factories.facility(), DAY, *answers)


def test_of_fewer_than_five_sheets_there_is_no_index():
    clinic = factories.facility(of=factories.unit("BNNP-53"))
    for number in range(4):
        makers.sheet(clinic, DAY + timedelta(days=number), 3)
    row = index(clinic.unit)
    assert (row.realised, row.count.members, row.too_few, row.grade, row.achievement) == (None, 4, 4, "", None)
    makers.sheet(clinic, DAY, 4)
    row = index(clinic.unit)
    assert (row.realised, row.too_few, row.grade) == (Decimal("3.20"), None, "B")
    # The month with four stays untold though the year is told.
    makers.sheet(clinic, date(2019, 5, 1), 4)
    assert [month.value for month in index(clinic.unit).months][2:5] == [Decimal("3.20"), None, None]


def test_units_add_up_by_their_sums_not_by_their_means():
    """Ten sheets of 4 and five of 1: 45 / 15 = 3,00, while the mean of the two means would be 2,50."""
    province, town = factories.unit("BNNP-53"), factories.unit("BNNK-5371")
    first, second = factories.facility(of=province), factories.facility(of=town)
    for number in range(15):
        makers.sheet(first if number < 10 else second, DAY + timedelta(days=number), 4 if number < 10 else 1)
    assert (index(province).realised, index(town).realised) == (Decimal(4), Decimal(1))
    assert index(province, FigureScope.TREE).realised == Decimal(3)
    # Half a month is counted from the rows, whole months from their cells; folded or not, they are one.
    half = periods.Period(date(2019, 1, 1), date(2019, 3, 9), periods.Kind.SPAN)
    assert realised(IKM, province, half, FigureScope.TREE, today=date(2020, 1, 5)) == Decimal(4)
    cells.fold()
    assert index(province, FigureScope.TREE).realised == Decimal(3)


@pytest.mark.parametrize(
    ("score", "grade"), [(259, "D"), (260, "C"), (306, "C"), (307, "B"), (353, "B"), (354, "A"), (400, "A")]
)
def test_the_grade_follows_the_bounds(score, grade):
    assert IKM.grade(5, 5 * score, Rules()) == grade


def test_it_is_compared_with_its_target_and_stands_in_reports():
    clinic = factories.facility(of=factories.unit("BNNP-53"))
    makers.target(clinic.unit, "3.2", indicator="ikm")
    for number in range(5):
        makers.sheet(clinic, DAY + timedelta(days=number), 4)
    row = index(clinic.unit)
    assert (row.realised, row.achievement) == (Decimal("4.00"), Decimal("125.00"))
