"""The places whose figures a person may see: units, or the facility one works at. Outsiders get 404."""

from collections.abc import Callable, Iterable

from django.http import Http404

from facilities.access import can, facility_ids, unit_ids
from facilities.models import Facility, Unit
from rehab.models import User
from rehab.periods import FIRST_YEAR, LAST_YEAR, Period, year
from rehab.roles import Permission
from reports.queries import Units
from reports.queries.tree import Node

FIGURES = Permission.SEE_FIGURES


def place_for(user: User, code: str, permission: Permission = FIGURES) -> Unit | Facility:
    """The unit or facility of that code, for a person who holds the permission there. One query, or none at one's own post.

    Another facility's page is for those who may open its members: to others a number under 5 is hidden in the unit's
    table, and would stand here in full.
    """
    reach = {Unit: unit_ids(user, permission), Facility: facility_ids(user, permission)}
    own = getattr(getattr(user, "active_post", None), "place", None)
    if own is not None and own.code == code and own.pk in reach[type(own)]:
        return own
    unit = Unit.objects.filter(code=code, pk__in=reach[Unit]).first()
    openable = reach[Facility] & facility_ids(user, Permission.SEE_MEMBERS)
    found = unit or Facility.objects.filter(code=code, pk__in=openable).select_related("unit", "region").first()
    if found is None:
        raise Http404
    return found


def year_of(number: int) -> Period:
    """The year; 404 for one that no figure can be of."""
    if not FIRST_YEAR < number < LAST_YEAR:
        raise Http404
    return year(number)


def may_open_members(user: User, place: Unit | Facility) -> bool:
    return can(user, Permission.SEE_MEMBERS, place)


def knows(user: User) -> Callable[[int | None, int | None], bool]:
    """Whether the person may know the client of a row at this facility, counted for this unit: code and page, as the client's
    own page has it."""
    at, of = facility_ids(user, Permission.SEE_CLIENTS), unit_ids(user, Permission.SEE_CLIENTS)
    return lambda facility, unit: facility in at or unit in of


def choices(user: User, place: Unit | Facility, units: Units) -> list[Node]:
    """Units that the picker offers: those above, beside and below, as far as the person reaches."""
    if isinstance(place, Facility):
        return []
    reach, known = unit_ids(user, FIGURES), units.latest()
    above, current = set(), known.get(place.pk)
    while current is not None and current.id not in above:
        above.add(current.id)
        current = known.get(current.parent) if current.parent else None
    beside = {node.id for node in known.values() if node.parent in {place.pk, place.parent_id} and node.parent}
    return _sorted(known[unit] for unit in (above | beside | {place.pk}) & reach if unit in known)


def _sorted(nodes: Iterable[Node]) -> list[Node]:
    order = {"bnn": 0, "bnnp": 1, "bnnk": 2}
    return sorted(nodes, key=lambda node: (order.get(node.kind, 3), node.code))
