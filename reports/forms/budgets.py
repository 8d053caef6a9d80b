"""The activities of a unit and year in one table: ceilings and spending by semester, with room for new ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from rehab.errors import Refused
from reports.actions.budgets import MOST, Line, When
from reports.actions.rows import RowsRefused
from reports.enums import Half
from reports.forms.cells import CellField, SeenField, as_of_field, when_and_why
from reports.indicators import REGISTRY
from reports.queries.budgets import Activity

NEW_ROWS = 5
AMOUNTS = ("first_half", "second_half", "spent_1", "spent_2")
SHARED = ("in_force_on", "reason", "as_of")


@dataclass(frozen=True)
class BudgetRow:
    """One activity as the template shows it: `kept` is None for a new one; its cells are read as `row.first_half`."""

    prefix: str
    kept: Activity | None
    form: forms.Form

    def __getitem__(self, name: str) -> forms.BoundField:
        return self.form[f"{self.prefix}-{name}"]

    @property
    def hidden(self) -> list[forms.BoundField]:
        return [self[name] for name in ("seen", "edit_1", "edit_2")]


class BudgetTable(forms.Form):
    """`lines` are the activities that were filled in; the action saves those that differ."""

    def __init__(self, *args: Any, kept: Iterable[Activity], day: Any, today: Any, **options: Any):
        super().__init__(*args, **options)
        self.kept = list(kept)
        self.lines: list[Line] = []
        self.prefix_of: dict[str, str] = {}
        self.fields.update(when_and_why(day))
        self.fields["reason"].required = self.fields["in_force_on"].required = False
        self.fields["as_of"] = as_of_field()
        self.fields["as_of"].initial = today
        for activity in self.kept:
            self._add(f"b{activity.id}", activity)
        for number in range(1, NEW_ROWS + 1):
            self._add(f"n{number}", None)

    def _add(self, prefix: str, activity: Activity | None) -> None:
        name = activity.code if activity else _("New activity")
        words = {"class": "form-control form-control-sm cell", "autocomplete": "off"}
        if activity is None:
            self.fields[f"{prefix}-code"] = forms.CharField(
                required=False, max_length=30, label=f"{name}, {_('Code')}",
                widget=forms.TextInput(attrs=words | {"aria-label": f"{name}, {_('Code')}", "placeholder": _("Code")}),
            )  # fmt: skip
        self.fields[f"{prefix}-activity"] = forms.CharField(
            required=False, max_length=200, label=f"{name}, {_('Activity')}", initial=activity.name if activity else None,
            widget=forms.TextInput(attrs=words | {"aria-label": f"{name}, {_('Activity')}", "placeholder": _("Activity")}),
        )  # fmt: skip
        self.fields[f"{prefix}-indicator"] = forms.ChoiceField(
            required=False, label=f"{name}, {_('Output')}", initial=activity.indicator if activity else "",
            choices=[("", _("no output of its own")), *((key, each.title) for key, each in REGISTRY.items())],
            widget=forms.Select(attrs={"class": "form-select form-select-sm", "aria-label": f"{name}, {_('Output')}"}),
        )  # fmt: skip
        self._add_amounts(prefix, name, activity)

    def _add_amounts(self, prefix: str, name: str, activity: Activity | None) -> None:
        ceilings = activity.ceilings if activity and activity.ceilings else (None, None)
        spent = [activity.spent(half) if activity else None for half in Half]
        titles = (_("Ceiling I"), _("Ceiling II"), _("Spent I"), _("Spent II"))
        for field, title, value in zip(AMOUNTS, titles, (*ceilings, *spent), strict=True):
            self.fields[f"{prefix}-{field}"] = CellField(
                label=f"{name}, {title}", short=title, largest=MOST, whole=True, initial=value,
                role="ceiling" if field.endswith("half") else "spent",
            )  # fmt: skip
        seen = {"seen": activity.revision if activity else None}
        seen |= {f"edit_{half}": activity.spendings[half].edit if activity and half in activity.spendings else None for half in (1, 2)}  # fmt: skip
        for field, value in seen.items():
            self.fields[f"{prefix}-{field}"] = SeenField()
            self.fields[f"{prefix}-{field}"].initial = value

    def rows(self) -> list[BudgetRow]:
        known = [BudgetRow(f"b{activity.id}", activity, self) for activity in self.kept]
        return known + [BudgetRow(f"n{number}", None, self) for number in range(1, NEW_ROWS + 1)]

    @property
    def when(self) -> When:
        values = self.cleaned_data
        return When(values.get("in_force_on"), values.get("reason") or "", values.get("as_of"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for row in self.rows():
            if line := self._line(row, values):
                if line.code in self.prefix_of:
                    self.add_error(f"{row.prefix}-code", _("This code stands twice in the table."))
                    continue
                self.prefix_of[line.code] = row.prefix
                self.lines.append(line)
        return values

    def _line(self, row: BudgetRow, values: Mapping[str, Any]) -> Line | None:
        """None for an empty new row, and for one whose cells say what is wrong."""
        prefix, activity = row.prefix, row.kept
        if any(name in self.errors for name in self.fields if name.startswith(f"{prefix}-")):
            return None
        code = activity.code if activity else (values.get(f"{prefix}-code") or "").strip()
        name = (values.get(f"{prefix}-activity") or "").strip()
        first, second, *spent = (values.get(f"{prefix}-{field}") for field in AMOUNTS)
        if activity is None and not (code or name) and all(amount is None for amount in (first, second, *spent)):
            return None
        if not code or not name:
            self.add_error(f"{prefix}-{'activity' if code else 'code'}", _("An activity has a code and a name."))
            return None
        if self._emptied(prefix, activity, (first, second, *spent)):
            return None
        ceilings = None if first is None and second is None else (first or Decimal(0), second or Decimal(0))
        edits = (values.get(f"{prefix}-edit_1"), values.get(f"{prefix}-edit_2"))
        return Line(
            code, name, values.get(f"{prefix}-indicator") or "", ceilings, (spent[0], spent[1]),
            values.get(f"{prefix}-seen"), edits, is_new=activity is None,
        )  # fmt: skip

    def _emptied(self, prefix: str, activity: Activity | None, amounts: tuple[Decimal | None, ...]) -> bool:
        if activity is None:
            return False
        before = (*(activity.ceilings or (None, None)), *(activity.spent(half) for half in Half))
        gone = [
            field
            for field, was, now in zip(AMOUNTS, before, amounts, strict=True)
            if was is not None and now is None
        ]  # fmt: skip
        for field in gone:
            self.add_error(f"{prefix}-{field}", _("An amount cannot be taken back; write 0 where there is none."))
        return bool(gone)

    def refuse(self, refusal: Refused) -> None:
        """What the action refused, told beside the cells it concerns."""
        if not isinstance(refusal, RowsRefused):
            return refusal.add_to(self)
        for code, row in refusal.rows.items():
            if row.field in SHARED:
                if row.message not in self.errors.get(row.field, []):
                    self.add_error(row.field, row)
            else:
                name = f"{self.prefix_of[code]}-{row.field}"
                self.add_error(name if name in self.fields else f"{self.prefix_of[code]}-activity", row)
        return None
