"""The tree of units over time."""

from datetime import date

from django.utils.translation import gettext as _

from facilities.actions.checks import believable, clean, ordered, reason_given
from facilities.enums import UnitKind
from facilities.models import Region, Unit, UnitTerm
from facilities.queries import descendants
from rehab import audit
from rehab.actions import action
from rehab.enums import zone_of_province
from rehab.errors import Refused
from rehab.models import User


@action
def create(*, by: User | None, region: Region, name: str, parent: Unit, starts_on: date, address: str = "") -> Unit:
    """A BNNK of a regency or city under a BNNP. Its code follows from the region."""
    believable(starts_on, "starts_on")
    if parent.kind != UnitKind.BNNP or region.code[:2] != parent.code.removeprefix("BNNP-"):
        raise Refused(_("A BNNK belongs under the BNNP of its province."), field="region")
    if starts_on < parent.starts_on:
        raise Refused(_("%(unit)s did not exist on that day.") % {"unit": parent}, field="starts_on")
    if Unit.objects.filter(code=f"BNNK-{region.code}").exists():
        raise Refused(_("The BNNK of this regency or city is registered already."), field="region")
    unit = Unit(
        code=f"BNNK-{region.code}", kind=UnitKind.BNNK, name=name.strip(), parent=parent, region=region,
        zone=zone_of_province(region.code), address=address.strip(), starts_on=starts_on,
    )  # fmt: skip
    clean(unit, ["name", "address"])
    unit.save()
    UnitTerm.objects.create(unit=unit, name=unit.name, parent=parent, starts_on=starts_on)
    audit.record("unit.created", by=by, subject=unit, place=unit.code)
    return unit


@action
def rename(*, by: User, unit: Unit, name: str, from_on: date, reason: str) -> UnitTerm:
    return _next_term(by, unit, from_on, name=name.strip(), reason=reason, verb="unit.renamed")


@action
def move(*, by: User, unit: Unit, parent: Unit, from_on: date, reason: str) -> UnitTerm:
    """The unit belongs under another one from a day on. A BNNK only ever moves to a BNNP, and nothing below itself.

    Its own figures stay its own; those of the tree follow, for periods that end on that day or later.
    """
    if parent.pk in descendants([unit.pk], on=from_on)[unit.pk]:
        raise Refused(_("A unit cannot stand below itself."), field="parent")
    if unit.kind != UnitKind.BNNK or parent.kind != UnitKind.BNNP:
        raise Refused(_("Only a BNNK moves, and only to a BNNP."), field="parent")
    if from_on < parent.starts_on or (parent.ends_on and from_on >= parent.ends_on):
        raise Refused(_("%(unit)s did not exist on that day.") % {"unit": parent}, field="parent")
    return _next_term(by, unit, from_on, parent=parent, reason=reason, verb="unit.moved")


@action
def close(*, by: User, unit: Unit, ends_on: date, reason: str) -> Unit:
    """The unit no longer exists from `ends_on` on. Refused while it still supervises facilities or has units below it."""
    reason = reason_given(reason)
    held = Unit.objects.select_for_update().get(pk=unit.pk)
    believable(ends_on, "ends_on", today=held.local_date())
    ordered(held.starts_on, ends_on, "ends_on")
    if held.ends_on:
        raise Refused(_("This unit is closed already."))
    if held.facilities.open_on(ends_on).exists():
        raise Refused(_("This unit still supervises open facilities. Give them to another unit first."))
    if UnitTerm.objects.filter(parent=held, ends_on=None).exists():
        raise Refused(_("There are still units below this one."))
    UnitTerm.objects.filter(unit=held, ends_on=None).update(ends_on=ends_on)
    held.ends_on = ends_on
    held.save(update_fields=["ends_on"])
    audit.record("unit.closed", by=by, subject=held, reason=reason, data={"ends_on": ends_on.isoformat()})
    return held


def _next_term(
    by: User, unit: Unit, from_on: date, *, name: str | None = None, parent: Unit | None = None, reason: str, verb: str
) -> UnitTerm:
    """What is not given stays as it is."""
    reason = reason_given(reason)
    held = Unit.objects.select_for_update().get(pk=unit.pk)
    believable(from_on, "from_on", today=held.local_date())
    running = held.terms.filter(ends_on=None).first()
    if running is None:
        raise Refused(_("This unit is closed already."))
    if from_on <= running.starts_on:
        raise Refused(_("The present name and place in the tree began on that day or after it."), field="from_on")
    held.name, held.parent = held.name if name is None else name, parent or held.parent
    if (held.name, held.parent) == (running.name, running.parent):
        raise Refused(_("Nothing is different from what holds already."))
    clean(held, ["name"])
    running.ends_on = from_on
    running.save(update_fields=["ends_on"])
    held.save(update_fields=["name", "parent"])
    term = UnitTerm(unit=held, name=held.name, parent=held.parent, starts_on=from_on, given_by=by, reason=reason)
    clean(term, ["reason"])
    term.save()
    data = {"name": held.name, "parent": held.parent and held.parent.code, "from": from_on.isoformat()}
    audit.record(verb, by=by, subject=held, reason=reason, data=data)
    return term
