"""Row history: database triggers copy each version of a row, with who and in which request, into an append-only table."""

from collections.abc import Callable

import pghistory


def tracked(*, exclude: tuple[str, ...] = ()) -> Callable:
    """Class decorator for models whose changes are kept, bulk and raw SQL included."""
    return pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=list(exclude) or None
    )
