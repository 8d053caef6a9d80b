"""Supervision, ownership and flags of a facility over time.

A change from a day on leaves the days before it alone. A correction says that what was recorded was never true. Either way
the floors above count again what lies on the days it touches: `recounts` tells them.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from facilities.actions import recounts
from facilities.actions.checks import believable, clean, reason_given
from facilities.actions.facilities import DATED
from facilities.models import Facility, FacilityTerm, Unit
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@dataclass(frozen=True)
class Values:
    """What holds for a facility during a term."""

    unit: Unit
    ownership: str
    is_operational: bool
    offers_aftercare: bool

    @classmethod
    def of(cls, row: Facility | FacilityTerm) -> "Values":
        return cls(**{field: getattr(row, field) for field in DATED})


@action
def change(*, by: User, facility: Facility, from_on: date, values: Values, reason: str = "") -> FacilityTerm:
    """`values` hold from `from_on` on: the running term ends there and a new one begins; no earlier term is touched."""
    held = Facility.objects.select_for_update().get(pk=facility.pk)
    believable(from_on, "from_on", today=held.local_date())
    _unit_exists(values.unit, from_on, None)
    running = held.terms.order_by("starts_on").last()
    if running is not None and Values.of(running) == values:
        raise Refused(_("Nothing is different from what holds already."))
    if running is not None and from_on <= running.starts_on:
        raise Refused(
            _("What holds now began on that day or after it. Choose a later day, or correct that term instead."),
            field="from_on",
        )
    if running is not None:
        running.ends_on = from_on
        running.save(update_fields=["ends_on"])
    term = FacilityTerm(facility=held, starts_on=from_on, **_as_fields(values))
    clean(term, DATED)
    term.save()
    _keep_today(held, values)
    recounts.ask(held, from_on)
    audit.record(
        "facility.term_changed", by=by, subject=held, reason=reason, data=_said(values) | {"from": from_on.isoformat()}
    )
    return term


@action
def correct(*, by: User, term: FacilityTerm, values: Values, reason: str) -> FacilityTerm:
    """What was recorded for the term was wrong from its first day. Needs a reason."""
    reason = reason_given(reason)
    held = Facility.objects.select_for_update().get(pk=term.facility_id)
    term = FacilityTerm.objects.get(pk=term.pk)
    if Values.of(term) == values:
        raise Refused(_("Nothing is different from what holds already."))
    _unit_exists(values.unit, term.starts_on, term.ends_on)
    before = _said(Values.of(term))
    for field, value in _as_fields(values).items():
        setattr(term, field, value)
    clean(term, DATED)
    term.save()
    if term.ends_on is None:
        _keep_today(held, values)
    recounts.ask(held, term.starts_on)
    data = {"before": before, "after": _said(values), "from": term.starts_on.isoformat()}
    audit.record("facility.term_corrected", by=by, subject=held, reason=reason, data=data)
    return term


def _keep_today(facility: Facility, values: Values) -> None:
    for field, value in _as_fields(values).items():
        setattr(facility, field, value)
    facility.version += 1
    facility.save(update_fields=[*DATED, "version"])


def _unit_exists(unit: Unit, first: date, end: date | None) -> None:
    if first < unit.starts_on or (unit.ends_on and (end is None or end > unit.ends_on)):
        raise Refused(_("%(unit)s does not exist on all of these days.") % {"unit": unit}, field="unit")


def _as_fields(values: Values) -> dict:
    return {field: getattr(values, field) for field in DATED}


def _said(values: Values) -> dict:
    return _as_fields(values) | {"unit": values.unit.code}
