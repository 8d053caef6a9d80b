"""The form that explains one month that stands out."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.queries.jumps import WATCHED, Jump


class ExplainForm(forms.Form):
    """Names the month by unit, facility, indicator and first day; `members` is the count that the person looked at."""

    unit = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    facility = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62, required=False)
    indicator = forms.ChoiceField(widget=forms.HiddenInput, choices=[(each.key, each.key) for each in WATCHED])
    month = forms.DateField(widget=forms.HiddenInput)
    members = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**30)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What happened in this month? Name no client."),
    )

    @classmethod
    def of(cls, jump: Jump) -> "ExplainForm":
        initial = {
            "unit": jump.unit,
            "facility": jump.facility,
            "indicator": jump.indicator.key,
            "month": jump.first.isoformat(),
            "members": jump.members,
        }
        return cls(
            initial=initial, auto_id=f"id_{jump.indicator.key}_{jump.unit}_{jump.facility or 0}_{jump.first:%Y%m}_%s"
        )

    def names(self, jump: Jump) -> bool:
        """Whether the posted form is about this month."""
        data = self.cleaned_data
        first: date = data["month"]
        return (jump.indicator.key, jump.unit, jump.facility, jump.first) == (
            data["indicator"], data["unit"], data.get("facility"), first
        )  # fmt: skip
