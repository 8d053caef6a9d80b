"""Small cells are hidden from people who may not open the members behind them."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

SMALLEST_SHOWN = 5

Key = TypeVar("Key", bound=Hashable)


def suppressed(cells: Mapping[Key, int]) -> dict[Key, int | None]:
    """The cells, None for those that must not be shown: 1 to 4, and with a single one of them also the next smallest,
    since the sum stands beside and one hidden cell could be worked out."""
    hidden = {key for key, members in cells.items() if 0 < members < SMALLEST_SHOWN}
    others = {key: members for key, members in cells.items() if key not in hidden and members}
    if len(hidden) == 1 and others:
        hidden.add(min(others, key=others.__getitem__))
    return {key: None if key in hidden else members for key, members in cells.items()}
