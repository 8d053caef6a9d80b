"""Who somebody is: the part that registration and correction share, and the correction itself."""

from datetime import datetime
from typing import Any

from crispy_forms.layout import HTML, Div, Field, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.actions.people import IdentityData
from clients.enums import NoNikReason
from clients.forms.fields import (
    BirthDateField,
    ChoiceWhenNeeded,
    NameField,
    NikField,
    NumberWhenNeeded,
    PhoneField,
    TextField,
    bare,
)
from clients.models import Client
from clients.queries import RevealedIdentity
from facilities.enums import RegionLevel
from facilities.models import Region
from rehab.conflicts import Conflict
from rehab.enums import Sex
from rehab.identity import nik

FIELDS = (
    "nik", "no_nik_reason", "name", "sex", "birth_date", "age", "birth_unknown", "phone", "region", "address",
    "mother_name",
)  # fmt: skip


class RegencyField(forms.ModelChoiceField):
    """Regencies and cities with the name of their province."""

    def label_from_instance(self, region: Region) -> str:
        return f"{region.name} ({region.parent.name})" if region.parent else region.name


class IdentityForm(forms.Form):
    use_required_attribute = False

    nik = NikField(label=_("NIK"), help_text=_("16 digits; blanks do not matter."))
    no_nik_reason = ChoiceWhenNeeded(
        label=_("Without a NIK, because"), choices=[("", _("– there is a NIK –")), *NoNikReason.choices]
    )
    name = NameField(label=_("Full name"))
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, widget=forms.RadioSelect)
    birth_date = BirthDateField(label=_("Birth date"))
    age = NumberWhenNeeded(
        label=_("Age, where only that is known"), min_value=0, max_value=120,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    birth_unknown = forms.BooleanField(label=_("Birth date and age are unknown"), required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    region = RegencyField(
        label=_("Lives in"), required=False, empty_label=_("– regency or city –"),
        queryset=Region.objects.filter(level=RegionLevel.REGENCY, valid_until=None).select_related("parent").order_by("name"),
    )  # fmt: skip
    address = TextField(label=_("Address"), required=False, max_length=250, widget=forms.Textarea(attrs={"rows": 2}))
    mother_name = NameField(
        label=_("Mother's name"), required=False, help_text=_("Helps to tell two people of one name apart.")
    )

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")
        self.helper = bare()

    def clean(self) -> dict:
        super().clean()
        data = self.cleaned_data
        if not data.get("nik") and not data.get("no_nik_reason") and "nik" not in self.errors:
            self.add_error("nik", _("Give the NIK, or choose why there is none."))
        told = [bool(data.get("birth_date")), data.get("age") is not None, bool(data.get("birth_unknown"))]
        if not any(told) and not {"birth_date", "age"} & set(self.errors):
            self.add_error("birth_date", _("Give the birth date, or the age, or say that neither is known."))
        return data

    def warnings(self) -> list[str]:
        """Where the NIK says something else than what was typed; never a reason to refuse."""
        data = self.cleaned_data
        if not data.get("nik"):
            return []
        number = nik.parse(data["nik"], timezone.localdate())
        return [str(nik.WARNINGS[key]) for key in nik.warnings(number, data["sex"], data["birth_date"])]

    def identity(self) -> IdentityData:
        data = self.cleaned_data
        return IdentityData(
            birth_year=None if data["birth_unknown"] else self.birth_year(),
            birth_date=data["birth_date"],
            **{key: data[key] for key in FIELDS if key not in {"birth_date", "age", "birth_unknown"}},
        )

    def birth_year(self) -> int | None:
        if self.cleaned_data.get("birth_date"):
            return self.cleaned_data["birth_date"].year
        age = self.cleaned_data.get("age")
        return timezone.localdate().year - age if age is not None else None


def identity_layout(*, live: bool) -> Div:
    """The fields in the order in which a card is read; `live` adds the places where checks appear."""
    return Div(
        Div(
            Div("nik", HTML("{% include 'clients/_nik_place.html' %}" if live else "")),
            "no_nik_reason",
            css_class="columns",
        ),
        "name",
        HTML("{% include 'clients/_matches_place.html' %}" if live else ""),
        Field("sex", wrapper_class="option-buttons in-a-row"),
        Div("birth_date", Div("age", "birth_unknown"), css_class="columns"),
        Div("phone", "mother_name", css_class="columns"),
        Div("region", "address", css_class="columns"),
    )


class CorrectionForm(IdentityForm):
    """`edit` is the version that was opened; a newer one in the database is a conflict, told field by field."""

    conflicts: list[Conflict]
    saved_by: str
    saved_at: datetime | None

    reason = TextField(label=_("Why it is corrected"), max_length=250, help_text=_("Kept with the record."))
    edit = forms.IntegerField(widget=forms.HiddenInput)
    was_sex = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1)
    was_region = forms.CharField(widget=forms.HiddenInput, required=False, max_length=6)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.helper.layout = Layout(identity_layout(live=False), "reason", "edit", "was_sex", "was_region")


def initial_of(client: Client, known: RevealedIdentity, edit: int) -> dict:
    """What stands in the correction form when it is opened."""
    return {
        "nik": known.nik,
        "no_nik_reason": known.no_nik_reason,
        "name": known.name,
        "sex": client.sex,
        "birth_date": known.birth_date,
        "age": timezone.localdate().year - client.birth_year if client.birth_year and not known.birth_date else None,
        "birth_unknown": not client.birth_year,
        "phone": known.phone,
        "region": client.region_id,
        "address": known.address,
        "mother_name": known.mother_name,
        "edit": edit,
        "was_sex": client.sex,
        "was_region": client.region_id or "",
    }
