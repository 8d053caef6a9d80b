"""What is asked before a list of clients leaves the house as a file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clients.enums import ExportPurpose
from clients.forms.fields import TextField, TextWhenNeeded

CSV, XLSX = "csv", "xlsx"


class ExportForm(forms.Form):
    """With `may_identify` names and NIKs may go along, asked for a second time and with a reason of their own."""

    purpose = forms.ChoiceField(label=_("What is the list for?"), choices=[("", _("Choose")), *ExportPurpose.choices])
    purpose_note = TextField(
        label=_("More exactly"),
        max_length=200,
        help_text=_("For whom, and what happens with it. It is recorded with your name and stands in the file."),
    )
    form = forms.ChoiceField(label=_("Form"), choices=[(XLSX, _("XLSX workbook")), (CSV, "CSV")], initial=XLSX)
    identity = forms.BooleanField(
        label=_("With name and NIK"),
        required=False,
        help_text=_("Each client's record will say that you took the identity along."),
    )
    identity_reason = TextWhenNeeded(
        label=_("Why names and NIKs are needed"), max_length=200, help_text=_("Only where names and NIKs go along.")
    )

    def __init__(self, data: Any = None, *, may_identify: bool):
        super().__init__(data, auto_id="export_%s")
        if not may_identify:
            del self.fields["identity"], self.fields["identity_reason"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        found = self.cleaned_data
        if found.get("identity") and not found.get("identity_reason", "").strip():
            self.add_error("identity_reason", ValidationError(_("Say why a list of codes is not enough.")))
        return found
