"""Closing a treatment: its end, its outcome, and what follows, in one transaction."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from aftercare.actions import plans
from aftercare.measures import GONE, Measure, missing_measures
from aftercare.models import AftercarePlan, SkippedMeasure
from aftercare.schedule import OUTCOMES_WITH_PLAN
from clients.actions import treatments
from clients.enums import Outcome
from clients.models import Treatment
from rehab import audit, tunables
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
    skip_reason: str = "",
) -> Closed:
    """End `treatment` and start the aftercare that its outcome has; `start_plan` departs from that.

    What was measured before is measured once more, or `skip_reason` says why not; whoever has gone is not asked.
    Raises Refused without a reason for every outcome but completed, for leaving aftercare out without one, for aftercare
    of a person who died, for a measure that is neither there nor skipped, and for all that `treatments.end` and
    `plans.start` refuse.
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
    skipped = [] if outcome in GONE else missing_measures(treatment)
    if skipped and not skip_reason.strip():
        titles = ", ".join(each.title for each in skipped)
        raise Refused(_("Measure once more, or say why not: %(titles)s.") % {"titles": titles}, field="skip_reason")
    # Plans before the client's windows: the order in which a follow-up takes them.
    list(AftercarePlan.objects.open().filter(client=treatment.client_id).select_for_update().values_list("pk"))
    ended = treatments.end(by=by, treatment=treatment, ended_on=ended_on, outcome=outcome, note=note)
    _skip(by, ended, skipped, skip_reason.strip())
    if outcome == Outcome.DIED:
        plans.end_at_death(by, ended.client, ended_on)
    if not starting:
        return Closed(ended, None)
    plan = plans.start(by=by, client=ended.client, treatment=ended, facility=ended.facility, starts_on=ended_on)
    return Closed(ended, plan)


def _skip(by: User, treatment: Treatment, measures: list[Measure], reason: str) -> None:
    for measure in measures:
        row = SkippedMeasure.objects.create(
            treatment=treatment, instrument=measure.key, reason=reason[:250], skipped_by=by
        )
        audit.record(
            "aftercare.measure_skipped", by=by, subject=row, client_code=treatment.client.code,
            place=treatment.facility.code, reason=row.reason, data={"instrument": measure.key},
        )  # fmt: skip
