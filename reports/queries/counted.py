"""Members as a report keeps them: what was counted, by source and id, with the values that it was counted by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from facilities.models import Unit
from rehab.periods import Period
from reports.enums import FigureScope
from reports.indicators import Indicator, Rules
from reports.indicators.definition import FACILITY, ON, UNIT
from reports.queries.members import members
from reports.queries.tree import Units


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
    """One query."""
    found = members(indicator, unit, period, scope, units=units, rules=rules)
    columns = (UNIT, *indicator.columns)
    for source_id, code, person, facility, on, *values in found.values_list(
        indicator.source_path, "member_code", "person", FACILITY, ON, *columns
    ).iterator(chunk_size=2000):
        told = dict(zip(("unit", *indicator.columns), values, strict=True))
        yield Counted(indicator.source, source_id, code, person, facility, on, told)
