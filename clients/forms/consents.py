"""What a client agrees to, until when, and with whom."""

from typing import Any, cast

from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from clients.enums import ConsentScope, GuardianRelation
from clients.forms.fields import DayField, NameField, PhoneField, TextField, bare
from facilities.models import Facility


class ConsentForm(forms.Form):
    """`places` are the facilities that were found; the template shows them, with the search, itself."""

    scope = forms.ChoiceField(label=_("The client agrees to"), choices=ConsentScope.choices, widget=forms.RadioSelect)
    ends_on = DayField(
        label=_("Ends on"), required=False, ahead=True,
        help_text=_("From this day on it no longer holds. Left empty it holds until it is taken back."),
    )  # fmt: skip
    words = forms.CharField(required=False, max_length=100)
    only_to = forms.ModelChoiceField(
        label=_("Only with this facility"),
        queryset=Facility.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("Choose a facility from the list.")},
    )

    def __init__(self, *args: Any, places: list[Facility], **options: Any):
        super().__init__(*args, **options)
        self.places = places
        cast(forms.ModelChoiceField, self.fields["only_to"]).queryset = Facility.objects.filter(
            pk__in=[place.pk for place in places]
        )
        self.helper = bare()
        self.helper.layout = Layout(Field("scope", wrapper_class="option-buttons"), "ends_on")

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        data.pop("words", None)
        return data


class GuardianForm(forms.Form):
    name = NameField(label=_("Guardian's name"))
    relation = forms.ChoiceField(label=_("Relation"), choices=[("", _("Choose…")), *GuardianRelation.choices])
    phone = PhoneField(label=_("Guardian's phone"), required=False)
    reason = TextField(label=_("Why it is corrected"), max_length=250, help_text=_("Kept with the record."))

    def __init__(self, *args: Any, first: bool = False, **options: Any):
        super().__init__(*args, **options)
        if first:
            self.fields["reason"].label = _("Why a guardian is recorded now")
        for name in ("name", "phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.helper = bare()
