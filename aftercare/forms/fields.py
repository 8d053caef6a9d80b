"""Small parts that the forms of aftercare share."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rehab.errors import Refused


class DateField(forms.DateField):
    """A day by the browser's own picker."""

    def __init__(self, **options):
        options.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**options)


class ReasonField(forms.CharField):
    """Asked for without the word "optional"; whether it may stay empty in this case, the action decides."""

    def __init__(self, **options):
        options.setdefault("label", _("Reason"))
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        options.setdefault("max_length", 2000)
        super().__init__(**options)

    def validate(self, value: str) -> None:
        pass


class AttemptForm(forms.Form):
    """A form whose action may refuse; `refusal` is what it said."""

    refusal: Refused | None = None


class Radio(forms.ChoiceField):
    """One of a few, all of them in sight; templates/aftercare/_choices.html shows them as large buttons."""

    widget = forms.RadioSelect


def attempt(form: AttemptForm, act: Callable[..., Any]) -> Any | None:
    """What `act(**cleaned_data)` gives; None for a form that was not posted, is not in order, or was refused.

    The refusal stands beside its field, and in `form.refusal`.
    """
    if not form.is_valid():
        return None
    try:
        return act(**form.cleaned_data)
    except Refused as refusal:
        form.refusal = refusal
        refusal.add_to(form)
        return None


def explained(field: forms.BoundField, sentences: dict[Any, Any]) -> list[tuple[forms.boundfield.BoundWidget, Any]]:
    """Each option of a `Radio` with the sentence that says what it means."""
    by_value = {str(value): sentence for value, sentence in sentences.items()}
    return [(option, by_value.get(option.data["value"], "")) for option in field]
