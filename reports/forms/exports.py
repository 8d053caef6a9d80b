"""What is asked before members leave the house as a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

CSV, XLSX = "csv", "xlsx"


class ExportForm(forms.Form):
    purpose = forms.CharField(
        label=_("What is the list for?"), max_length=200, help_text=_("This is recorded with your name.")
    )
    form = forms.ChoiceField(label=_("Form"), choices=[(XLSX, _("XLSX workbook")), (CSV, "CSV")], initial=XLSX)
