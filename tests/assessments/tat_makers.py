"""A unit with its secretariat and one member of each team, and a case brought to any status by the actions themselves."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from assessments.actions import tat, tat_outcome, tat_records, tat_team
from assessments.enums import TatPaper, TatPaperState, TatStatus
from assessments.models import TatCase, TatMember
from clients.actions.people import IdentityData
from facilities.models import Unit
from rehab.models import User
from rehab.roles import Role
from tests import factories

MEDICAL_NOTE, LEGAL_NOTE = "catatan medis rahasia", "catatan hukum rahasia"
MEDICAL_END, LEGAL_END = "Ketergantungan sabu, perlu rawat inap", "Pemakai, tidak terkait jaringan"
EVIDENCE = (
    tat_records.Evidence("methamphetamine", Decimal("0.4"), "g"),
    tat_records.Evidence("mdma", Decimal(9), "tablet"),
    tat_records.Evidence("other", Decimal(3), "g", "Kratom"),
)
WAY = (
    TatStatus.DRAFT, TatStatus.SUBMITTED, TatStatus.SCHEDULED, TatStatus.ASSESSING, TatStatus.PLENARY, TatStatus.RESULT,
)  # fmt: skip


@dataclass
class Team:
    unit: Unit = field(default_factory=lambda: factories.unit("BNNP-53"))

    def __post_init__(self) -> None:
        self.sri = factories.user(Role.TAT_SECRETARIAT, self.unit, name="Sri Contoh")
        self.maria = factories.user(Role.TAT_MEDICAL, self.unit, name="Maria Contoh")
        self.yusuf = factories.user(Role.TAT_LEGAL, self.unit, name="Yusuf Contoh")

    @property
    def today(self) -> date:
        return self.unit.local_date()

    def case(self, status: str = TatStatus.DRAFT, *, days_ago: int = 3, **request: Any) -> TatCase:
        """A case received so many days ago, on its way to `status`."""
        received = self.today - timedelta(days=days_ago)
        asked = tat.Request(
            **({"agency": "Polres Contoh", "number": "R/1", "dated": received, "received_on": received} | request)
        )
        identity = IdentityData(name="Budi Contoh", sex="M", no_nik_reason="unknown")
        made = tat.open_case(by=self.sri, unit=self.unit, identity=identity, request=asked)
        for step in WAY[1 : WAY.index(TatStatus(status)) + 1]:
            getattr(self, f"_to_{step}")(made)
        return TatCase.objects.select_related("client", "unit").get(pk=made.pk)

    def _to_submitted(self, case: TatCase) -> None:
        tat.submit(by=self.sri, case=case)

    def _to_scheduled(self, case: TatCase) -> None:
        self.complete(case)
        self.assign(case)
        tat.schedule(by=self.sri, case=case, on=self.today)

    def _to_assessing(self, case: TatCase) -> None:
        tat_records.sign_medical(by=self.maria, case=case, version=0, facts=self.medical())
        tat_records.sign_legal(by=self.yusuf, case=case, version=0, facts=self.legal(), evidence=EVIDENCE)

    def _to_plenary(self, case: TatCase) -> None:
        tat_outcome.hold_plenary(by=self.sri, case=case, minutes=self.minutes(case), edit=0)

    def _to_result(self, case: TatCase) -> None:
        tat_outcome.issue_letter(by=self.sri, case=case, letter=self.letter())

    def complete(self, case: TatCase) -> None:
        now = tat_team.papers(case)
        all_in = {kind: tat_team.Paper(TatPaperState.RECEIVED, f"D/{kind}") for kind in TatPaper.values}
        tat_team.record_papers(by=self.sri, case=case, typed=all_in, was=now)

    def assign(self, case: TatCase) -> list[TatMember]:
        return [
            tat_team.assign(by=self.sri, case=case, user=self.maria, agency="doctor"),
            tat_team.assign(by=self.sri, case=case, user=self.yusuf, agency="police"),
        ]

    def medical(self, **changes: Any) -> tat_records.MedicalFacts:
        values = {
            "examined_on": self.today, "notes": MEDICAL_NOTE, "conclusion": MEDICAL_END, "icd_group": "F15",
            "icd_state": "2", "substance": "stimulants", "pattern": "Setiap hari", "need": "Rawat inap", "urine": "MET +",
        }  # fmt: skip
        return tat_records.MedicalFacts(**(values | changes))

    def legal(self, **changes: Any) -> tat_records.LegalFacts:
        values = {"examined_on": self.today, "notes": LEGAL_NOTE, "conclusion": LEGAL_END, "role": "user"}
        return tat_records.LegalFacts(**(values | changes))

    def minutes(self, case: TatCase, **changes: Any) -> tat_outcome.Minutes:
        present = list(case.members.active().values_list("pk", flat=True))
        values = {"held_on": self.today, "present": present, "conclusion": "Pemakai", "recommendation": "inpatient",
                  "length_months": 6, "place": "Balai Contoh"}  # fmt: skip
        return tat_outcome.Minutes(**(values | changes))

    def letter(self, **changes: Any) -> tat_outcome.Letter:
        values = {"number": "B/7/XI", "dated": self.today, "signer": "Theresia Contoh", "position": "Ketua Tim"}
        return tat_outcome.Letter(**(values | changes))

    def order(self, facility: Any, **changes: Any) -> tat_outcome.Order:
        values = {"decided_on": self.today, "ordered_by": "Kejaksaan Negeri Contoh", "number": "PEN/1",
                  "facility": facility, "admission": "tat"}  # fmt: skip
        return tat_outcome.Order(**(values | changes))


def fresh(user: User) -> User:
    """As in the next request."""
    return User.objects.get(pk=user.pk)
