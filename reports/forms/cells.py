"""Cells of tables that are typed into: numbers with their own message, and what a table says about its rows."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.forms.targets import NumberField

LARGEST = Decimal(10) ** 9


class CellField(NumberField):
    """An optional number from zero up; `label` is read out with its row, since a cell shows none; `short` names its column."""

    def __init__(
        self,
        *,
        label: Any,
        short: Any = "",
        largest: Decimal = LARGEST,
        whole: bool = False,
        role: str = "",
        **options: Any,
    ):
        attrs = {"inputmode": "numeric" if whole else "decimal", "autocomplete": "off", "aria-label": label}
        attrs |= {"class": "form-control form-control-sm cell"} | ({f"data-{role}": ""} if role else {})
        self.short, self.largest, self.whole = short, largest, whole
        super().__init__(label=label, required=False, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> Decimal | None:
        number = super().clean(value)
        if number is None:
            return None
        if number < 0:
            raise forms.ValidationError(_("Not below zero."))
        if number >= self.largest:
            raise forms.ValidationError(_("This number is too large."))
        if self.whole and number != number.to_integral_value():
            raise forms.ValidationError(_("Whole rupiah, without decimals."))
        return number


class SeenField(forms.IntegerField):
    """What the person had before them, so that nobody's later change is overwritten unseen."""

    def __init__(self) -> None:
        super().__init__(required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)


def when_and_why(day: Any = None) -> dict[str, forms.Field]:
    """The day and the reason that a whole table is saved with."""
    return {
        "in_force_on": forms.DateField(
            label=_("In force from"),
            initial=day,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
        ),
        "reason": forms.CharField(
            label=_("Reason or source"),
            max_length=250,
            widget=forms.TextInput(attrs={"class": "form-control"}),
            help_text=_("Such as “DIPA 2026” or “Revision”."),
        ),
    }


def as_of_field() -> forms.DateField:
    return forms.DateField(
        label=_("Spending as of"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
        help_text=_("Needed where spending changes."),
    )
