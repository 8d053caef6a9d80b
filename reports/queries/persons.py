"""How many persons stand behind the members of an indicator: one who was served twice is one person."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from clients.models import Person
from facilities.models import Facility, Unit
from rehab.periods import Period
from reports.enums import FigureScope
from reports.indicators import Indicator, MemberKind
from reports.queries.members import members
from reports.queries.tree import Units


@dataclass(frozen=True)
class PersonRange:
    """Who has a NIK is told apart from everybody else. Who has none may be one of the others: the number is a range."""

    members: int
    at_least: int
    at_most: int

    @property
    def is_exact(self) -> bool:
        return self.at_least == self.at_most


def persons(
    place: Unit | Facility,
    period: Period,
    scope: FigureScope | None,
    indicator: Indicator,
    *,
    today: date | None = None,
    units: Units | None = None,
) -> PersonRange | None:
    """The persons of a place in a period; None for an indicator whose members are no people. One query beside those of
    `members`. At most: all persons, links taken as they stand. At least: those with a NIK, and one where there is none."""
    if indicator.member_kind is MemberKind.FACILITY:
        return None
    found = members(indicator, place, period, scope, today=today, units=units).order_by()
    everyone = Person.objects.filter(pk__in=found.values("person"))
    counted = everyone.aggregate(most=Count("pk"), known=Count("pk", filter=Q(has_nik=True)))
    most, known = counted["most"], counted["known"]
    return PersonRange(found.count(), max(known, min(most, 1)), most)
