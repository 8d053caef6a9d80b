"""Setting or revising a target, with its split over the months."""

from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from rehab.numbers import format_number, parse_number
from reports.enums import FigureScope
from reports.indicators import Indicator


class NumberField(forms.CharField):
    """A number as people here write it: 1.200 is twelve hundred, 3,4 has a decimal."""

    def __init__(self, **options: Any):
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=20, **options)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            number = parse_number(text)
        except ValueError:
            raise forms.ValidationError(_("Write a number, such as 60 or 3,4.")) from None
        if number != round(number, 4):
            raise forms.ValidationError(_("Four decimals are the most that are kept."))
        return number

    def prepare_value(self, value: Any) -> Any:
        return format_number(value) if isinstance(value, Decimal) else value


class TargetForm(forms.Form):
    """`months` of the cleaned data are twelve values or none."""

    value = NumberField(label=_("Target of the year"))
    scope = forms.ChoiceField(
        label=_("The target means"),
        choices=FigureScope.choices,
        widget=forms.RadioSelect,
        help_text=_("Own: the facilities that the unit supervises itself."),
    )
    in_force_on = forms.DateField(
        label=_("In force from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    reason = forms.CharField(
        label=_("Reason or source"), max_length=250, help_text=_("Such as “DIPA 2026” or “Revision”.")
    )

    def __init__(self, *args: Any, indicator: Indicator, months: list[Decimal] | None = None, **options: Any):
        super().__init__(*args, **options)
        self.can_split = indicator.adds_up
        self.month_names: list[str] = []
        if self.can_split:
            for number in range(1, 13):
                name = f"month_{number}"
                self.month_names.append(name)
                self.fields[name] = NumberField(
                    label=MONTHS[number], required=False, initial=months[number - 1] if months else None
                )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    @property
    def month_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.month_names]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.month_names]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        given = [values.pop(name, None) for name in self.month_names]
        # Empty months beside filled ones are zero; no month filled means no split.
        values["months"] = [part or Decimal(0) for part in given] if any(part is not None for part in given) else []
        return values
