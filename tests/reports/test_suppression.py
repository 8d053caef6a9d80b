import pytest

from reports.suppression import suppressed


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ({}, {}),
        ({"a": 0, "b": 5}, {"a": 0, "b": 5}),
        ({"a": 4, "b": 5, "c": 9}, {"a": None, "b": None, "c": 9}),
        ({"a": 1, "b": 2, "c": 9}, {"a": None, "b": None, "c": 9}),
        ({"a": 3}, {"a": None}),
    ],
)
def test_small_cells_cannot_be_worked_out_from_the_sum(cells, shown):
    assert suppressed(cells) == shown
