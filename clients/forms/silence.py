"""A warning letter, and the decision that a silent client is not a drop-out yet."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.enums import Addressee, LetterLevel
from clients.forms.fields import DayField, TextField, bare


class LetterForm(forms.Form):
    """`level` is the one that the page offered: what a colleague wrote meanwhile is told, not skipped."""

    level = forms.TypedChoiceField(choices=LetterLevel, coerce=int, widget=forms.HiddenInput)
    addressee = forms.ChoiceField(
        label=_("Addressed to"), choices=Addressee, initial=Addressee.CLIENT, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.helper = bare()


class DelayForm(forms.Form):
    silent_until = DayField(label=_("Propose it again from"), ahead=True)
    reason = TextField(label=_("Why it is not a drop-out yet"), max_length=250)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.helper = bare()
