"""Units and facilities together, as the places where a post is held."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.db.models import Value
from django.utils.choices import BaseChoiceIterator

from facilities.access import facility_ids, nationwide, unit_ids
from facilities.models import Facility, Unit
from rehab.models import User
from rehab.roles import Permission

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Choices = list[tuple["StrOrPromise", list[tuple[str, str]]]]


class AsTheyAre(BaseChoiceIterator):
    """Choices that are pairs and groups already: a form would look at each of the hundreds of places to make sure."""

    def __init__(self, choices: Iterable[tuple["StrOrPromise", object]]):
        self.choices = list(choices)

    def __iter__(self) -> Iterator[tuple["StrOrPromise", object]]:
        return iter(self.choices)


def choices(user: User, units_label: "StrOrPromise", facilities_label: "StrOrPromise") -> Choices:
    """(code, name) of every place where `user` keeps people, units before facilities. One query."""
    units, facilities = Unit.objects.filter(ends_on=None), Facility.objects.filter(closed_on=None)
    if not nationwide(user, Permission.MANAGE_PEOPLE):
        units = units.filter(pk__in=unit_ids(user, Permission.MANAGE_PEOPLE))
        facilities = facilities.filter(pk__in=facility_ids(user, Permission.MANAGE_PEOPLE))
    columns = ("what", "code", "name")
    rows = units.annotate(what=Value("unit")).order_by().values_list(*columns)
    rows = rows.union(facilities.annotate(what=Value("facility")).order_by().values_list(*columns), all=True)
    found: dict[str, list[tuple[str, str]]] = {"unit": [], "facility": []}
    for what, code, name in rows:
        found[what].append((code, name))
    by_name = sorted(found["facility"], key=lambda place: place[1].lower())
    return [(units_label, sorted(found["unit"])), (facilities_label, by_name)]


def place_of(code: str) -> Unit | Facility | None:
    """The unit or facility of this code; their codes never look alike."""
    return Unit.objects.filter(code=code).first() or Facility.objects.filter(code=code).first()
