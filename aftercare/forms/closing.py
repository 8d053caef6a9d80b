"""The end of a treatment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftercare.forms.fields import AttemptForm, DateField, Radio, ReasonField
from clients.enums import Outcome
from clients.models import Treatment

SENTENCES = {
    Outcome.COMPLETED: _("The programme was followed to its end."),
    Outcome.DROP_OUT: _("The client stopped coming before the programme ended."),
    Outcome.FORCED_HOME: _("The family took the client home before the programme ended."),
    Outcome.ABSCONDED: _("The client left the place without permission."),
    Outcome.REFERRED: _("The service goes on at another facility."),
    Outcome.MOVED: _("The client moved away; the service here ends."),
    Outcome.DIED: _("The client has died."),
}
USUAL = ""
_PLAN_CHOICES = {USUAL: None, "yes": True, "no": False}


class ClosingForm(AttemptForm):
    use_required_attribute = False

    outcome = Radio(label=_("How the treatment ended"), choices=Outcome)
    ended_on = DateField(label=_("Last day of the treatment"))
    note = ReasonField(
        help_text=_("Needed for every outcome but completed, and when no aftercare follows a completed treatment."),
    )
    start_plan = Radio(
        label=_("Aftercare"),
        required=False,
        choices=[(USUAL, _("As is usual for this outcome")), ("yes", _("Start a plan")), ("no", _("Start no plan"))],
    )

    skip_reason = ReasonField(
        label=_("Why it is not measured again"),
        max_length=250,
        widget=forms.TextInput,
        help_text=_("Not asked for when the client is gone: drop-out, absconded, died."),
    )

    def __init__(self, data: Any = None, *, treatment: Treatment, outcome: str = ""):
        """`outcome` is what somebody proposes; it stands there chosen and can be changed."""
        proposed = {"outcome": outcome} if outcome in Outcome else {}
        today = treatment.facility.local_date()
        super().__init__(data, initial={"ended_on": today, "start_plan": USUAL} | proposed)
        self.fields["ended_on"].widget.attrs |= {
            "min": f"{treatment.started_on:%Y-%m-%d}" if treatment.started_on else "",
            "max": f"{treatment.facility.local_date():%Y-%m-%d}",
        }

    def clean_start_plan(self) -> bool | None:
        return _PLAN_CHOICES[self.cleaned_data["start_plan"]]
