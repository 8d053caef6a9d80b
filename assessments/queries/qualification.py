"""Who may administer which instrument: the rule is a setting, the person's papers are in the register of staff.

An assessment by somebody without them is flagged wherever it is shown, never blocked. The flag is read anew each time, so
that a certificate recorded late takes it away.
"""

from django.utils.translation import gettext

from assessments.instruments import registry
from assessments.models import Assessment
from facilities.enums import Qualifying
from facilities.queries import qualified
from rehab import tunables
from rehab.numbers import format_date

Q = Qualifying
_CLINICIANS = [Q.DOCTOR, Q.PSYCHIATRIST, Q.PSYCHOLOGIST]
_CARE = [*_CLINICIANS, Q.NURSE, Q.SOCIAL_WORKER, Q.COUNSELOR, Q.CERT_ASSESSOR, Q.CERT_COUNSELING]
# Instruments that are a clinical interview; all others may be taken by anyone who cares for clients.
_ASSESSORS = [*_CLINICIANS, Q.CERT_ASSESSOR]
DEFAULT_RULES = {"asi": _ASSESSORS, "wajib_lapor": _ASSESSORS, "assist": [*_CARE, Q.CERT_SCREENING]}


def rule_key(instrument: str) -> str:
    return f"assessments.{instrument}.qualified"


def default_rule(instrument: str) -> list[str]:
    return [each.value for each in DEFAULT_RULES.get(instrument, _CARE)]


def qualification_flag(assessment: Assessment) -> str:
    """One sentence where whoever completed it held nothing that the rule names on its day; else empty. Two queries."""
    if assessment.completed_by is None:
        return ""
    accepted = tunables.value(rule_key(assessment.instrument))
    if not accepted or qualified(assessment.completed_by.pk, accepted, on=assessment.administered_on):
        return ""
    told = {"name": assessment.completed_by.name, "day": format_date(assessment.administered_on)}
    return gettext("No qualification of %(name)s is recorded as valid on %(day)s for this instrument.") % told


def accepted_for(instrument: str) -> list[str]:
    """What the rule names, in words."""
    return [str(Qualifying(code).label) for code in tunables.value(rule_key(registry.get(instrument).key))]
