"""All targets of a unit and year in one table: a row for each indicator, the year and its twelve months as cells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext as _

from facilities.models import Unit
from rehab.errors import Refused
from rehab.numbers import format_number
from reports.actions.rows import RowsRefused
from reports.actions.targets import Change
from reports.enums import FigureScope
from reports.forms.cells import CellField, SeenField, when_and_why
from reports.indicators import REGISTRY, Indicator
from reports.models import TargetRevision
from reports.queries import default_scope


@dataclass(frozen=True)
class Latest:
    """The value that comes into force last, and the newest revision of all (by which a later change is noticed)."""

    revision: TargetRevision
    newest: int


def latest_by_indicator(revisions: Iterable[TargetRevision]) -> dict[str, Latest]:
    """`revisions` of one unit and year, in the order in which they come into force."""
    found: dict[str, Latest] = {}
    for revision in revisions:
        before = found.get(revision.target.indicator)
        found[revision.target.indicator] = Latest(revision, max(revision.pk, before.newest if before else 0))
    return found


@dataclass(frozen=True)
class TableRow:
    """One indicator as the template shows it; no months for what does not add up over them."""

    indicator: Indicator
    year: forms.BoundField
    scope: forms.BoundField
    seen: forms.BoundField
    months: list[forms.BoundField]
    sum: Decimal | None


class TargetTable(forms.Form):
    """`changes` are the rows that say something else than what is in force last; valid only as a whole."""

    def __init__(self, *args: Any, unit: Unit, latest: Mapping[str, Latest], day: Any, scopes: bool, **options: Any):
        super().__init__(*args, **options)
        self.unit, self.latest, self.scopes = unit, latest, scopes
        self.changes: list[Change] = []
        self.fields.update(when_and_why(day))
        for indicator in REGISTRY.values():
            self._add(indicator, latest.get(indicator.key))

    def _add(self, indicator: Indicator, latest: Latest | None) -> None:
        key, last = indicator.key, latest.revision if latest else None
        scope = forms.ChoiceField(
            required=False,
            choices=FigureScope.choices,
            initial=last.target.scope if last else default_scope(self.unit.kind),
            label=_("%(indicator)s: means") % {"indicator": indicator.title},
            widget=forms.Select(attrs={"class": "form-select form-select-sm"}) if self.scopes else forms.HiddenInput,
        )
        scope.widget.attrs["aria-label"] = scope.label
        self.fields[f"{key}-scope"] = scope
        self.fields[f"{key}-seen"] = SeenField()
        self.fields[f"{key}-seen"].initial = latest.newest if latest else None
        self.fields[f"{key}-year"] = CellField(
            label=f"{indicator.title}, {_('Year')}", role="whole", initial=last.value if last else None
        )
        for number in range(1, 13) if indicator.adds_up else ():
            self.fields[f"{key}-{number}"] = CellField(
                label=f"{indicator.title}, {MONTHS[number]}",
                short=MONTHS_3[number],
                role="part",
                initial=last.months[number - 1] if last and last.months else None,
            )

    def rows(self) -> list[TableRow]:
        return [self._row(indicator) for indicator in REGISTRY.values()]

    def _row(self, indicator: Indicator) -> TableRow:
        key, latest = indicator.key, self.latest.get(indicator.key)
        months = [self[name] for name in self._months(indicator)]
        split = latest.revision.months if latest else ()
        return TableRow(
            indicator, self[f"{key}-year"], self[f"{key}-scope"], self[f"{key}-seen"], months, sum(split, Decimal(0)) if split else None
        )  # fmt: skip

    @staticmethod
    def _months(indicator: Indicator) -> list[str]:
        return [f"{indicator.key}-{number}" for number in range(1, 13)] if indicator.adds_up else []

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self.changes = [change for indicator in REGISTRY.values() if (change := self._change(indicator, values))]
        if not self.errors and not self.changes:
            raise forms.ValidationError(_("Nothing has been changed in the table."))
        return values

    def _change(self, indicator: Indicator, values: Mapping[str, Any]) -> Change | None:
        """None for a row that is empty, unchanged, or refused (its cells say why)."""
        key, latest = indicator.key, self.latest.get(indicator.key)
        cells = [f"{key}-year", f"{key}-scope", f"{key}-seen", *self._months(indicator)]
        if any(name in self.errors for name in cells):
            return None
        given = [values.get(name) for name in self._months(indicator)]
        # Empty months beside filled ones are zero; no month filled means no split.
        months = tuple(part or Decimal(0) for part in given) if any(part is not None for part in given) else ()
        value = values.get(f"{key}-year")
        if value is None and months:
            value = sum(months, Decimal(0))
        if value is None:
            if latest:
                self.add_error(f"{key}-year", _("A target cannot be taken back; write 0 where nothing is aimed at."))
            return None
        if months and sum(months) != value:
            told = {"sum": format_number(sum(months)), "target": format_number(value)}
            self.add_error(f"{key}-year", _("The months add up to %(sum)s, the target is %(target)s.") % told)
            return None
        change = Change(
            self.unit, key, FigureScope(values[f"{key}-scope"] or self.fields[f"{key}-scope"].initial), value, months, values.get(f"{key}-seen")
        )  # fmt: skip
        return None if latest and same(change, latest.revision) else change

    def refuse(self, refusal: Refused) -> None:
        """What the action refused, told beside the cells it concerns."""
        if not isinstance(refusal, RowsRefused):
            return refusal.add_to(self)
        for (_unit, indicator), row in refusal.rows.items():
            shared = row.field if row.field in ("in_force_on", "reason") else None
            if shared is None or row.message not in self.errors.get(shared, []):
                self.add_error(shared or f"{indicator}-year", row)
        return None


def same(change: Change, revision: TargetRevision) -> bool:
    said = (change.scope.value, change.value, change.months)
    return said == (revision.target.scope, revision.value, tuple(revision.months))
