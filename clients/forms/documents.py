"""A paper that is put among a client's documents."""

from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from clients.forms.fields import TextField, bare


class DocumentForm(forms.Form):
    """The file comes last: what was typed has arrived when the file turns out to be too large."""

    kind = forms.ChoiceField(label=_("Kind of document"))
    title = TextField(
        label=_("What it is"), max_length=150, required=False,
        help_text=_("Where the kind says too little, for example: laboratory result of 3 March."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # refused by the action, in its own words
        error_messages={"required": _("Choose a file.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp"}),
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], megabytes: int, **options: Any):
        super().__init__(*args, **options)
        cast(forms.ChoiceField, self.fields["kind"]).choices = [("", _("Choose…")), *kinds]
        file = self.fields["file"]
        file.help_text = _("PDF, JPEG, PNG or WebP, at most %(size)s MB.") % {"size": megabytes}
        file.widget.attrs |= {
            "data-most": str(megabytes * 1024 * 1024),
            "data-too-large": _("This file is larger than %(size)s MB. Scan it smaller, or in parts.")
            % {"size": megabytes},
        }
        self.helper = bare()
        self.helper.layout = Layout("kind", "title", "file")
