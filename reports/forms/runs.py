"""Asking for the reports of many units at once."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.forms.reports import AskForm


class AskTreeForm(AskForm):
    """As for one report; each unit counts as usual for it."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        del self.fields["scope"]
        self.fields["unit"].help_text = _("This unit and all units below it that use Titian.")
