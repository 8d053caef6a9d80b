"""Members as a report keeps them: what was counted, by source and id, with the values that it was counted by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from facilities.models import Facility, Unit
from rehab.periods import Period
from reports.enums import FigureScope
from reports.indicators import Indicator, MemberKind, Rules
from reports.indicators.definition import FACILITY, ON, UNIT
from reports.queries.members import members
from reports.queries.tree import Units

_FACILITY = Facility._meta.label_lower


@dataclass(frozen=True)
class Counted:
    """`values`: the unit it counts for, and the breakdown columns."""

    source: str
    source_id: int
    code: str | None
    person_id: int | None
    facility_id: int | None
    on: date
    values: dict[str, int | str | None]

    @property
    def key(self) -> tuple[str, int]:
        return self.source, self.source_id


def counted_members(
    indicator: Indicator, unit: Unit, period: Period, scope: FigureScope, units: Units, rules: Rules
) -> Iterator[Counted]:
    """One query. A facility is kept as itself, not as the row that tells of it: a late entry may change that row."""
    found = members(indicator, unit, period, scope, units=units, rules=rules)
    columns = (UNIT, *indicator.columns)
    source = found.model._meta.label_lower
    for pk, code, person, facility, on, *values in found.values_list(
        "pk", "member_code", "person", FACILITY, ON, *columns
    ).iterator(chunk_size=2000):
        told = dict(zip(("unit", *indicator.columns), values, strict=True))
        if indicator.member_kind is MemberKind.FACILITY:
            yield Counted(_FACILITY, facility, code, person, facility, on, told)
        else:
            yield Counted(source, pk, code, person, facility, on, told)
