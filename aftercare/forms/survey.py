"""The nine questions of the satisfaction survey, in the words of the public form, each with its four answers from 1 to 4."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.enums import SurveyElement
from aftercare.forms.fields import AttemptForm

_FITS = (_("Not suitable"), _("Less suitable"), _("Suitable"), _("Very suitable"))
QUESTIONS: dict[SurveyElement, tuple[Any, tuple[Any, Any, Any, Any]]] = {
    SurveyElement.REQUIREMENTS: (_("How suitable were the requirements for the service?"), _FITS),
    SurveyElement.PROCEDURE: (
        _("How easy was the procedure?"),
        (_("Not easy"), _("Less easy"), _("Easy"), _("Very easy")),
    ),
    SurveyElement.TIME: (_("How fast were you served?"), (_("Not fast"), _("Less fast"), _("Fast"), _("Very fast"))),
    SurveyElement.COST: (
        _("How reasonable was the cost?"),
        (_("Very expensive"), _("Rather expensive"), _("Cheap"), _("Free of charge")),
    ),
    SurveyElement.PRODUCT: (_("Did the service match what was promised?"), _FITS),
    SurveyElement.COMPETENCE: (
        _("How competent were the staff?"),
        (_("Not competent"), _("Less competent"), _("Competent"), _("Very competent")),
    ),
    SurveyElement.CONDUCT: (
        _("How polite and friendly were the staff?"),
        (
            _("Not polite and friendly"),
            _("Less polite and friendly"),
            _("Polite and friendly"),
            _("Very polite and friendly"),
        ),
    ),
    SurveyElement.MEANS: (
        _("How good were rooms and equipment?"),
        (_("Bad"), _("Fair"), _("Good"), _("Very good")),
    ),
    SurveyElement.COMPLAINTS: (
        _("How are complaints handled?"),
        (
            _("There is no way to complain"),
            _("There is a way, but it does not work"),
            _("Works, but not fully"),
            _("Handled well"),
        ),
    ),
}


class SurveyForm(AttemptForm):
    use_required_attribute = False

    def __init__(self, data: Any = None):
        super().__init__(data)
        for number, (element, (question, words)) in enumerate(QUESTIONS.items(), start=1):
            self.fields[element.value] = forms.TypedChoiceField(
                label=f"{number}. {question}",
                choices=list(enumerate(words, start=1)),
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )

    def answers(self) -> dict[str, int | None]:
        return {element.value: self.cleaned_data.get(element.value) for element in SurveyElement}
