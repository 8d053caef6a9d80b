"""Forms of the TAT secretariat."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.actions.tat import Request
from assessments.enums import TEAM_OF, TatRoute
from assessments.forms.assessments import DateField, bare
from clients.actions.people import IdentityData
from clients.enums import NoNikReason
from rehab.enums import Sex
from rehab.identity import nik as niks
from rehab.models import User


class OpenCaseForm(forms.Form):
    name = forms.CharField(label=_("Name of the suspect"), max_length=150)
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, widget=forms.RadioSelect)
    birth_date = DateField(label=_("Birth date"), required=False)
    nik = forms.CharField(label=_("NIK"), max_length=40, required=False, help_text=_("16 digits"))
    no_nik_reason = forms.ChoiceField(
        label=_("Or the reason why there is none"), choices=[("", "–"), *NoNikReason.choices], required=False
    )
    route = forms.ChoiceField(
        label=_("Route"),
        choices=TatRoute.choices,
        widget=forms.RadioSelect,
        help_text=_("It decides which documents the request needs."),
    )
    requested_by = forms.CharField(
        label=_("Requesting agency"), max_length=150, help_text=_("For example: Satresnarkoba Polres Kupang Kota")
    )
    request_number = forms.CharField(label=_("Number of the request"), max_length=80)
    request_on = DateField(label=_("Date of the request"))
    received_on = DateField(label=_("Received on"), help_text=_("From this day the clock runs."))

    helper = bare()

    def clean_nik(self) -> str:
        number = niks.clean(self.cleaned_data["nik"])
        if number:
            try:
                niks.parse(number, timezone.localdate())
            except niks.NikError as error:
                raise ValidationError(error.message) from error
        return number

    def clean_birth_date(self):
        born = self.cleaned_data["birth_date"]
        if born and not timezone.localdate().year - niks.OLDEST <= born.year <= timezone.localdate().year:
            raise ValidationError(_("Check the year of birth."))
        if born and born > timezone.localdate():
            raise ValidationError(_("The day lies in the future."))
        return born

    def clean(self) -> dict:
        super().clean()
        data = self.cleaned_data
        if "nik" in data and not data["nik"] and not data.get("no_nik_reason"):
            self.add_error("nik", _("Give the NIK, or the reason why there is none."))
        return data

    def identity(self) -> IdentityData:
        data = self.cleaned_data
        return IdentityData(
            name=data["name"],
            sex=data["sex"],
            birth_date=data["birth_date"],
            nik=data["nik"],
            no_nik_reason="" if data["nik"] else data["no_nik_reason"],
        )

    def request(self) -> Request:
        data = self.cleaned_data
        return Request(
            data["requested_by"], data["request_number"], data["request_on"], data["received_on"], data["route"]
        )


class ScheduleForm(forms.Form):
    on = DateField(label=_("Day of the assessment"))

    helper = bare()


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    helper = bare()


class _Person(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return obj.name


class AssignForm(forms.Form):
    """Who, and for which agency; the agency decides the team."""

    user = _Person(
        label=_("Person"),
        queryset=User.objects.none(),
        empty_label="–",
        error_messages={"invalid_choice": _("This person has no post for this team.")},
    )
    agency = forms.ChoiceField(label=_("Agency"))

    def __init__(self, data: Any = None, *, team: str, people: QuerySet[User]):
        super().__init__(data, prefix=team)
        cast(forms.ModelChoiceField, self.fields["user"]).queryset = people
        cast(forms.ChoiceField, self.fields["agency"]).choices = [
            (agency.value, agency.label) for agency, belongs in TEAM_OF.items() if belongs == team
        ]
        self.helper = bare()
