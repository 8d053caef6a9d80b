"""Referring for a test, the visit, and what came out, which alone is never kept as a draft."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.enums import FollowUpCare, VctKind, VctResult, VctVisit
from assessments.forms.assessments import DateField
from assessments.models.vct import VctReferral
from assessments.queries.vct import Findings, places_for
from facilities.models import Facility


class ReferForm(forms.Form):
    kind = forms.ChoiceField(label=_("Test"), choices=VctKind.choices, widget=forms.RadioSelect, initial=VctKind.HIV)
    to_facility = forms.ModelChoiceField(
        label=_("Facility that offers VCT"), queryset=Facility.objects.none(), required=False,
        empty_label=_("Another place, named below"),
    )  # fmt: skip
    to_place = forms.CharField(label=_("Another place"), max_length=150, required=False)
    referred_on = DateField(label=_("Referred on"))
    agreed = forms.BooleanField(
        label=_("The client agreed after counselling, of free will and without pressure"),
        error_messages={"required": _("Without the client's agreement nobody is referred for this test.")},
    )
    consented_on = DateField(label=_("Agreed on"))

    def __init__(self, data: Any = None, *, facility: Facility):
        today = timezone.localdate()
        super().__init__(data, initial={"referred_on": today, "consented_on": today})
        cast(forms.ModelChoiceField, self.fields["to_facility"]).queryset = places_for(facility)

    def clean(self) -> dict:
        super().clean()
        data = self.cleaned_data
        if not data.get("to_facility") and not data.get("to_place", "").strip() and "to_facility" not in self.errors:
            self.add_error("to_place", _("Choose the facility, or write the name of the place."))
        return data

    def facts(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "agreed"}


class VisitForm(forms.Form):
    visit = forms.ChoiceField(label=_("Did the client come?"), choices=VctVisit.choices, widget=forms.RadioSelect)
    came_on = DateField(label=_("Came on"), required=False)
    edit = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, referral: VctReferral):
        initial = {"visit": referral.visit, "came_on": referral.came_on, "edit": referral.edit}
        super().__init__(data, initial=initial)


class FindingsForm(forms.Form):
    result = forms.ChoiceField(label=_("Result"), choices=VctResult.choices, widget=forms.RadioSelect)
    told_on = DateField(label=_("The client was told on"), required=False)
    care = forms.ChoiceField(
        label=_("Referred on to treatment (ARV, or against hepatitis)"), required=False, widget=forms.RadioSelect,
        choices=[("", _("not recorded")), *FollowUpCare.choices],
    )  # fmt: skip
    edit = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, referral: VctReferral, known: Findings | None):
        shown = {"result": known.result, "told_on": known.told_on, "care": known.care} if known else {"care": ""}
        super().__init__(data, initial=shown | {"edit": referral.edit})

    def findings(self) -> Findings:
        data = self.cleaned_data
        return Findings(data["result"], data["told_on"], data["care"])
