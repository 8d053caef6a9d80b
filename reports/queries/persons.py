"""How many persons stand behind the members of an indicator: one who was served twice is one person."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count

from clients.models import Person
from facilities.models import Facility, Unit
from rehab.periods import Period
from reports.enums import FigureScope
from reports.indicators import Indicator
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
    if not indicator.person_path:
        return None
    found = members(indicator, place, period, scope, today=today, units=units).order_by()
    try:
        sql, params = found.values_list("person").annotate(number=Count("pk")).query.sql_with_params()
    except EmptyResultSet:
        return PersonRange(0, 0, 0)
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(by_person=sql), params)
        number, most, known = cursor.fetchone()
    return PersonRange(int(number), max(known, min(most, 1)), most)


# Members are read once, and added up by person before anything is asked about those.
_SQL = f"""
    SELECT COALESCE(sum(m.number), 0), count(p.id), count(*) FILTER (WHERE p.has_nik)
    FROM ({{by_person}}) m(person, number) LEFT JOIN {Person._meta.db_table} p ON p.id = m.person
"""
