"""The answer to a safety alert."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.actions.alerts import LONGEST_NOTE
from assessments.enums import AlertMeasure
from assessments.forms.assessments import bare


class AnswerForm(forms.Form):
    measure = forms.ChoiceField(label=_("What was done"), choices=AlertMeasure.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("In a sentence or two"),
        help_text=_("Who was spoken to, what was agreed, when one looks again."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    helper = bare()
