"""Units and facilities together, as the places where a post is held."""

from facilities.access import facility_ids, unit_ids
from facilities.models import Facility, Unit
from rehab.models import User
from rehab.roles import Permission

Choices = list[tuple[str, list[tuple[str, str]]]]


def choices(user: User, units_label: str, facilities_label: str) -> Choices:
    """(code, name) of every place where `user` keeps people, units before facilities. Two queries."""
    units = Unit.objects.filter(pk__in=unit_ids(user, Permission.MANAGE_PEOPLE), ends_on=None)
    places = Facility.objects.filter(pk__in=facility_ids(user, Permission.MANAGE_PEOPLE), closed_on=None)
    return [
        (units_label, list(units.values_list("code", "name"))),
        (facilities_label, list(places.order_by("name").values_list("code", "name"))),
    ]


def place_of(code: str) -> Unit | Facility | None:
    """The unit or facility of this code; their codes never look alike."""
    return Unit.objects.filter(code=code).first() or Facility.objects.filter(code=code).first()
