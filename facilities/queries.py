"""Reads of the register in the domain's words."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from facilities.models import FacilityTerm, UnitTerm


def descendants(unit_ids: Iterable[int], *, on: date) -> dict[int, set[int]]:
    """For each unit: itself and all units below it, by the tree of that day. One query."""
    roots = list(unit_ids)
    if not roots:
        return {}
    children: dict[int | None, list[int]] = {}
    held = UnitTerm.objects.filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gt=on))
    for unit, parent in held.values_list("unit_id", "parent_id"):
        children.setdefault(parent, []).append(unit)
    found = {}
    for root in roots:
        reached, waiting = set(), [root]
        while waiting:
            unit = waiting.pop()
            reached.add(unit)
            waiting.extend(child for child in children.get(unit, ()) if child not in reached)
        found[root] = reached
    return found


def term_on(facility_id: int, day: date) -> FacilityTerm | None:
    """Supervision, ownership and flags of a facility on a day."""
    held = FacilityTerm.objects.filter(facility_id=facility_id, starts_on__lte=day)
    return held.filter(Q(ends_on=None) | Q(ends_on__gt=day)).select_related("unit").first()
