"""The one form at the door, and the shorter one for somebody who comes back."""

from typing import Any

from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.actions.people import ConsentData, GuardianData
from clients.enums import ADULT_AGE, SENT_BY_SOMEBODY, Admission, ConsentScope, GuardianRelation
from clients.forms.fields import ChoiceWhenNeeded, DayField, NameWhenNeeded, PhoneField, TextWhenNeeded, bare
from clients.forms.identity import IdentityForm, identity_layout
from clients.queries import age_on
from clients.queries.matches import within_scope
from rehab.models import User

DOORS = [("", _("Choose…")), *Admission.choices]


class AdmissionForm(forms.Form):
    """The door, who sent the client, and the day."""

    use_required_attribute = False

    admission = forms.ChoiceField(label=_("Came by"), choices=DOORS)
    referrer = TextWhenNeeded(
        label=_("Sent by"), max_length=150,
        help_text=_("Name of the office or court, for doors where somebody sends the client."),
    )  # fmt: skip
    opened_on = DayField(label=_("Registered on"))
    consent_scope = forms.ChoiceField(
        label=_("The client agrees to"), choices=ConsentScope.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["opened_on"].initial = timezone.localdate
        self.helper = bare()
        self.helper.layout = Layout(*admission_layout())

    def clean(self) -> dict:
        super().clean()
        data = self.cleaned_data
        if data.get("admission") in SENT_BY_SOMEBODY and not data.get("referrer") and "referrer" not in self.errors:
            self.add_error("referrer", _("Say who sent the client: this door asks for it."))
        return data


def admission_layout() -> tuple:
    return (
        Fieldset(
            _("Registration"), Div("admission", "referrer", css_class="columns"), Div("opened_on", css_class="columns")
        ),
        Fieldset(_("Consent"), Field("consent_scope", wrapper_class="option-buttons")),
    )


class RegistrationForm(IdentityForm, AdmissionForm):
    """All of a registration. After validation `candidates` holds look-alikes of one's own scope."""

    guardian_name = NameWhenNeeded(label=_("Guardian's name"))
    guardian_relation = ChoiceWhenNeeded(label=_("Relation"), choices=[("", _("Choose…")), *GuardianRelation.choices])
    guardian_phone = PhoneField(label=_("Guardian's phone"), required=False)
    different = forms.BooleanField(label=_("I have compared: this person has to be registered anew"), required=False)
    # As they stand on the page, so that the list of errors reads from the top down.
    field_order = (*IdentityForm.base_fields, "guardian_name", "guardian_relation", "guardian_phone")

    def __init__(self, *args: Any, user: User, **options: Any):
        super().__init__(*args, **options)
        self.user = user
        self.candidates: list = []
        self.helper = bare()
        self.helper.layout = Layout(
            Fieldset(_("Identity"), identity_layout(live=True)),
            Fieldset(
                _("Guardian (for a client under 18)"),
                Div("guardian_name", "guardian_relation", css_class="columns"),
                Div("guardian_phone", css_class="columns"),
                css_id="guardian",
            ),
            *admission_layout(),
        )

    def clean(self) -> dict:
        super().clean()
        data = self.cleaned_data
        if self.is_minor():
            for field in ("guardian_name", "guardian_relation"):
                if not data.get(field) and field not in self.errors:
                    self.add_error(field, _("A client under 18 needs a guardian."))
        self.candidates = within_scope(
            self.user, name=data.get("name", ""), birth_date=data.get("birth_date"), nik=data.get("nik", "")
        )
        if self.asks_again() and not data.get("different"):
            self.add_error("different", _("A client like this is known here. Open that client, or confirm below."))
        return data

    def asks_again(self) -> bool:
        return any(one.strong for one in self.candidates)

    def is_minor(self) -> bool:
        data = self.cleaned_data
        day = data.get("opened_on") or timezone.localdate()
        age = data.get("age") if not data.get("birth_date") else age_on(day, data["birth_date"])
        return age is not None and age < ADULT_AGE

    def consent(self) -> ConsentData:
        return ConsentData(self.cleaned_data["consent_scope"], by_guardian=self.is_minor())

    def guardian(self) -> GuardianData | None:
        data = self.cleaned_data
        if not data["guardian_name"]:
            return None
        return GuardianData(data["guardian_name"], data["guardian_relation"], data["guardian_phone"])
