"""A release to be checked: its file, or its table pasted from a spreadsheet."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.forms.upload import UploadForm

LONGEST_PASTE = 500_000


class ReleaseForm(UploadForm):
    """One of the two; what is pasted stays in the field whatever becomes of it."""

    pasted = forms.CharField(
        label=_("Or the table itself"),
        required=False,
        strip=False,
        max_length=LONGEST_PASTE,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "wrap": "off", "class": "pasted"}),
        help_text=_(
            "Copied from a spreadsheet, or with ; or , between the cells. The first line names the columns: unit, year, "
            "indicator, target, realised, printed_percent; parts and direction if there are any."
        ),
    )

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["file"].required = False

    def clean_file(self):
        return super().clean_file() if self.cleaned_data.get("file") else None

    def clean(self) -> dict[str, Any]:
        super().clean()
        chosen = self.cleaned_data
        file, pasted = chosen.get("file"), chosen.get("pasted", "").strip()
        if not self.errors and not file and not pasted:
            raise forms.ValidationError(_("Choose a file or paste the table."))
        if file and pasted:
            raise forms.ValidationError(_("Choose one of the two: the file or the pasted table."))
        return chosen
