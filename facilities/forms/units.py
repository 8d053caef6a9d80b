"""The tree of units."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import RegionLevel, UnitKind
from facilities.forms.facility import RegencyField
from facilities.forms.fields import DateField, ReasonField, bare
from facilities.models import Region, Unit


class TreeForm(forms.Form):
    """The day for which the tree is shown; stays in the address."""

    on = DateField(label=_("Tree on"), required=False)
    helper = bare()


class UnitForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("For example: BNN Kota Kupang, BNNK Belu."))
    starts_on = DateField(label=_("Exists from"))
    address = forms.CharField(label=_("Address"), max_length=250, required=False)

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        regencies = (
            Region.objects.filter(level=RegionLevel.REGENCY).select_related("parent").order_by("parent__name", "name")
        )
        self.fields["region"] = RegencyField(regencies)
        parents = Unit.objects.filter(kind=UnitKind.BNNP, ends_on=None)
        self.fields["parent"] = forms.ModelChoiceField(parents, label=_("Under"), empty_label=_("Choose…"))
        self.order_fields(["region", "name", "parent", "starts_on", "address"])
        self.helper = bare()


class RenameForm(forms.Form):
    name = forms.CharField(label=_("New name"), max_length=120)
    from_on = DateField(label=_("From"), initial=timezone.localdate)
    reason = ReasonField(help_text=_("For example the decree that renames it."))
    helper = bare()


class MoveForm(forms.Form):
    """A BNNK's new place in the tree."""

    from_on = DateField(label=_("From"), initial=timezone.localdate)
    reason = ReasonField(help_text=_("For example the decree that makes the new province."))
    field_order = ["parent", "from_on", "reason"]
    helper = bare()

    def __init__(self, data=None, *, unit: Unit, **options):
        super().__init__(data, **options)
        parents = Unit.objects.filter(kind=UnitKind.BNNP, ends_on=None).exclude(pk__in=[unit.pk, unit.parent_id])
        self.fields["parent"] = forms.ModelChoiceField(parents, label=_("New place: under"), empty_label=_("Choose…"))
        self.order_fields(self.field_order)


class CloseUnitForm(forms.Form):
    ends_on = DateField(label=_("Closed from"), help_text=_("The first day on which it no longer exists."))
    reason = ReasonField()
    helper = bare()
