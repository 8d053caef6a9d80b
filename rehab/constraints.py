"""Builders of database constraints, so that an invariant and its sentence stand at the model."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db.models import CheckConstraint, F, Func, Q, UniqueConstraint


class HalfOpenDates(Func):
    """`daterange(starts_on, ends_on, '[)')`: the day something ends is the first day it no longer holds."""

    function = "daterange"
    output_field = DateRangeField()


def both_or_neither(name: str, first: str, second: str, message) -> CheckConstraint:
    both = Q(**{f"{first}__isnull": False, f"{second}__isnull": False})
    neither = Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
    return CheckConstraint(name=name, condition=both | neither, violation_error_message=message)


def date_order(name: str, earlier: str, later: str, message) -> CheckConstraint:
    """`later` may be empty; where it stands it is not before `earlier`."""
    condition = Q(**{f"{later}__isnull": True}) | Q(**{f"{later}__gte": F(earlier)})
    return CheckConstraint(name=name, condition=condition, violation_error_message=message)


def at_least_zero(name: str, field: str, message) -> CheckConstraint:
    condition = Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0})
    return CheckConstraint(name=name, condition=condition, violation_error_message=message)


def one_open(name: str, *fields: str, open_when: Q, message) -> UniqueConstraint:
    return UniqueConstraint(
        *[F(field) for field in fields], name=name, condition=open_when, violation_error_message=message
    )


def no_overlap(
    name: str, *same: str, message, starts: str = "starts_on", ends: str = "ends_on", condition: Q | None = None
) -> ExclusionConstraint:
    """Rows alike in `same` never hold on the same day; with `condition` those for which it is true.

    `same` comes first in the index: days alone, of a million rows, would find a twentieth of them for every row written.
    """
    return ExclusionConstraint(
        name=name,
        expressions=[
            *[(field, RangeOperators.EQUAL) for field in same],
            (HalfOpenDates(starts, ends, RangeBoundary()), RangeOperators.OVERLAPS),
        ],
        condition=condition,
        violation_error_message=message,
    )
