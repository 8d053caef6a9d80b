"""The waiting list: put on it, another priority, and the short answers."""

from typing import Any

from crispy_forms.layout import Field, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.enums import QueuePriority, Setting
from clients.forms.fields import DayField, TextField, bare

SETTINGS = [(each.value, each.label) for each in Setting if each != Setting.COMMUNITY]


class EnterForm(forms.Form):
    setting = forms.ChoiceField(label=_("Waits for"), choices=SETTINGS, widget=forms.RadioSelect)
    priority = forms.ChoiceField(label=_("Priority"), choices=QueuePriority.choices, widget=forms.RadioSelect)
    reason = TextField(
        label=_("Why this client goes before others"),
        max_length=250,
        required=False,
        help_text=_("Asked for every priority but the last."),
    )
    since = DayField(label=_("Waits since"), help_text=_("Within a class who has waited longest goes first."))

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["since"].initial = timezone.localdate
        self.helper = bare()
        self.helper.layout = Layout(
            Field("setting", wrapper_class="option-buttons in-a-row"),
            Field("priority", wrapper_class="option-buttons"),
            "reason",
            "since",
        )


class PriorityForm(forms.Form):
    priority = forms.ChoiceField(label=_("Priority"), choices=QueuePriority.choices)
    reason = TextField(label=_("Why the order changes"), max_length=250)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.helper = bare()


class OfferForm(forms.Form):
    """Nothing to fill in."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.helper = bare()


class WhyForm(forms.Form):
    reason = TextField(label=_("Reason"), max_length=250)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.helper = bare()
