from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.shares import shares


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (60, [30, 20, 10], [30, 20, 10]),
        (7, [0, 0], [4, 3]),
        (7, [0, 5], [0, 7]),
        (2, [1, 1, 1], [1, 1, 0]),
        (0, [3, 4], [0, 0]),
        (5, [], []),
        (Decimal("3.5"), [1, 1, 1], [Decimal("1.17"), Decimal("1.17"), Decimal("1.16")]),
        (5, [-3, 1], [0, 5]),
    ],
)
def test_a_whole_is_shared_out_by_weight(total, weights, parts):
    assert shares(Decimal(total), weights) == parts


@given(st.decimals(0, 10**9, places=4), st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_parts_always_add_up_to_the_whole(total, weights):
    parts = shares(total, weights)
    assert sum(parts) == total
    assert min(parts) >= 0
