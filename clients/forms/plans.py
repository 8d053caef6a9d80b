"""A plan's goals, its revision, and the client's agreement."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.actions.plans import MOST_GOALS, GoalData
from clients.enums import GoalResult, ProblemArea
from clients.forms.fields import DayField, DayWhenNeeded, TextField, TextWhenNeeded, bare
from clients.models import TreatmentPlan

REVIEW_AFTER = timedelta(days=30)


class GoalForm(forms.Form):
    """An emptied row is left out; what is missing for the agreement is asked for only then."""

    use_required_attribute = False

    area = forms.ChoiceField(label=_("Area"), choices=ProblemArea.choices, initial=ProblemArea.SUBSTANCE)
    problem = TextWhenNeeded(label=_("Problem"), max_length=250)
    goal = TextWhenNeeded(label=_("What is to be reached"), max_length=250)
    measures = TextWhenNeeded(
        label=_("What is done, and by whom"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    due_on = DayWhenNeeded(label=_("Until"), ahead=True)

    def has_changed(self) -> bool:
        """Every row is read: one that stands as it was saved belongs to the plan all the same."""
        return True

    @property
    def is_empty(self) -> bool:
        data = self.cleaned_data
        return not (data.get("problem") or data.get("goal") or data.get("measures"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if not self.is_empty and not data.get("problem") and "problem" not in self.errors:
            self.add_error("problem", _("Say which problem this goal is about."))
        return data


class _Goals(forms.BaseFormSet):
    def data_of(self) -> list[GoalData]:
        return [GoalData(**form.cleaned_data) for form in self.forms if form.cleaned_data and not form.is_empty]


GoalForms = cast(
    type[_Goals],
    forms.formset_factory(
        GoalForm, formset=_Goals, extra=2, max_num=MOST_GOALS, absolute_max=MOST_GOALS, validate_max=True
    ),
)


def goals_of(plan: TreatmentPlan) -> list[dict[str, Any]]:
    fields = ("area", "problem", "goal", "measures", "due_on")
    return list(plan.goals.order_by("position").values(*fields))


class WriteForm(forms.Form):
    review_on = DayField(label=_("Look at the plan again on"), ahead=True, required=False)
    reason = TextField(label=_("Why the plan is revised"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, plan: TreatmentPlan):
        initial = {"review_on": plan.review_on or timezone.localdate() + REVIEW_AFTER, "reason": plan.reason}
        super().__init__(data, initial=initial)
        if plan.version == 1:
            del self.fields["reason"]
        self.helper = bare()


class AgreeForm(forms.Form):
    agreed_on = DayField(label=_("The client agreed on"))
    by_guardian = forms.BooleanField(label=_("The guardian agreed as well"), required=False)

    def __init__(self, *args: Any, guarded: bool, **options: Any):
        super().__init__(*args, **options)
        self.fields["agreed_on"].initial = timezone.localdate
        if not guarded:
            del self.fields["by_guardian"]
        self.helper = bare()


class ResultForm(forms.Form):
    result = forms.ChoiceField(label=_("Result"), choices=GoalResult.choices)
    note = TextField(label=_("Remark"), max_length=250, required=False)
