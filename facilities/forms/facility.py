"""The facility itself, in groups; adding asks for supervision and flags as well, editing leaves them to their own page."""

from typing import Any, cast

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from facilities.access import facility_ids, unit_ids
from facilities.actions.facilities import DATED, EDITABLE
from facilities.enums import Approach, Payer, RegionLevel, Service
from facilities.forms.fields import DateField, bare, say_choose
from facilities.models import Facility, Region, Unit
from rehab.models import User
from rehab.roles import Permission

GROUPS = (
    (_("The institution"), ("name", "kind", "kind_note", "owner", "opened_on")),
    (_("Supervision and figures"), DATED),
    (_("Place and contact"), ("region", "address", "latitude", "longitude", "phone", "email", "person_in_charge")),
    (_("Legality"), ("licence_number", "licence_issuer", "licence_until", "deed_number", "npwp", "sni_certificate")),
    (_("Services"), ("services", "approaches", "payers", "programme_months", "tariff")),
    (_("Anything else"), ("note",)),
)
WIDTHS = dict.fromkeys(("services", "approaches", "payers"), "col-md-4") | {"note": "col-12"}


class RegencyField(forms.ModelChoiceField):
    """Regencies and cities under the name of their province."""

    def __init__(self, regions):
        super().__init__(regions, label=_("Regency or city"), empty_label=_("Choose…"))

    def label_from_instance(self, region: Region) -> str:
        return f"{region.name} ({cast(Region, region.parent).name})"


class FacilityForm(forms.ModelForm):
    opened_on = DateField(label=_("Opened on"), required=False, help_text=_("Leave empty when nobody knows."))
    licence_until = DateField(label=_("Licence valid until"), required=False)
    services = forms.MultipleChoiceField(
        label=_("Services"), choices=Service, widget=forms.CheckboxSelectMultiple, required=False
    )
    approaches = forms.MultipleChoiceField(
        label=_("Approach"), choices=Approach, widget=forms.CheckboxSelectMultiple, required=False
    )
    payers = forms.MultipleChoiceField(
        label=_("Who pays"), choices=Payer, widget=forms.CheckboxSelectMultiple, required=False
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = Facility
        fields = [*EDITABLE, *DATED]
        help_texts = {
            "kind_note": _("For example: class II A, women."),
            "latitude": _("From −11 to 6, for example −10.17718."),
            "longitude": _("From 95 to 141, for example 123.60703."),
            "tariff": _("For one month of the programme; leave empty when free or unknown."),
            "unit": _("The unit for which this facility's figures count."),
            "offers_aftercare": _("Counts for “facilities with aftercare” where the government owns it."),
        }

    def __init__(self, data=None, *, user: User, **options):
        super().__init__(data, **options)
        self.fields["region"] = RegencyField(_regencies(user, self.instance))
        if "unit" in self.fields:
            cast(forms.ModelChoiceField, self.fields["unit"]).queryset = Unit.objects.filter(
                pk__in=unit_ids(user, Permission.EDIT_FACILITIES), ends_on=None
            )
        for name in ("latitude", "longitude"):
            self.fields[name].widget = forms.NumberInput(attrs={"step": "any"})
            self.fields[name].error_messages |= _bounds(name)
        say_choose(self.fields)
        self.arrange()

    def arrange(self) -> None:
        self.helper = bare()
        groups = [(title, [name for name in names if name in self.fields]) for title, names in GROUPS]
        self.helper.layout = Layout(
            *[
                Fieldset(
                    title,
                    Div(
                        *[Div(name, css_class=WIDTHS.get(name, "col-md-6")) for name in names],
                        css_class="row",
                    ),
                )
                for title, names in groups
                if names
            ]
        )

    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class EditFacilityForm(FacilityForm):
    """`version` is the one the form was opened with: by it the action notices that someone was quicker."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)

    class Meta(FacilityForm.Meta):
        fields = list(EDITABLE)

    def __init__(self, data=None, *, user: User, **options):
        super().__init__(data, user=user, **options)
        self.initial.setdefault("version", self.instance.version)

    def arrange(self) -> None:
        super().arrange()
        self.helper.layout.append("version")

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in EDITABLE}


def _regencies(user: User, facility: Facility):
    """Those of the provinces where the person keeps facilities; BNN keeps them everywhere."""
    regencies = (
        Region.objects.filter(level=RegionLevel.REGENCY).select_related("parent").order_by("parent__name", "name")
    )
    areas = set(
        Unit.objects.filter(pk__in=unit_ids(user, Permission.EDIT_FACILITIES)).values_list("region_id", flat=True)
    )
    if None in areas:
        return regencies
    provinces = {area[:2] for area in areas}
    if facility.pk and facility.pk in facility_ids(user, Permission.EDIT_FACILITIES, Permission.EDIT_OWN_FACILITY):
        provinces.add(facility.region_id[:2])
    return regencies.filter(Q(parent__in=provinces))


def _bounds(name: str) -> dict[str, Any]:
    outside = _("This lies outside of Indonesia. Check the sign and the decimal point.")
    return {"min_value": outside, "max_value": outside}
