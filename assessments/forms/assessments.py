"""Small forms around an assessment."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.actions.assessments import LONGEST_REASON


class DateField(forms.DateField):
    """A day by the browser's own picker; typed as dd-mm-yyyy where there is none."""

    def __init__(self, **options):
        options.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**options)


def bare() -> FormHelper:
    """crispy renders fields only; the form element, its tokens and buttons stand in the template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class StartForm(forms.Form):
    administered_on = DateField(label=_("Day of the assessment"))

    helper = bare()


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=250)

    helper = bare()


class CorrectForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason for the correction"),
        help_text=_("For example: an answer was misheard. The reason stays with both versions."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    helper = bare()
