"""Setting and revising targets: one, or those of a table together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from facilities.models import Unit
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User
from rehab.numbers import format_date, format_number
from reports.actions.rows import each
from reports.enums import FigureScope
from reports.indicators import REGISTRY
from reports.models import Target, TargetRevision

MOST = Decimal(10) ** 9


@dataclass(frozen=True)
class Change:
    """One row of a table. `seen`: the newest revision that the person had before them (its id), None where there was none."""

    unit: Unit
    indicator: str
    scope: FigureScope
    value: Decimal
    months: tuple[Decimal, ...] = ()
    seen: int | None = None

    @property
    def key(self) -> tuple[int, str]:
        return self.unit.pk, self.indicator


@action
def revise_all(
    *, by: User | None, year: int, changes: Iterable[Change], in_force_on: date, reason: str
) -> list[TargetRevision]:
    """Set or revise the targets of a table with one date and reason, all or none; the audit has an event for each.

    Raises RowsRefused by (unit, indicator): what `revise` refuses, a target that somebody revised meanwhile, a date before
    the revision that is in force last.
    """
    rows = list(changes)
    newest: dict[tuple[int, str], list[TargetRevision]] = {}
    wanted = {"unit__in": {row.unit.pk for row in rows}, "indicator__in": {row.indicator for row in rows}}
    for target in Target.objects.select_for_update().filter(**wanted, year=year).prefetch_related("revisions__made_by"):
        newest[target.unit_id, target.indicator] = list(target.revisions.all())

    def write(row: Change) -> TargetRevision:
        _still_as_seen(newest.get(row.key, []), row.seen, in_force_on)
        return revise(
            by=by, unit=row.unit, indicator=row.indicator, year=year, scope=row.scope, value=row.value,
            months=row.months, in_force_on=in_force_on, reason=reason,
        )  # fmt: skip

    return each(rows, lambda row: row.key, write)


def _still_as_seen(revisions: list[TargetRevision], seen: int | None, in_force_on: date) -> None:
    """`revisions` in the order in which they come into force."""
    if not revisions:
        return
    newest = max(revisions, key=lambda revision: revision.pk)
    if newest.pk != seen:
        told = {"who": newest.made_by.name if newest.made_by else "Titian", "value": format_number(newest.value)}
        raise Refused(_("%(who)s has set this to %(value)s meanwhile. Look again, then save.") % told, code="outdated")
    if in_force_on < revisions[-1].in_force_on:
        told = {"day": format_date(revisions[-1].in_force_on)}
        raise Refused(_("A value is in force from %(day)s; choose that day or a later one.") % told)


@action
def revise(
    *,
    by: User | None,
    unit: Unit,
    indicator: str,
    year: int,
    scope: FigureScope,
    value: Decimal,
    in_force_on: date,
    reason: str,
    months: Sequence[Decimal] = (),
) -> TargetRevision:
    """Set a unit's target of a year, or revise it from a day on; earlier reports keep the one that was in force.

    `months`: twelve values that add up to `value`, or none. Raises Refused: an unknown indicator, a split that does not add
    up or that the indicator cannot have, a date after the year, no reason for a revision.
    """
    if indicator not in REGISTRY:
        raise Refused(_("There is no such indicator."), field="indicator")
    _check(indicator, year, value, months, in_force_on)
    target = Target.objects.select_for_update().filter(unit=unit, indicator=indicator, year=year).first()
    if target and not reason.strip():
        raise Refused(_("Say why the target is revised."), field="reason")
    if target is None:
        target = Target.objects.create(unit=unit, indicator=indicator, year=year, scope=scope)
    elif target.scope != scope:
        target.scope = scope
        target.save(update_fields=["scope"])
    revision = TargetRevision.objects.create(
        target=target, value=value, months=list(months), in_force_on=in_force_on, reason=reason.strip(), made_by=by
    )
    data = {"unit": unit.code, "indicator": indicator, "year": year, "scope": scope, "value": str(value)}
    audit.record("target.revised", by=by, subject=target, place=unit.code, reason=reason.strip(), data=data)
    return revision


def _check(indicator: str, year: int, value: Decimal, months: Sequence[Decimal], in_force_on: date) -> None:
    if not 0 <= value < MOST:
        raise Refused(_("A target is a number from zero up."), field="value")
    if in_force_on > date(year, 12, 31):
        raise Refused(_("The date lies after the year of the target."), field="in_force_on")
    if not months:
        return
    if not REGISTRY[indicator].adds_up:
        raise Refused(_("This indicator does not add up over months, so its target is not split."), field="months")
    if len(months) != 12 or any(part < 0 for part in months):
        raise Refused(_("A split has twelve months, none below zero."), field="months")
    if sum(months) != value:
        told = {"sum": format_number(sum(months)), "target": format_number(value)}
        raise Refused(_("The months add up to %(sum)s, the target is %(target)s.") % told, field="months")
