"""Tables that are kept whole or not at all: each row is tried, and every refusal is told beside its row."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from rehab.errors import Refused

Row = TypeVar("Row")
Made = TypeVar("Made")


class RowsRefused(Refused):
    """Nothing of the table was kept. `rows` has the refusal of each row by its key."""

    def __init__(self, rows: Mapping[Any, Refused]):
        self.rows = dict(rows)
        super().__init__(_("Some rows cannot be kept as they are, so nothing has been saved."))


def each(rows: Iterable[Row], key: Callable[[Row], Any], write: Callable[[Row], Made]) -> list[Made]:
    """What `write` gives for each row, inside the caller's transaction. Raises RowsRefused with all that were refused."""
    made, refused = [], {}
    for row in rows:
        try:
            made.append(write(row))
        except Refused as refusal:
            refused[key(row)] = refusal
    if refused:
        raise RowsRefused(refused)
    return made
