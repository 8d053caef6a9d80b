"""Offering a client to another place, and what the two sides answer."""

from typing import Any, cast

from crispy_forms.layout import Field, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.enums import HandoverStatus, Programme, Setting
from clients.forms.fields import DayField, TextField, bare
from facilities.models import Facility

LONGEST_SUMMARY = 4000


class _ServiceFields(forms.Form):
    setting = forms.ChoiceField(label=_("Kind of service"), choices=Setting.choices, widget=forms.RadioSelect)
    programme = forms.ChoiceField(label=_("Programme"), choices=Programme.choices, widget=forms.RadioSelect)

    service = (
        Field("setting", wrapper_class="option-buttons in-a-row"),
        Field("programme", wrapper_class="option-buttons in-a-row"),
    )


class OfferForm(_ServiceFields):
    """`places` are the facilities that were found; the template shows them, with the search, itself."""

    words = forms.CharField(required=False, max_length=100)
    to_facility = forms.ModelChoiceField(
        label=_("Facility"),
        queryset=Facility.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("Choose a facility from the list.")},
    )
    outside = TextField(
        label=_("Or a place outside Titian"),
        max_length=150,
        required=False,
        help_text=_("For example a hospital or an institution that does not use Titian."),
    )
    reason = TextField(label=_("Why the client is handed over"), max_length=250)
    summary = TextField(
        label=_("What the receiver should know"),
        max_length=LONGEST_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("How the treatment went, what helps, what to watch. The six facts and the latest scores go along."),
    )

    def __init__(self, *args: Any, places: list[Facility], **options: Any):
        super().__init__(*args, **options)
        self.places = places
        cast(forms.ModelChoiceField, self.fields["to_facility"]).queryset = Facility.objects.filter(
            pk__in=[place.pk for place in places]
        )
        self.helper = bare()
        self.helper.form_show_errors = True
        self.helper.layout = Layout("outside", *self.service, "reason", "summary")

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        data.pop("words", None)
        if bool(data.get("to_facility")) == bool(data.get("outside")) and "to_facility" not in self.errors:
            self.add_error("to_facility", _("Choose a facility, or name one place outside Titian."))
        return data


class ReceiveForm(_ServiceFields):
    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.helper = bare()
        self.helper.layout = Layout(*self.service)


class ContactForm(forms.Form):
    contacted_on = DayField(label=_("Day of the first contact"))

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["contacted_on"].initial = timezone.localdate
        self.helper = bare()


class WhyForm(forms.Form):
    reason = TextField(label=_("Reason"), max_length=250)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.helper = bare()


class SureForm(forms.Form):
    """Nothing to fill in."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.helper = bare()


class CodeForm(forms.Form):
    code = forms.CharField(label=_("Code of the receipt"), max_length=40)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["code"].widget.attrs |= {"autocomplete": "off"}
        self.helper = bare()


ANSWERS: dict[str, type[forms.Form]] = {
    HandoverStatus.RECEIVED: ReceiveForm,
    HandoverStatus.CONTACTED: ContactForm,
    HandoverStatus.LEFT: SureForm,
    HandoverStatus.DECLINED: WhyForm,
    HandoverStatus.RECALLED: WhyForm,
}
