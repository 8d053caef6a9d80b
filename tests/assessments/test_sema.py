"""The amounts of SEMA 4/2010 beside evidence: a map of its own, and information only."""

from decimal import Decimal

import pytest

from assessments.enums import SemaSubstance
from assessments.sema import GRAMS, Against, Amount, compare


@pytest.mark.parametrize(
    ("evidence", "found"),
    [
        ([("methamphetamine", "0.99", "g")], [(Against.BELOW, "0.99")]),
        ([("methamphetamine", "1", "g")], [(Against.SAME, "1")]),
        ([("methamphetamine", "0.6", "g"), ("methamphetamine", "600", "mg")], [(Against.ABOVE, "1.2")]),
        ([("mdma", "8", "tablet"), ("mdma", "2.5", "g")], [(Against.SAME, "8"), (Against.ABOVE, "2.5")]),
        ([("buprenorphine", "32", "mg")], [(Against.SAME, "0.032")]),
        ([("cannabis", "3", "tablet")], [(Against.OTHER_UNIT, "3")]),
        ([("other", "3", "g")], [(Against.NO_THRESHOLD, "3")]),
        ([], []),
    ],
)
def test_amounts_of_a_substance_are_added_up_and_compared(evidence, found):
    rows = compare(Amount(what, Decimal(amount), unit) for what, amount, unit in evidence)
    assert [(row.against, row.total) for row in rows] == [(against, Decimal(total)) for against, total in found]


def test_two_other_substances_stay_apart():
    rows = compare([Amount("other", Decimal(1), "g", "Kratom"), Amount("other", Decimal(1), "g", "Ketamin")])
    assert [row.name for row in rows] == ["Kratom", "Ketamin"]


def test_every_named_substance_has_its_published_amount():
    assert set(GRAMS) == set(SemaSubstance) - {SemaSubstance.OTHER}
