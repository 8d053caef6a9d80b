"""Which of the problems found a treatment plan is to be about."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.queries.problems import Problem
from clients.actions.plans import GoalData


class ProblemsForm(forms.Form):
    problems = forms.MultipleChoiceField(
        label=_("Problems that assessments found"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, found: list[Problem], **options: Any):
        super().__init__(*args, **options)
        self.found = {str(number): problem for number, problem in enumerate(found)}
        cast(forms.ChoiceField, self.fields["problems"]).choices = [
            (key, problem.text) for key, problem in self.found.items()
        ]
        self.fields["problems"].initial = list(self.found)

    def goals(self) -> list[GoalData]:
        return [GoalData(self.found[key].area, self.found[key].text) for key in self.cleaned_data["problems"]]

    def source(self) -> str:
        """The assessments that the chosen ones come from."""
        chosen = [self.found[key].source for key in self.cleaned_data["problems"]]
        return " · ".join(dict.fromkeys(chosen))[:150]
