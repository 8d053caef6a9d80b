"""The interviewer's severities of an assessment."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.forms.assessments import bare
from assessments.queries import Severity, severity_word


class SeverityForm(forms.Form):
    """A choice from 0 to 9 for each area; one that stays open is left as it is."""

    def __init__(self, data=None, *, severities: list[Severity], **options):
        super().__init__(data, **options)
        choices = [("", _("not judged yet")), *((n, f"{n} – {severity_word(n)}") for n in range(10))]
        for each in severities:
            self.fields[each.area] = forms.TypedChoiceField(
                label=each.title,
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
                initial="" if each.value is None else each.value,
                help_text=gettext("Judged by %(name)s") % {"name": each.by} if each.by else "",
            )
        self.helper = bare()
