"""Licences and certificates of staff."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.actions.qualifications import FIELDS, QualificationData
from facilities.enums import CertificateResult, Qualifying
from facilities.forms.fields import DateField, LastDayField, ReasonField, bare
from facilities.models import Qualification


class QualificationForm(forms.Form):
    """Asks for what the kind has: a profession with its licence, or a certificate with level and result."""

    what = forms.ChoiceField()
    number = forms.CharField(label=pgettext_lazy("paper", "Number"), max_length=80)
    issuer = forms.CharField(label=_("Issued by"), max_length=150, required=False)
    level = forms.CharField(
        label=_("Level"),
        max_length=80,
        required=False,
        help_text=_("As it stands on the certificate, for example Madya."),
    )
    result = forms.ChoiceField(label=_("Result"), choices=CertificateResult.choices, widget=forms.RadioSelect)
    starts_on = DateField(label=_("Valid from"))
    ends_on = LastDayField(
        label=_("Valid until"), required=False, help_text=_("Its last day; leave empty where it has no end.")
    )

    def __init__(self, data=None, *, certificate: bool, correcting: bool = False, **options):
        super().__init__(data, **options)
        codes = Qualifying.certificates() if certificate else Qualifying.professions()
        named = [(code, Qualifying(code).label) for code in codes]
        cast(forms.ChoiceField, self.fields["what"]).choices = [("", _("Choose…")), *named]
        self.fields["what"].label = _("Certificate") if certificate else _("Profession")
        if not certificate:
            del self.fields["level"], self.fields["result"]
            self.fields["number"].label = _("Licence number (STR or SIP)")
            self.fields["number"].required = False
            self.fields["number"].help_text = _("Leave empty for a profession without a licence.")
        if correcting:
            self.fields["reason"] = ReasonField(label=_("Reason for the correction"))
        self.helper = bare()

    def qualification(self) -> QualificationData:
        return QualificationData(**{name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data})


def initial(row: Qualification) -> dict[str, object]:
    return {name: getattr(row, name) for name in FIELDS}
