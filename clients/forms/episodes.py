"""Closing an episode without an open treatment."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.enums import Outcome
from clients.forms.fields import DayField, TextField, bare

# Nothing can be completed, dropped or run away from that never began.
WITHOUT_TREATMENT = [Outcome.REFERRED, Outcome.MOVED, Outcome.DROP_OUT, Outcome.DIED]


class CloseForm(forms.Form):
    closed_on = DayField(label=_("Closed on"))
    outcome = forms.ChoiceField(label=_("Why it ends"))
    note = TextField(label=_("Reason"), max_length=250)

    def __init__(self, *args: Any, treated: bool = False, **options: Any):
        super().__init__(*args, **options)
        outcomes = list(Outcome) if treated else WITHOUT_TREATMENT
        cast(forms.ChoiceField, self.fields["outcome"]).choices = [
            ("", _("Choose…")),
            *((one.value, one.label) for one in outcomes),
        ]
        self.fields["closed_on"].initial = timezone.localdate
        self.helper = bare()
