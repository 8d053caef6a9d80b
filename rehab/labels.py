"""The words for what a row holds of fixed choices.

Django's `get_…_display` makes all words of the choice, in the language of the page, for each row anew; in a list of fifty
rows that took longer than everything else. So lists and timelines take the words from here.
"""

import functools
from typing import Any, cast

from django.db.models import Field, Model


@functools.cache
def _words(field: Field) -> dict[Any, Any]:
    """{value: word}; the words stay lazy, so that each page has them in its own language."""
    return dict(field.flatchoices)


def label(row: Model | None, name: str) -> Any:
    """The word for the value of the field `name`; the value itself where it is none of the choices, "" where there is none."""
    if row is None:
        return ""
    field = cast(Field, row._meta.get_field(name))
    value = getattr(row, field.attname)
    return "" if value is None else _words(field).get(value, value)


def words(model: type[Model], name: str) -> dict[Any, Any]:
    """All words of the field `name`, by value."""
    return _words(cast(Field, model._meta.get_field(name)))
