"""The file with an instrument's official wording."""

from typing import cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assessments.actions import texts
from assessments.forms.assessments import bare
from assessments.instruments import registry
from rehab.models import User
from rehab.tabular.reading import DEFAULT_LIMITS


class TextForm(forms.Form):
    instrument = forms.ChoiceField(label=_("Instrument"))
    file = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=_("CSV or XLSX, up to 10 MB."),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        titles = [(each.key, gettext(each.title)) for each in registry.all()]
        cast(forms.ChoiceField, self.fields["instrument"]).choices = [("", _("Choose…")), *titles]
        self.helper = bare()

    def clean_file(self) -> UploadedFile:
        """Refused by its size before it is read into memory."""
        file = self.cleaned_data["file"]
        if file.size > DEFAULT_LIMITS.size:
            limit = DEFAULT_LIMITS.size // 2**20
            raise forms.ValidationError(_("The file is larger than %(limit)s MB.") % {"limit": limit})
        return file

    def load(self, *, by: User) -> str:
        """What came of it, in one sentence."""
        file = self.cleaned_data["file"]
        instrument = registry.get(self.cleaned_data["instrument"])
        loaded = texts.load(by=by, instrument=instrument, data=file.read(), name=file.name)
        if not loaded.new:
            return gettext("These words are loaded already; nothing was changed.")
        told = ngettext("%(count)s text was loaded.", "%(count)s texts were loaded.", len(loaded.new))
        return told % {"count": len(loaded.new)}
