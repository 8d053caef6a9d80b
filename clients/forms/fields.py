"""Fields whose refusals say how to mend them. Nothing is cut off while typing: what is too long is said instead."""

import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rehab.identity import nik
from rehab.identity.words import name_words
from rehab.numbers import format_date

OLDEST = 120
EARLIEST = date(2000, 1, 1)
NOT_IN_A_NAME = frozenset({"So", "Sk", "Sm", "Sc", "Cc", "Cs", "Co", "Cn"})

if TYPE_CHECKING:
    _Field = forms.Field  # what the mixin stands before
else:
    _Field = object

PHONE = RegexValidator(
    r"^\+?[0-9][0-9 ()./-]{4,24}\Z", _("Write the phone number in digits, for example 0812 3456 789.")
)


def bare() -> FormHelper:
    """The form tag, its token and its buttons stand in the template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class AskedWhenNeeded(_Field):
    """Put before a field class: not called optional, since other answers may ask for it; the form says when it is missing."""

    def clean(self, value):
        self.required = False
        try:
            return super().clean(value)
        finally:
            self.required = True


class TextField(forms.CharField):
    """One line or many, without the browser's silent cut at the longest length."""

    def widget_attrs(self, widget: forms.Widget) -> dict:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class NameField(TextField):
    def __init__(self, **options):
        super().__init__(max_length=150, **options)

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (not name_words(value) or any(unicodedata.category(sign) in NOT_IN_A_NAME for sign in value)):
            raise ValidationError(_("Write the name in letters, as on the identity card."))


class PhoneField(TextField):
    def __init__(self, **options):
        super().__init__(validators=[PHONE], **options)
        self.widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}


class NikField(AskedWhenNeeded, forms.CharField):
    """Blanks are forgiven; anything else wrong is said in one sentence, by kind. May be empty."""

    def __init__(self, **options):
        super().__init__(**options)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean(self, value: str) -> str:
        number = nik.clean(super().clean(value))
        if not number:
            return ""
        try:
            nik.parse(number, timezone.localdate())
        except nik.NikError as error:
            raise ValidationError(error.message, code=error.kind) from error
        return number


class DayField(forms.DateField):
    """A day between two limits, with the browser's own picker; dd-mm-yyyy is understood as well."""

    def __init__(self, *, earliest: date = EARLIEST, ahead: bool = False, **options):
        options.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"], **options)
        self.earliest, self.ahead = earliest, ahead

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        if value < self.earliest:
            raise ValidationError(_("Titian takes dates from %(day)s on."), params={"day": format_date(self.earliest)})
        if not self.ahead and value > timezone.localdate():
            raise ValidationError(_("This date has not come yet. Check day, month and year."))
        if value.year > timezone.localdate().year + 2:
            raise ValidationError(_("This date is too far ahead. Check the year."))


class BirthDateField(AskedWhenNeeded, DayField):
    def validate(self, value: date | None) -> None:
        forms.DateField.validate(self, value)
        if value is None:
            return
        today = timezone.localdate()
        if value > today:
            raise ValidationError(_("A birth date cannot lie in the future. Check the year."))
        if value.year < today.year - OLDEST:
            raise ValidationError(_("Nobody is that old. Check the year of birth."))


class DayWhenNeeded(AskedWhenNeeded, DayField):
    pass


class ChoiceWhenNeeded(AskedWhenNeeded, forms.ChoiceField):
    pass


class NumberWhenNeeded(AskedWhenNeeded, forms.IntegerField):
    pass


class TextWhenNeeded(AskedWhenNeeded, TextField):
    pass


class NameWhenNeeded(AskedWhenNeeded, NameField):
    pass
