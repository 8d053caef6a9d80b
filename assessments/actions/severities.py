"""The interviewer's severity of each area: entered with name and time after the interview, never computed."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.enums import AssessmentStatus
from assessments.instruments import registry
from assessments.models import Assessment, ProblemSeverity
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User

MOST = 9


@action
def rate(*, by: User, assessment: Assessment, values: Mapping[str, int | None]) -> list[ProblemSeverity]:
    """Keep the judgements that differ from those that hold; None leaves an area as it is. Gives the new rows.

    Raises Refused with the area as its field for an area that the instrument lacks or a value outside 0–9.
    """
    found = Assessment.objects.select_for_update(of=("self",)).select_related("client").get(pk=assessment.pk)
    if found.status != AssessmentStatus.COMPLETED:
        raise Refused(_("Severities are entered for a completed assessment."))
    areas = {area.code for area in registry.get(found.instrument).areas}
    for area, value in values.items():
        if area not in areas:
            raise Refused(gettext("%(area)s: this instrument has no such area") % {"area": area}, field=area)
        if value is not None and not 0 <= value <= MOST:
            raise Refused(_("A severity goes from 0 to 9."), field=area)
    held = {row.area: row.value for row in found.severities.all()}
    made = [
        ProblemSeverity.objects.create(assessment=found, area=area, value=value, rated_by=by)
        for area, value in values.items()
        if value is not None and held.get(area) != value
    ]
    if made:
        told = {"areas": [row.area for row in made]}
        audit.record("assessment.rated", by=by, subject=found, client_code=found.client.code, data=told)
    return made
