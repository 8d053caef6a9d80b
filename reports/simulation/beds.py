"""Beds room by room, at most of the facilities that declare any: at every time as many in use as are declared."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from facilities.enums import CapacityKind
from facilities.models import Bed, Capacity
from rehab.enums import Sex
from reports.simulation.plan import Plan

# Rooms have been recorded for two years; one facility in four has only said how many beds there are.
RECORDED_DAYS = 730
WITHOUT = 4
IN_A_ROOM = 4
_WARDS = {CapacityKind.BEDS_MALE: (Sex.MALE, "Putra"), CapacityKind.BEDS_FEMALE: (Sex.FEMALE, "Putri")}


def recorded_since(plan: Plan) -> date:
    return plan.today - timedelta(days=RECORDED_DAYS)


def build(plan: Plan, capacities: Iterable[Capacity]) -> None:
    """`capacities` of saved facilities, the earlier of a kind before the later."""
    Bed.objects.bulk_create(list(_beds(plan, capacities)), batch_size=5000)


def _beds(plan: Plan, capacities: Iterable[Capacity]) -> Iterator[Bed]:
    made: dict[tuple[int, str], int] = {}
    for row in capacities:
        facility, ward = row.facility, _WARDS.get(CapacityKind(row.kind))
        starts_on = max(row.starts_on, recorded_since(plan))
        gone = facility.closed_on is not None and facility.closed_on <= starts_on
        if ward is None or gone or int(facility.code[1:]) % WITHOUT == 0:
            continue
        sex, name = ward
        before = made.get((facility.pk, row.kind), 0)
        for number in range(before, row.places):
            yield Bed(
                facility=facility,
                room=f"{name} {number // IN_A_ROOM + 1}",
                label=str(number % IN_A_ROOM + 1),
                sex=sex,
                starts_on=starts_on,
                ends_on=facility.closed_on,
                end_reason="Ditutup (rekaan)" if facility.closed_on else "",
            )
        made[facility.pk, row.kind] = row.places
