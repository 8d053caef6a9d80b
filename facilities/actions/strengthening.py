"""What a unit does to strengthen an institution (penguatan lembaga)."""

from datetime import date

from facilities.actions.checks import believable, clean
from facilities.models import Facility, Strengthening, Unit
from rehab import audit
from rehab.actions import action
from rehab.models import User


@action
def record(
    *, by: User | None, facility: Facility, unit: Unit, held_on: date, kind: str, note: str = ""
) -> Strengthening:
    """One activity given by `unit`; counted once a year for each institution, on the first."""
    believable(held_on, "held_on", today=unit.local_date())
    row = Strengthening(facility=facility, unit=unit, held_on=held_on, kind=kind, note=note.strip(), recorded_by=by)
    clean(row, ["kind", "note"])
    row.save()
    audit.record("strengthening.recorded", by=by, subject=row, data={"facility": facility.code, "unit": unit.code})
    return row
