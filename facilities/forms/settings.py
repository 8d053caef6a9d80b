"""A value that stands for an unverified fact, in the kind that its declaration has."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from facilities.forms.fields import bare
from rehab import numbers
from rehab.tunables import Tunable


class ListField(forms.CharField):
    """Values with commas between them; numbers where the declared ones are numbers."""

    def __init__(self, sample: list, **options):
        super().__init__(max_length=1000, help_text=_("Several values, with commas between them."), **options)
        self.kind = int if sample and all(isinstance(item, int) for item in sample) else str

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(item) for item in value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list:
        parts = [part.strip() for part in super().clean(value).split(",") if part.strip()]
        try:
            return [self.kind(part) for part in parts]
        except ValueError as error:
            raise forms.ValidationError(_("Whole numbers only.")) from error


class SettingForm(forms.Form):
    source_note = forms.CharField(
        label=_("Source"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A regulation, a letter or a decision, with its number and date."),
    )
    field_order = ["value", "source_note"]

    def __init__(self, data=None, *, tunable: Tunable, **options):
        super().__init__(data, **options)
        self.fields["value"] = _field(tunable)
        self.order_fields(self.field_order)
        self.helper = bare()


def _field(tunable: Tunable) -> forms.Field:
    label = _("Value")
    if isinstance(tunable.default, bool):
        return forms.BooleanField(label=_("Yes"), required=False)
    if tunable.allowed and not isinstance(tunable.default, list):
        return forms.TypedChoiceField(
            label=_("Value"), choices=_named(tunable), coerce=cast("Callable[[Any], Any]", tunable.kind)
        )
    if isinstance(tunable.default, int):
        return forms.IntegerField(label=label, min_value=_whole(tunable.least), max_value=_whole(tunable.most))
    if isinstance(tunable.default, float):
        return forms.FloatField(label=label, min_value=tunable.least, max_value=tunable.most)
    if not isinstance(tunable.default, list):
        return forms.CharField(label=label, max_length=200)
    if tunable.allowed:
        return forms.MultipleChoiceField(label=label, choices=_named(tunable), widget=forms.CheckboxSelectMultiple)
    return ListField(tunable.default, label=label)


def _whole(bound: float | None) -> int | None:
    """Bounds of whole numbers are declared as whole numbers."""
    return cast("int | None", bound)


def _named(tunable: Tunable) -> list[tuple[str, str]]:
    """The allowed values with the labels that members of an enum bring."""
    return [(str(each), str(getattr(each, "label", each))) for each in tunable.allowed]


def shown(tunable: Tunable, value: Any) -> str:
    """A setting's value as people read it."""
    labels = dict(_named(tunable))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(labels.get(str(item), str(item)) for item in value)
    return numbers.format_number(value) if isinstance(value, int | float) else labels.get(value, str(value))
