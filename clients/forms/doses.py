"""A prescription, a dose, and taking one back."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.enums import Medicine
from clients.forms.fields import DayField, bare
from clients.models import Prescription
from facilities.models import Facility

PRESCRIBED = ("medicine", "mg", "take_home_most")


def initial_of(prescription: Prescription) -> dict[str, Any]:
    """A new dose begins from the one that holds."""
    return {name: getattr(prescription, name) for name in PRESCRIBED}


class PrescribeForm(forms.Form):
    """Only what the facility offers can be chosen."""

    medicine = forms.ChoiceField(label=_("Medicine"))
    mg = forms.DecimalField(label=_("Dose a day (mg)"), min_value=0.1, max_value=400, decimal_places=2, localize=True)
    take_home_most = forms.IntegerField(
        label=_("Days to take home at most"), min_value=0, max_value=14, initial=0, help_text=_("0: every dose here.")
    )
    starts_on = DayField(label=_("From"), ahead=True)

    def __init__(self, *args: Any, facility: Facility, **options: Any):
        super().__init__(*args, **options)
        offered = [(one.value, one.label) for one in Medicine if one in facility.services]
        cast(forms.ChoiceField, self.fields["medicine"]).choices = offered
        self.fields["starts_on"].initial = timezone.localdate
        self.helper = bare()


class GiveForm(forms.Form):
    take_home = forms.IntegerField(min_value=0, max_value=14, required=False)

    def clean_take_home(self) -> int:
        return self.cleaned_data["take_home"] or 0
