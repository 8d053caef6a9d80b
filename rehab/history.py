"""Row history: database triggers copy each version of a row, with who and in which request, into an append-only table."""

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
from django.db import models

Row = TypeVar("Row", bound=models.Model)


def tracked(*, exclude: tuple[str, ...] = ()) -> Callable:
    """Class decorator for models whose changes are kept, bulk and raw SQL included."""
    return pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=list(exclude) or None
    )


def as_it_was(model: type[Row], pk: int) -> Row | None:
    """A row that was deleted, unsaved, as its history kept it; None when it is there, or never was."""
    history: Any = model  # pghistory adds its event model
    event = history.pgh_event_model.objects.filter(id=pk).order_by("-pgh_id").first()
    if event is None or model._default_manager.filter(pk=pk).exists():
        return None
    return model(**{field.attname: getattr(event, field.attname) for field in model._meta.concrete_fields})
