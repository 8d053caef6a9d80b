"""Short forms about one treatment."""

from typing import Any, cast

from crispy_forms.layout import Field, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.enums import Programme, ProgrammeStage, Setting
from clients.forms.beds import BedField
from clients.forms.fields import DayField, TextField, bare
from clients.queries.places import Asked


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


class _PlaceFields(forms.Form):
    """The bed, and why others are not waited for: only where the place that is taken asks for them."""

    bed = BedField(required=False)
    despite = TextField(
        label=_("Why the client does not wait"),
        max_length=250,
        required=False,
        help_text=_("Kept with the start, for whoever asks about the order of the waiting list."),
    )

    def ask_for(self, asked: Asked) -> None:
        if asked.beds is None:
            del self.fields["bed"]
        else:
            cast(forms.ModelChoiceField, self.fields["bed"]).queryset = asked.beds
        if not asked.needs_reason and "despite" not in self.data:
            del self.fields["despite"]


class PlanForm(_ServiceForm):
    planned_on = DayField(label=_("Planned for"), ahead=True)
    day = "planned_on"


class PhaseForm(_PlaceFields, _ServiceForm):
    starts_on = DayField(label=_("From"))
    day = "starts_on"

    def __init__(self, *args: Any, asked: Asked, **options: Any):
        super().__init__(*args, **options)
        self.ask_for(asked)
        self.helper.layout.extend(name for name in ("bed", "despite") if name in self.fields)


class StageForm(forms.Form):
    stage = forms.ChoiceField(label=_("Stage"), choices=ProgrammeStage.choices, widget=forms.RadioSelect)
    starts_on = DayField(label=_("From"))

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["starts_on"].initial = timezone.localdate
        self.helper = bare()
        self.helper.layout = Layout(Field("stage", wrapper_class="option-buttons"), "starts_on")


class StartForm(_PlaceFields):
    started_on = DayField(label=_("Date of the first service"), help_text=_("On this day the treatment counts."))

    field_order = ("started_on", "bed", "despite")

    def __init__(self, *args: Any, asked: Asked, **options: Any):
        super().__init__(*args, **options)
        self.ask_for(asked)
        for name in ("bed", "despite"):
            if name in self.fields:
                self.fields[name].required = True
        self.fields["started_on"].initial = timezone.localdate
        self.helper = bare()


class ReasonForm(forms.Form):
    reason = TextField(label=_("Reason"), max_length=250)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.helper = bare()
