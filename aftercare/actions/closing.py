"""Closing a treatment: its end, its outcome, and what follows, in one transaction."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from aftercare.actions import plans
from aftercare.models import AftercarePlan
from aftercare.schedule import OUTCOMES_WITH_PLAN
from clients.actions import treatments
from clients.enums import Outcome
from clients.models import Treatment
from rehab import tunables
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@dataclass(frozen=True)
class Closed:
    """The ended treatment, its episode (closed with the last treatment), and the plan where one was started."""

    treatment: Treatment
    plan: AftercarePlan | None


@action
def close(
    *,
    by: User,
    treatment: Treatment,
    ended_on: date,
    outcome: str,
    note: str = "",
    start_plan: bool | None = None,
) -> Closed:
    """End `treatment` and start the aftercare that its outcome has; `start_plan` departs from that.

    Raises Refused without a reason for every outcome but completed, for leaving aftercare out without one, for aftercare
    of a person who died, and for all that `treatments.end` and `plans.start` refuse.
    """
    note = note.strip()
    usual = outcome in tunables.value(OUTCOMES_WITH_PLAN) and outcome != Outcome.DIED
    starting = usual if start_plan is None else start_plan
    if starting and outcome == Outcome.DIED:
        raise Refused(_("The client has died: there is no aftercare."), field="start_plan")
    if not note and outcome != Outcome.COMPLETED:
        raise Refused(_("Say why the treatment ends this way."), field="note")
    if not note and usual and not starting:
        raise Refused(_("Say why there is no aftercare."), field="note")
    # Plans before the client's windows: the order in which a follow-up takes them.
    list(AftercarePlan.objects.open().filter(client=treatment.client_id).select_for_update().values_list("pk"))
    ended = treatments.end(by=by, treatment=treatment, ended_on=ended_on, outcome=outcome, note=note)
    if outcome == Outcome.DIED:
        plans.end_at_death(by, ended.client, ended_on)
    if not starting:
        return Closed(ended, None)
    plan = plans.start(by=by, client=ended.client, treatment=ended, facility=ended.facility, starts_on=ended_on)
    return Closed(ended, plan)
