"""Short forms about one treatment."""

from typing import Any

from crispy_forms.layout import Field, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.enums import Programme, Setting
from clients.forms.fields import DayField, TextField, bare


class _ServiceForm(forms.Form):
    setting = forms.ChoiceField(label=_("Kind of service"), choices=Setting.choices, widget=forms.RadioSelect)
    programme = forms.ChoiceField(label=_("Programme"), choices=Programme.choices, widget=forms.RadioSelect)

    day = ""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields[self.day].initial = timezone.localdate
        self.helper = bare()
        self.helper.layout = Layout(
            Field("setting", wrapper_class="option-buttons"),
            Field("programme", wrapper_class="option-buttons in-a-row"),
            self.day,
        )


class PlanForm(_ServiceForm):
    planned_on = DayField(label=_("Planned for"), ahead=True)
    day = "planned_on"


class PhaseForm(_ServiceForm):
    starts_on = DayField(label=_("From"))
    day = "starts_on"


class StartForm(forms.Form):
    started_on = DayField(label=_("Date of the first service"), help_text=_("On this day the treatment counts."))

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["started_on"].initial = timezone.localdate
        self.helper = bare()


class ReasonForm(forms.Form):
    reason = TextField(label=_("Reason"), max_length=250)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.helper = bare()
