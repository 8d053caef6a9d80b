"""What assessments found that a treatment plan should be about."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.queries.results import completed_of, result_of, title_of
from assessments.queries.severity import severities_of
from clients.enums import ProblemArea
from clients.models import Treatment
from rehab.numbers import format_date

# From here on the forms call a problem moderate: it calls for treatment.
MODERATE = 4
AREA_OF = {
    "medical": ProblemArea.MEDICAL,
    "employment": ProblemArea.WORK,
    "alcohol": ProblemArea.SUBSTANCE,
    "drug": ProblemArea.SUBSTANCE,
    "legal": ProblemArea.LEGAL,
    "family": ProblemArea.FAMILY,
    "psychiatric": ProblemArea.PSYCHIATRIC,
}
# Instruments of one area: what they find raised is a problem there.
FOUND_IN = {
    "assist": ProblemArea.SUBSTANCE,
    "dast10": ProblemArea.SUBSTANCE,
    "audit": ProblemArea.SUBSTANCE,
    "srq20": ProblemArea.PSYCHIATRIC,
}
RAISED = {"attention", "danger"}
LONGEST = 250


@dataclass(frozen=True)
class Problem:
    """`source` names the assessment that found it."""

    area: ProblemArea
    text: str
    source: str


def problems_of(treatment: Treatment) -> list[Problem]:
    """From the latest of each instrument that the treating facility completed, the gravest area first as the forms order them."""
    found: dict[str, Assessment] = {}
    for assessment in completed_of([treatment.client]).filter(facility=treatment.facility):
        found.setdefault(assessment.instrument, assessment)
    return [problem for assessment in found.values() for problem in _problems(assessment)]


def _problems(assessment: Assessment) -> Iterator[Problem]:
    source = _("%(instrument)s of %(day)s") % {
        "instrument": title_of(assessment),
        "day": format_date(assessment.administered_on),
    }
    for severity in severities_of(assessment):
        if severity.value is not None and severity.value >= MODERATE:
            words = {"title": severity.title, "word": severity.word, "value": severity.value}
            area = AREA_OF.get(severity.area, ProblemArea.OTHER)
            yield Problem(area, (_("%(title)s: %(word)s (%(value)s)") % words)[:LONGEST], source)
    found_in = FOUND_IN.get(assessment.instrument)
    if found_in is None:
        return
    for line in result_of(assessment).lines:
        if line.tone in RAISED:
            words = {"title": line.title, "word": line.band_title, "value": line.shown}
            yield Problem(found_in, (_("%(title)s: %(word)s (%(value)s)") % words)[:LONGEST], source)
