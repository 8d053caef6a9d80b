"""What every action of the register checks before it writes."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from rehab.errors import Refused

EARLIEST = date(1945, 8, 17)


def clean(row: Model, fields: Iterable[str]) -> None:
    """Hold the named fields to what the model declares: choices, lengths, bounds. Raises Refused at the first that fails."""
    others = {field.name for field in row._meta.fields} - set(fields)
    try:
        row.clean_fields(exclude=others)
    except ValidationError as error:
        field, errors = next(iter(error.error_dict.items()))
        raise Refused(errors[0].messages[0], field=field) from error


def believable(day: date | None, field: str, *, today: date | None = None) -> None:
    """Refuse a day before the republic, and, with `today`, one that has not come yet."""
    if day is None:
        return
    if day < EARLIEST:
        raise Refused(_("This day is before 17 August 1945. Check the year."), field=field)
    if day.year > 2150:
        raise Refused(_("This day is too far in the future. Check the year."), field=field)
    if today is not None and day > today:
        raise Refused(_("This day has not come yet."), field=field)


def ordered(earlier: date | None, later: date | None, field: str) -> None:
    if earlier is not None and later is not None and later < earlier:
        raise Refused(_("The end lies before the start."), field=field)


def reason_given(reason: str, field: str = "reason") -> str:
    if not reason.strip():
        raise Refused(_("Say why."), field=field)
    return reason.strip()
