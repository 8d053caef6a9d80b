"""Keeping the register: a facility comes, changes, closes and opens again."""

import re
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _

from facilities.actions import recounts
from facilities.actions.checks import believable, clean, ordered, reason_given
from facilities.models import Facility, FacilityTerm, Region, Unit
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User

# Dated facts have their own action (terms.change); closing has `close`; the rest is edited as it stands.
DATED = ("unit", "ownership", "is_operational", "offers_aftercare")
EDITABLE = (
    "name", "kind", "kind_note", "owner", "region", "address", "latitude", "longitude", "phone", "email",
    "person_in_charge", "licence_number", "licence_issuer", "licence_until", "deed_number", "npwp", "sni_certificate",
    "approaches", "services", "payers", "programme_months", "tariff", "note", "opened_on",
)  # fmt: skip
_CODE_LOCK = 74_021
_CODE = re.compile(r"F([0-9]{5})\Z")


class Outdated(Refused):
    """Someone saved the facility after this person opened the form; `facility` is what stands there now."""

    def __init__(self, facility: Facility):
        super().__init__(_("Someone saved this facility while you were editing it."), code="outdated")
        self.facility = facility


@action
def register(
    *, by: User | None, name: str, kind: str, owner: str, ownership: str, unit: Unit, region: Region, **facts: Any
) -> Facility:
    """Add a facility; `facts` are fields of EDITABLE and the flags. `by=None` is Titian itself (an import).

    Its supervision, ownership and flags are taken to hold since it opened, or since its unit exists.
    """
    _known(facts, (*EDITABLE, *DATED))
    facility = Facility(name=name, kind=kind, owner=owner, ownership=ownership, unit=unit, region=region, **facts)
    clean(facility, (*EDITABLE, *DATED))
    believable(facility.opened_on, "opened_on", today=facility.local_date())
    believable(facility.licence_until, "licence_until")
    facility.code = _next_code()
    facility.save()
    FacilityTerm.objects.create(
        facility=facility,
        starts_on=facility.opened_on or unit.starts_on,
        **{field: getattr(facility, field) for field in DATED},
    )
    audit.record("facility.registered", by=by, subject=facility, place=unit.code)
    return facility


@action
def edit(*, by: User, facility: Facility, version: int, **facts: Any) -> Facility:
    """Change fields of EDITABLE. Raises Outdated when `version` is not the one that stands there now."""
    _known(facts, EDITABLE)
    held = Facility.objects.select_for_update().get(pk=facility.pk)
    if held.version != version:
        raise Outdated(held)
    changed = [field for field, value in facts.items() if getattr(held, field) != value]
    if not changed:
        return held
    for field in changed:
        setattr(held, field, facts[field])
    clean(held, changed)
    believable(held.opened_on, "opened_on", today=held.local_date())
    believable(held.licence_until, "licence_until")
    ordered(held.opened_on, held.closed_on, "opened_on")
    held.version += 1
    held.save(update_fields=[*changed, "version"])
    if "opened_on" in changed and held.opened_on:
        _reach_back(held)
    audit.record("facility.edited", by=by, subject=held, data={"fields": sorted(changed)})
    return held


@action
def close(*, by: User, facility: Facility, closed_on: date, reason: str) -> Facility:
    """From `closed_on` on it serves nobody. Its past, its terms and its people's posts stay as they are."""
    held = Facility.objects.select_for_update().get(pk=facility.pk)
    if held.closed_on:
        raise Refused(_("This facility is closed already."))
    reason = reason_given(reason)
    believable(closed_on, "closed_on", today=held.local_date())
    if held.opened_on and closed_on < held.opened_on:
        raise Refused(_("It cannot close before it opened."), field="closed_on")
    return _set_closed(by, held, closed_on, reason, "facility.closed")


@action
def reopen(*, by: User, facility: Facility, reason: str) -> Facility:
    held = Facility.objects.select_for_update().get(pk=facility.pk)
    if not held.closed_on:
        raise Refused(_("This facility is open already."))
    return _set_closed(by, held, None, reason_given(reason), "facility.reopened")


def _set_closed(by: User, held: Facility, closed_on: date | None, reason: str, verb: str) -> Facility:
    held.closed_on, held.closed_reason = closed_on, reason if closed_on else ""
    held.version += 1
    clean(held, ["closed_reason"])
    held.save(update_fields=["closed_on", "closed_reason", "version"])
    audit.record(
        verb, by=by, subject=held, reason=reason, data={"closed_on": closed_on.isoformat() if closed_on else None}
    )
    return held


def _reach_back(facility: Facility) -> None:
    """A facility known to have opened earlier had its first supervision since then."""
    first = facility.terms.order_by("starts_on").first()
    if first and facility.opened_on and facility.opened_on < first.starts_on:
        first.starts_on = facility.opened_on
        first.save(update_fields=["starts_on"])
        recounts.ask(facility, facility.opened_on)


def _known(facts: dict[str, Any], allowed: tuple[str, ...]) -> None:
    unknown = set(facts) - set(allowed)
    if unknown:
        raise TypeError(f"not a fact of a facility that is set here: {', '.join(sorted(unknown))}")


def _next_code() -> str:
    """The next free `F00001`, one at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CODE_LOCK])
    last = Facility.objects.filter(code__regex=_CODE.pattern.replace(r"\Z", "$")).aggregate(last=Max("code"))["last"]
    return f"F{int(last[1:]) + 1 if last else 1:05d}"
