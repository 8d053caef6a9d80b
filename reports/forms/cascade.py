"""One indicator's target shared out over the units directly below: a cell for each that the person may set targets for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.models import Unit
from rehab.errors import Refused
from reports.actions.rows import RowsRefused
from reports.actions.targets import Change
from reports.enums import FigureScope
from reports.forms.cells import CellField, SeenField, when_and_why
from reports.forms.target_table import Latest
from reports.forms.targets import NumberField
from reports.queries.cascade import Gap, PartTarget, sums_over_units
from reports.shares import shares


class Way(StrEnum):
    """How a proposal shares the whole out."""

    EVEN = "rata"
    LAST_YEAR = "tahun-lalu"
    SAME = "sama"


class ProposalForm(forms.Form):
    """What is shared out, and how; it only fills the table in."""

    total = NumberField(label=gettext_lazy("To be shared out"))
    way = forms.ChoiceField(
        label=gettext_lazy("How"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, adds: bool, **options: Any):
        super().__init__(*args, **options)
        even = [(Way.EVEN, _("evenly")), (Way.LAST_YEAR, _("by what was reached last year"))]
        cast(forms.ChoiceField, self.fields["way"]).choices = even if adds else [(Way.SAME, _("the same for all"))]
        self.fields["total"].widget.attrs["class"] = "form-control"

    def clean_total(self) -> Decimal:
        total = self.cleaned_data["total"]
        if not 0 <= total < 10**9:
            raise forms.ValidationError(_("A target is a number from zero up."))
        return total


def proposed(gap: Gap, way: Way, total: Decimal, last_years: Mapping[int, Decimal | int]) -> dict[int, Decimal]:
    """The target for each unit below; what units below *it* carry already is taken off its share, never below zero."""
    if way is Way.SAME:
        return {part.node.id: total for part in gap.parts}
    weights = [last_years.get(part.node.id, 0) if way is Way.LAST_YEAR else 1 for part in gap.parts]
    whole = shares(total, weights)
    return {
        part.node.id: max(share - part.below, Decimal(0)) for part, share in zip(gap.parts, whole, strict=True)
    }  # fmt: skip


@dataclass(frozen=True)
class CascadeRow:
    """A unit below as the template shows it; no cell where the person may not set its target."""

    part: PartTarget
    last_year: Decimal | int | None
    cell: forms.BoundField | None
    seen: forms.BoundField | None


class CascadeForm(forms.Form):
    """`changes` are the units whose target becomes another one."""

    scope = forms.ChoiceField(
        label=gettext_lazy("A new target means"),
        choices=FigureScope.choices,
        initial=FigureScope.OWN,
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text=gettext_lazy("A unit that has a target keeps its meaning."),
    )

    def __init__(
        self, *args: Any, gap: Gap, units: Collection[Unit], latest: Mapping[int, Latest], day: Any,
        values: Mapping[int, Decimal] | None = None, **options: Any,
    ):  # fmt: skip
        super().__init__(*args, **options)
        self.gap, self.latest, self.units = gap, latest, {unit.pk: unit for unit in units}
        self.changes: list[Change] = []
        self.fields = when_and_why(day) | self.fields
        for part in gap.parts:
            if part.node.id in self.units:
                self._add(part, values or {})

    def _add(self, part: PartTarget, values: Mapping[int, Decimal]) -> None:
        latest = self.latest.get(part.node.id)
        now = latest.revision.value if latest else None
        role = "part" if sums_over_units(self.gap.indicator) else ""
        self.fields[f"u{part.node.id}"] = CellField(
            label=part.node.name, short=_("Target"), role=role, initial=values.get(part.node.id, now)
        )  # fmt: skip
        self.fields[f"u{part.node.id}-seen"] = SeenField()
        self.fields[f"u{part.node.id}-seen"].initial = latest.newest if latest else None

    def rows(self, last_years: Mapping[int, Decimal | int]) -> list[CascadeRow]:
        return [
            CascadeRow(
                part,
                last_years.get(part.node.id),
                self[f"u{part.node.id}"] if part.node.id in self.units else None,
                self[f"u{part.node.id}-seen"] if part.node.id in self.units else None,
            )
            for part in self.gap.parts
        ]

    @property
    def fixed(self) -> Decimal:
        """What the sum of the cells has to be added to: what lower units carry, and units out of the person's reach."""
        return sum(
            (part.below if part.node.id in self.units else part.covers or Decimal(0) for part in self.gap.parts),
            Decimal(0),
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for pk in self.units:
            value, latest = values.get(f"u{pk}"), self.latest.get(pk)
            if value is None and latest and f"u{pk}" not in self.errors:
                self.add_error(f"u{pk}", _("A target cannot be taken back; write 0 where nothing is aimed at."))
        self.changes = [change for pk in self.units if (change := self._change(pk, values))]
        if not self.errors and not self.changes:
            raise forms.ValidationError(_("Nothing has been changed in the table."))
        return values

    def _change(self, pk: int, values: Mapping[str, Any]) -> Change | None:
        value, latest = values.get(f"u{pk}"), self.latest.get(pk)
        if value is None or f"u{pk}-seen" in self.errors or (latest and latest.revision.value == value):
            return None
        scope = latest.revision.target.scope if latest else values.get("scope") or FigureScope.OWN
        # A split that was there keeps its shape.
        months = tuple(shares(value, latest.revision.months)) if latest and latest.revision.months else ()
        indicator = self.gap.indicator.key
        return Change(self.units[pk], indicator, FigureScope(scope), value, months, values.get(f"u{pk}-seen"))

    def refuse(self, refusal: Refused) -> None:
        """What the action refused, told beside the cells it concerns."""
        if not isinstance(refusal, RowsRefused):
            return refusal.add_to(self)
        for (unit, _indicator), row in refusal.rows.items():
            shared = row.field if row.field in ("in_force_on", "reason") else None
            if shared is None or row.message not in self.errors.get(shared, []):
                self.add_error(shared or f"u{unit}", row)
        return None
