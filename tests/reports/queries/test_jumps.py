"""Months that stand out, by the stated rule."""

import pytest

from reports.queries.jumps import JumpRule, stands_out

RULE = JumpRule(least=5, times=3.5, history=6)


@pytest.mark.parametrize(
    ("members", "before", "usual"),
    [
        (60, [20] * 12, 20),
        (0, [20, 21, 19, 20, 22, 20], 20),
        (30, [20] * 12, None),  # less than chance makes of twenty
        (4, [0] * 12, None),  # too few to speak of
        (5, [0] * 12, 0),
        (60, [5, 60, 8, 55, 70, 6, 5, 62], None),  # nothing new here
        (60, [20] * 5, None),  # too young to be judged
    ],
)
def test_a_month_stands_out_by_more_than_chance_and_more_than_its_own_ups_and_downs(members, before, usual):
    assert stands_out(members, before, RULE) == usual
