"""Issuing and replacing a card of mandatory report."""

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.enums import CardEnd
from clients.forms.fields import DayField, TextField, bare

NUMBER = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9 ./-]*\Z", _("Write the number in letters, digits, dots, slashes and dashes.")
)


class CardForm(forms.Form):
    number = TextField(
        label=_("Card number"), max_length=40, required=False, validators=[NUMBER],
        help_text=_("As your facility numbers its cards. Left empty, Titian gives the next one: KLD, facility, year, serial."),
    )  # fmt: skip
    issued_on = DayField(label=_("Issued on"))

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["number"].widget.attrs["autocomplete"] = "off"
        self.fields["issued_on"].initial = timezone.localdate
        self.helper = bare()


class ReplaceForm(CardForm):
    because = forms.ChoiceField(label=_("The old card is"), choices=[("", _("Choose…")), *CardEnd.choices])

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.helper.layout = Layout("because", "number", "issued_on")
