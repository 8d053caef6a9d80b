"""Small parts that the forms of the register share."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.actions.checks import believable
from rehab import conflicts
from rehab.errors import Refused
from rehab.http import Request

Pairs = Iterable[tuple[Any, Any]]


class DateField(forms.DateField):
    """A day by the browser's own picker; typed as dd-mm-yyyy where there is none."""

    def __init__(self, **options):
        options.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**options)

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        believable(day, "")
        return day


class LastDayField(DateField):
    """Asks for the last day on which something holds and gives the day after it, as periods are kept."""

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        return day + timedelta(days=1) if day and day < date.max else day

    def prepare_value(self, value: Any) -> Any:
        return value - timedelta(days=1) if isinstance(value, date) else value


class ReasonField(forms.CharField):
    def __init__(self, **options):
        options.setdefault("label", _("Reason"))
        super().__init__(max_length=250, **options)


def bare() -> FormHelper:
    """crispy renders fields only; the form element, its tokens and buttons stand in the template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


def say_choose(fields: Mapping[str, forms.Field]) -> None:
    """Model forms leave a row of dashes where nothing is chosen yet; say "Choose…" there."""
    for field in fields.values():
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = _("Choose…")
        elif isinstance(field, forms.TypedChoiceField):
            field.choices = [(value, label if value else _("Choose…")) for value, label in cast("Pairs", field.choices)]


def accepted(
    request: Request, form: forms.BaseForm, act: Callable[..., object], *, row: models.Model | None = None
) -> bool:
    """Whether the form was posted, is in order, and `act(**cleaned_data)` took it; a refusal stands beside its field.

    With `row`, the record that the form changes: what somebody else saved meanwhile is shown field by field.
    """
    if row is not None:
        conflicts.meet(request, form, row=row)
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(**form.cleaned_data)
    except Refused as refusal:
        refusal.add_to(form)
        return False
    return True
