"""The end of a plan, and its taking back."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from aftercare.actions.plans import CHOSEN_ENDS
from aftercare.enums import PlanStatus
from aftercare.forms.fields import AttemptForm, DateField, Radio, ReasonField
from aftercare.models import AftercarePlan

SENTENCES = {
    PlanStatus.COMPLETED: _("The window was walked to its end, or the client needs no more follow-up."),
    PlanStatus.LOST: _("The client can no longer be reached."),
    PlanStatus.DIED: _("The client has died."),
}


class EndForm(AttemptForm):
    use_required_attribute = False

    status = Radio(label=_("How the plan ends"), choices=[(status.value, status.label) for status in CHOSEN_ENDS])
    ended_on = DateField(label=_("Ends on"))
    reason = ReasonField(help_text=_("Not needed when the plan is completed at the end of its window or later."))

    def __init__(self, data: Any = None, *, plan: AftercarePlan):
        super().__init__(data, initial={"ended_on": plan.place.local_date()})


class ReopenForm(AttemptForm):
    reason = ReasonField()
