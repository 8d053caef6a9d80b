"""The filter above a list of members; the choice stays in the address."""

from django import forms
from django.db.models import QuerySet
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from reports.indicators import Indicator
from reports.indicators.definition import FACILITY

EVERY = ("", _("all"))


class MembersFilter(forms.Form):
    """A month, a value of each breakdown, and the facility whose number was opened. Nonsense is passed over."""

    scope = forms.CharField(widget=forms.HiddenInput, required=False)
    facility = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**62)
    month = forms.TypedChoiceField(
        label=_("Month"), choices=[EVERY, *MONTHS.items()], coerce=int, empty_value=None, required=False
    )

    def __init__(self, data, *, indicator: Indicator):
        super().__init__(data)
        self.columns = indicator.columns
        for each in indicator.all_breakdowns:
            self.fields[each.key] = forms.ChoiceField(
                label=each.title, choices=[EVERY, *each.choices.choices], required=False
            )
        self.is_valid()

    @property
    def chosen_month(self) -> int | None:
        return self.cleaned_data.get("month")

    @property
    def breakdowns(self) -> dict[str, str]:
        return {column: value for column in self.columns if (value := self.cleaned_data.get(column))}

    @property
    def chosen(self) -> bool:
        return bool(self.chosen_month or self.breakdowns or self.cleaned_data.get("facility"))

    def apply(self, found: QuerySet) -> QuerySet:
        """Only those at the facility that was chosen."""
        at = self.cleaned_data.get("facility")
        return found.filter(**{FACILITY: at}) if at else found
