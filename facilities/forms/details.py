"""Short forms about one facility: closing, terms, decrees, capacity, strengthening."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from facilities.access import unit_ids
from facilities.enums import CapacityKind, StrengtheningKind
from facilities.forms.fields import DateField, LastDayField, ReasonField, bare, say_choose
from facilities.models import FacilityTerm, IpwlDesignation, Strengthening, Unit
from rehab.models import User
from rehab.roles import Permission


class CloseForm(forms.Form):
    closed_on = DateField(label=_("Closed on"), help_text=_("The first day on which it serves nobody."))
    reason = ReasonField()
    helper = bare()


class ReasonForm(forms.Form):
    reason = ReasonField()
    helper = bare()


class TermForm(forms.ModelForm):
    """Supervision, ownership and flags from a day on."""

    from_on = DateField(label=_("Holds from"), help_text=_("Days before it stay as they are."))
    reason = ReasonField(required=False)

    class Meta:
        model = FacilityTerm
        fields = ["unit", "ownership", "is_operational", "offers_aftercare"]
        labels = {
            "unit": _("Supervising unit"),
            "ownership": _("Ownership"),
            "is_operational": _("Operational"),
            "offers_aftercare": _("Offers aftercare"),
        }

    def __init__(self, data=None, *, user: User, **options):
        super().__init__(data, **options)
        within = unit_ids(user, Permission.EDIT_FACILITIES)
        cast(forms.ModelChoiceField, self.fields["unit"]).queryset = Unit.objects.filter(pk__in=within)
        say_choose(self.fields)
        self.helper = bare()

    def _post_clean(self) -> None:
        """The action checks against the rows that stand there, under a lock; nothing is set on the term here."""


class CorrectTermForm(TermForm):
    from_on = None  # type: ignore[assignment]  # so Django lets a declared field be left out
    reason = ReasonField(help_text=_("What was recorded was wrong from its first day. The reason is kept."))


class IpwlForm(forms.ModelForm):
    decree_date = DateField(label=_("Date of the decree"))
    starts_on = DateField(label=_("Valid from"))
    ends_on = LastDayField(
        label=_("Valid until"), required=False, help_text=_("Its last day; leave empty when the decree names none.")
    )

    class Meta:
        model = IpwlDesignation
        fields = ["decree_number", "decree_date", "starts_on", "ends_on"]

    helper = bare()


class EndIpwlForm(forms.Form):
    ends_on = LastDayField(label=_("Last day"))
    reason = ReasonField()
    helper = bare()


class CapacityForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=CapacityKind)
    places = forms.IntegerField(label=_("Places"), min_value=0, max_value=10_000)
    starts_on = DateField(label=_("From"), help_text=_("What holds until then ends on this day."))
    ends_on = LastDayField(label=_("Last day"), required=False)
    helper = bare()


class StrengtheningForm(forms.ModelForm):
    held_on = DateField(label=_("Date"))
    kind = forms.ChoiceField(label=_("Kind"), choices=StrengtheningKind)

    class Meta:
        model = Strengthening
        fields = ["unit", "held_on", "kind", "note"]

    def __init__(self, data=None, *, user: User, **options):
        super().__init__(data, **options)
        own = unit_ids(user, Permission.STRENGTHEN)
        cast(forms.ModelChoiceField, self.fields["unit"]).queryset = Unit.objects.filter(pk__in=own, ends_on=None)
        say_choose(self.fields)
        self.helper = bare()
