"""A table to be read: published figures, or a release to be checked."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from rehab.tabular.reading import DEFAULT_LIMITS
from reports.forms.cells import as_of_field, when_and_why


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=_("CSV or XLSX, up to 10 MB."),
    )

    def clean_file(self) -> UploadedFile:
        """Refused by its size before it is read into memory."""
        file = self.cleaned_data["file"]
        if file.size > DEFAULT_LIMITS.size:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB.") % {"limit": DEFAULT_LIMITS.size // 2**20}
            )
        return file


class FilledForm(UploadForm):
    """A workbook that was filled in, with the day and the reason that its rows are saved with."""

    def __init__(self, *args: Any, day: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields.update(when_and_why(day))


class BudgetFileForm(FilledForm):
    """The workbook of budgets: a reason is needed only where ceilings change, a day of knowledge only where spending does."""

    def __init__(self, *args: Any, today: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["reason"].required = self.fields["in_force_on"].required = False
        self.fields["as_of"] = as_of_field()
        self.fields["as_of"].initial = today
