"""The two records of a TAT case. Each saving is a signed version; the plenary ends that."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.actions.tat_steps import check_day, hold, keep, move, note
from assessments.enums import TatStatus, TatTeam
from assessments.models import TatCase, TatEvidence, TatLegalRecord, TatMedicalRecord
from assessments.models.tat_record import TatRecord
from assessments.queries.tat import RECORDS
from assessments.tat_lifecycle import RECORDING
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@dataclass(frozen=True)
class MedicalFacts:
    examined_on: date
    notes: str
    conclusion: str
    icd_group: str
    icd_state: str
    substance: str
    pattern: str
    need: str
    urine: str = ""


@dataclass(frozen=True)
class Evidence:
    """`substance` and `unit` are codes of SemaSubstance and EvidenceUnit; `name` says what another substance is."""

    substance: str
    amount: Decimal
    unit: str
    name: str = ""


@dataclass(frozen=True)
class LegalFacts:
    examined_on: date
    notes: str
    conclusion: str
    role: str


class StaleRecord(Refused):
    """A colleague of the team signed a version meanwhile; nothing has been written."""


@action
def sign_medical(*, by: User, case: TatCase, version: int, facts: MedicalFacts) -> TatMedicalRecord:
    """`version` is the one that the form was opened with, 0 for none. Raises StaleRecord, or Refused."""
    held, signed = _sign(by, case, TatTeam.MEDICAL, version, facts.examined_on)
    record = TatMedicalRecord.objects.create(**signed, **asdict(facts))
    _begin(by, held, record)
    return record


@action
def sign_legal(
    *, by: User, case: TatCase, version: int, facts: LegalFacts, evidence: Sequence[Evidence]
) -> TatLegalRecord:
    """As `sign_medical`; the evidence belongs to the version."""
    held, signed = _sign(by, case, TatTeam.LEGAL, version, facts.examined_on)
    record = TatLegalRecord.objects.create(**signed, **asdict(facts))
    TatEvidence.objects.bulk_create(
        TatEvidence(record=record, position=number, **asdict(line)) for number, line in enumerate(evidence, start=1)
    )
    _begin(by, held, record)
    return record


def _sign(by: User, case: TatCase, team: TatTeam, version: int, examined_on: date) -> tuple[TatCase, dict]:
    held = hold(case)
    if held.status not in RECORDING:
        raise Refused(
            _("Records are signed between the schedule and the plenary. The case is %(status)s."),
            params={"status": held.get_status_display()},
            code="moved",
        )
    if not held.members.active().filter(user=by, team=team).exists():
        raise Refused(_("Only members of the team sign its record."))
    check_day(held, examined_on, "examined_on")
    latest = RECORDS[team].objects.filter(case=held).values_list("version", flat=True).first() or 0
    if latest != version:
        raise StaleRecord(_("A colleague has just signed a version of this record."), code="stale")
    return held, {"case": held, "version": latest + 1, "signed_by": by, "signed_at": timezone.now()}


def _begin(by: User, case: TatCase, record: TatRecord) -> None:
    """The first record of either team begins the assessment."""
    if case.status == TatStatus.SCHEDULED:
        move(case, TatStatus.ASSESSING)
    keep(case)
    note("tat.signed", by, case, team=str(record.team), version=record.version)
