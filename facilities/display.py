"""A field's value as people read it: on the facility page, in the table of a conflict, in an export."""

from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.contrib.postgres.fields import ArrayField
from django.db.models import Field
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from facilities.models import Facility
from rehab import numbers

_PLAIN_NUMBERS = {"latitude", "longitude"}


def _field(name: str) -> Field:
    """One of the facility's own: no name of a relation from elsewhere is ever asked for."""
    return cast(Field, Facility._meta.get_field(name))


def label(name: str) -> str:
    return capfirst(str(_field(name).verbose_name))


def value(name: str, raw: Any) -> str:
    """The text for a value of this field of a facility; empty where there is none."""
    field = _field(name)
    if raw in (None, "", []):
        return ""
    if isinstance(field, ArrayField):
        return ", ".join(_choice(field.base_field, item) for item in raw)
    if field.choices:
        return _choice(field, raw)
    if isinstance(raw, bool):
        return _("yes") if raw else _("no")
    if isinstance(raw, date):
        return numbers.format_date(raw)
    if isinstance(raw, int | Decimal):
        if name == "tariff":
            return numbers.format_rupiah(raw)
        return str(raw).replace(".", ",") if name in _PLAIN_NUMBERS else numbers.format_number(raw)
    return str(raw)


def fact(facility: Facility, name: str) -> str:
    return value(name, getattr(facility, name))


def _choice(field: Field, raw: str) -> str:
    return str(dict(field.flatchoices).get(raw, raw))
