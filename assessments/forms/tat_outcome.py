"""Plenary, letter, placement, and the check of a letter."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.actions.tat_outcome import Letter, Minutes, Order
from assessments.enums import TatRecommendation
from assessments.forms.assessments import DateField, bare
from assessments.models import TatMember, TatPlenary
from clients.enums import Admission
from facilities.models import Facility

DOORS = (Admission.TAT, Admission.INVESTIGATOR, Admission.PROSECUTOR, Admission.COURT)


class PlenaryForm(forms.Form):
    """`members` are those who may be ticked as present."""

    edit = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    held_on = DateField(label=_("Day of the plenary"))
    present = forms.MultipleChoiceField(label=_("Who was there"), widget=forms.CheckboxSelectMultiple)
    conclusion = forms.CharField(
        label=_("Conclusion of the plenary"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    recommendation = forms.ChoiceField(
        label=_("Recommendation"), choices=TatRecommendation.choices, widget=forms.RadioSelect
    )
    length_months = forms.IntegerField(
        label=_("Recommended length (months)"), min_value=1, max_value=120, required=False
    )
    place = forms.CharField(label=_("Recommended place"), max_length=150, required=False)

    def __init__(self, data: Any = None, *, members: Sequence[TatMember], **options: Any):
        super().__init__(data, **options)
        cast(forms.ChoiceField, self.fields["present"]).choices = [
            (str(member.pk), f"{member.user.name} · {member.get_agency_display()} ({member.get_team_display()})")
            for member in members
        ]
        self.helper = bare()

    def minutes(self) -> Minutes:
        data = self.cleaned_data
        return Minutes(
            held_on=data["held_on"],
            present=frozenset(int(pk) for pk in data["present"]),
            conclusion=data["conclusion"],
            recommendation=data["recommendation"],
            length_months=data["length_months"],
            place=data["place"],
        )


def plenary_values(row: TatPlenary | Any, members: Sequence[TatMember] = ()) -> dict[str, str | list[str]]:
    """As the form posts them; `row` may be a version of its history, which says nothing of who was there."""
    if row is None:
        return {}
    found: dict[str, str | list[str]] = {
        "held_on": row.held_on.isoformat(),
        "conclusion": row.conclusion,
        "recommendation": row.recommendation,
        "length_months": str(row.length_months or ""),
        "place": row.place,
    }
    if members:
        found["present"] = sorted(str(member.pk) for member in members if member.attended)
    return found


class LetterForm(forms.Form):
    letter_number = forms.CharField(label=_("Number of the result letter"), max_length=80)
    letter_on = DateField(label=_("Date of the result letter"))
    signer = forms.CharField(label=_("Signed by"), max_length=120)
    position = forms.CharField(
        label=_("Position of the signer"), max_length=120, help_text=_("For example: Ketua Tim Asesmen Terpadu")
    )

    helper = bare()

    def letter(self) -> Letter:
        data = self.cleaned_data
        return Letter(data["letter_number"], data["letter_on"], data["signer"], data["position"])


class OrderForm(forms.Form):
    """`places` are the facilities that were found; the template shows them, with the search, itself."""

    words = forms.CharField(required=False, max_length=100)
    facility = forms.ModelChoiceField(
        label=_("Facility"),
        queryset=Facility.objects.none(),
        error_messages={
            "invalid_choice": _("Choose a facility from the list."),
            "required": _("Choose a facility from the list."),
        },
    )
    ordered_by = forms.CharField(
        label=_("Who decided"), max_length=150, help_text=_("For example: Kejaksaan Negeri Kota Kupang")
    )
    number = forms.CharField(label=_("Number of the order"), max_length=80)
    decided_on = DateField(label=_("Date of the order"))
    admission = forms.ChoiceField(
        label=_("Door"),
        choices=[(door.value, door.label) for door in DOORS],
        widget=forms.RadioSelect,
        help_text=_("The national report groups clients by it."),
    )

    def __init__(self, *args: Any, places: Sequence[Facility], **options: Any):
        super().__init__(*args, **options)
        self.places = places
        cast(forms.ModelChoiceField, self.fields["facility"]).queryset = Facility.objects.filter(
            pk__in=[place.pk for place in places]
        )
        self.helper = bare()

    def order(self) -> Order:
        data = self.cleaned_data
        return Order(data["decided_on"], data["ordered_by"], data["number"], data["facility"], data["admission"])


class NotOrderedForm(forms.Form):
    ordered_by = forms.CharField(label=_("Who decided"), max_length=150)
    decided_on = DateField(label=_("Day of the decision"))
    reason = forms.CharField(
        label=_("Why no placement was ordered"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, **options: Any):
        super().__init__(data, prefix="none", **options)
        self.helper = bare()


class CodeForm(forms.Form):
    code = forms.CharField(label=_("Code of the letter"), max_length=40)

    def __init__(self, data: Any = None):
        super().__init__(data)
        self.fields["code"].widget.attrs |= {"autocomplete": "off"}
        self.helper = bare()
