from datetime import date
from decimal import Decimal

import pytest

from rehab.roles import Role
from reports.actions.budgets import Line, When, save_all
from reports.actions.rows import RowsRefused
from reports.models import Budget, BudgetRevision, Spending
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
WHEN = When(date(2026, 1, 1), "DIPA", date(2026, 3, 1))


@pytest.fixture
def ntt():
    return factories.unit("BNNP-53")


def save(unit, *lines, when=WHEN, by=None):
    return save_all(by=by, unit=unit, year=2026, lines=lines, when=when)


def line(code="A", ceilings=(100, 50), **fields):
    made = tuple(Decimal(each) for each in ceilings) if ceilings else None
    return Line(code, fields.pop("activity", "Kegiatan"), ceilings=made, **fields)


def test_activities_are_made_and_what_is_left_out_stays(ntt):
    staff = factories.user(Role.UNIT_STAFF, ntt)
    assert len(save(ntt, line(), line("B", None, indicator="ikm"), by=staff)) == 2
    assert BudgetRevision.objects.get().made_by == staff
    assert save(ntt, line("A", None)) == []
    assert BudgetRevision.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"activity": " "}, "activity"),
        ({"indicator": "klien"}, "indicator"),
        ({"ceilings": (-1, 0)}, "first_half"),
        ({"ceilings": (0, 10**15)}, "second_half"),
        ({"ceilings": ("0.5", 0)}, "first_half"),
        ({"spent": (None, Decimal(-1))}, "spent_2"),
        ({"spent": (None, Decimal(1))}, "as_of"),
        ({"spent": (Decimal(1), None), "edits": (3, None)}, "spent_1"),
    ],
)
def test_one_wrong_row_keeps_the_whole_table_out(ntt, wrong, field):
    with pytest.raises(RowsRefused) as refused:
        save(ntt, line("B"), line(**wrong))
    assert [(code, row.field) for code, row in refused.value.rows.items()] == [("A", field)]
    assert not Budget.objects.exists()


def test_what_is_older_than_what_is_kept_is_refused(ntt):
    budget = makers.budget(ntt, 100, 50, spent=(10, None), as_of=date(2026, 4, 1), code="A")
    with pytest.raises(RowsRefused) as refused:
        save(ntt, line(spent=(Decimal(20), None), edits=(1, None)))
    assert "1 April 2026" in refused.value.rows["A"].message
    seen = budget.revisions.get().pk
    save(ntt, line(ceilings=(90, 50), seen=seen), when=When(date(2026, 1, 1), "Revisi"))
    with pytest.raises(RowsRefused):
        save(ntt, line(ceilings=(80, 50), seen=seen))
    assert Spending.objects.get().amount == 10
