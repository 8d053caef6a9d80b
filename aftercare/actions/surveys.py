"""The satisfaction survey at the end of a treatment: answered by the client on the device at hand, or declined."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _

from aftercare.enums import LEAST_ANSWERED
from aftercare.models import SatisfactionSheet, SatisfactionSurvey
from aftercare.models.survey import ELEMENTS
from clients.models import Treatment
from facilities.models import Facility
from facilities.queries import term_on
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User

# After the end of a treatment the survey may still be given for so long.
STAYS_OPEN = timedelta(days=30)


@action
def answer(*, by: User, treatment: Treatment, answers: Mapping[str, int | None]) -> SatisfactionSurvey:
    """Keep the answers (by element, 1 to 4, None for none) on a sheet of their own, and beside the treatment only that there
    was an answer. Nothing joins the two.

    Raises Refused for fewer than five answers, for one out of range, and for all that `decline` refuses.
    """
    told = {name: answers.get(name) for name in ELEMENTS}
    if any(value is not None and value not in range(1, 5) for value in told.values()):
        raise Refused(_("Each answer lies between 1 and 4."))
    if sum(value is not None for value in told.values()) < LEAST_ANSWERED:
        raise Refused(_("At least five of the nine questions must be answered."))
    survey = _asked(by, treatment, given=True)
    facility = treatment.facility
    SatisfactionSheet.objects.create(
        facility=facility, unit_id=unit_on(facility, survey.asked_on), given_on=survey.asked_on, **told
    )
    return survey


@action
def decline(*, by: User, treatment: Treatment) -> SatisfactionSurvey:
    """The client does not want to: that is recorded and stands in nobody's way.

    Raises Refused for a treatment that never started, ended long ago, or was asked about already.
    """
    return _asked(by, treatment, given=False)


def unit_on(facility: Facility, day: date) -> int:
    """The unit that a sheet counts for: the one that supervised the facility on that day."""
    term = term_on(facility.pk, day)
    return term.unit_id if term else facility.unit_id


def _asked(by: User, treatment: Treatment, *, given: bool) -> SatisfactionSurvey:
    held = Treatment.objects.select_for_update(no_key=True).get(pk=treatment.pk)
    today = treatment.facility.local_date()
    if held.started_on is None:
        raise Refused(_("This treatment never started."))
    if held.ended_on and held.ended_on < today - STAYS_OPEN:
        raise Refused(_("This treatment ended too long ago to ask about it."))
    if SatisfactionSurvey.objects.filter(treatment=held).exists():
        raise Refused(_("The survey of this treatment was given or declined already."), code="asked")
    survey = SatisfactionSurvey.objects.create(treatment=held, given=given, asked_on=today, asked_by=by)
    audit.record(
        "survey.answered" if given else "survey.declined", by=by, subject=survey, client_code=treatment.client.code,
        place=treatment.facility.code,
    )  # fmt: skip
    return survey
