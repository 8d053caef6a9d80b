"""TAT cases under way in NTT, each at another step, so that secretariat and both teams find something to do."""

from datetime import date, timedelta
from decimal import Decimal

from assessments.actions import tat, tat_outcome, tat_records, tat_team
from assessments.enums import TatPaper, TatPaperState, TatRoute
from assessments.models import TatCase
from clients.actions.people import IdentityData
from clients.enums import NoNikReason
from facilities.models import Facility, Unit
from rehab.models import User
from reports.demo.people import People

_RECEIVED = tat_team.Paper(TatPaperState.RECEIVED)


class Team:
    """The demo's secretariat, doctor and police officer, who take a case from step to step."""

    def __init__(self, unit: Unit, users: dict[str, User]):
        self.unit, self.today = unit, unit.local_date()
        self.secretariat, self.medical, self.legal = (users[name] for name in ("tat.ntt", "tat.medis", "tat.hukum"))

    def opened(self, people: People, days_ago: int) -> TatCase:
        received = self.today - timedelta(days=days_ago)
        person = people.one(region="5371", on=received)
        identity = IdentityData(
            name=person.name,
            sex=person.sex,
            birth_date=person.birth_date,
            nik=person.nik,
            no_nik_reason="" if person.nik else NoNikReason.NOT_BROUGHT,
        )
        number = f"B/{100 + days_ago}/{received:%m/%Y}/Contoh"
        asked = tat.Request("Penyidik Polres Contoh", number, received, received, TatRoute.WITH_EVIDENCE)
        return tat.open_case(by=self.secretariat, unit=self.unit, identity=identity, request=asked)

    def papers(self, case: TatCase, *missing: str) -> None:
        typed = {kind: _RECEIVED for kind in TatPaper.values if kind not in {*missing, TatPaper.REQUEST}}
        tat_team.record_papers(by=self.secretariat, case=case, typed=typed, was={})

    def scheduled(self, case: TatCase, on: date) -> None:
        self.papers(case)
        tat.submit(by=self.secretariat, case=case)
        for user, agency in ((self.medical, "doctor"), (self.legal, "police")):
            tat_team.assign(by=self.secretariat, case=case, user=user, agency=agency)
        tat.schedule(by=self.secretariat, case=case, on=on)

    def medical_signed(self, case: TatCase, on: date) -> None:
        facts = tat_records.MedicalFacts(
            examined_on=on,
            notes="Kooperatif, tidur kurang, tidak ada gejala putus zat (rekaan).",
            conclusion="Penyalahguna sabu dengan ketergantungan; perlu rehabilitasi rawat inap.",
            icd_group="F15",
            icd_state="2",
            substance="stimulants",
            pattern="Dihisap hampir setiap hari sejak dua tahun.",
            need="Rawat inap, konseling keluarga, pemeriksaan penyerta.",
            urine="MET +, AMP +",
        )
        tat_records.sign_medical(by=self.medical, case=case, version=0, facts=facts)

    def legal_signed(self, case: TatCase, on: date) -> None:
        facts = tat_records.LegalFacts(
            examined_on=on,
            notes="Ditangkap sendirian di rumah; tidak ada catatan transaksi (rekaan).",
            conclusion="Pemakai untuk diri sendiri; tidak ada indikasi jaringan.",
            role="user",
        )
        evidence = [tat_records.Evidence("methamphetamine", Decimal("0.42"), "g")]
        tat_records.sign_legal(by=self.legal, case=case, version=0, facts=facts, evidence=evidence)

    def plenary(self, case: TatCase, on: date) -> None:
        minutes = tat_outcome.Minutes(
            held_on=on,
            present=list(case.members.values_list("pk", flat=True)),
            conclusion="Penyalahguna bagi diri sendiri dengan ketergantungan, tidak terkait jaringan.",
            recommendation="inpatient",
            length_months=6,
            place="Balai Rehabilitasi BNN",
        )
        tat_outcome.hold_plenary(by=self.secretariat, case=case, minutes=minutes, edit=0)

    def letter(self, case: TatCase, on: date) -> None:
        letter = tat_outcome.Letter(f"R/{case.pk}/TAT", on, "Theresia Contoh", "Ketua Tim Asesmen Terpadu")
        tat_outcome.issue_letter(by=self.secretariat, case=case, letter=letter)

    def placed(self, case: TatCase, facility: Facility, on: date) -> None:
        order = tat_outcome.Order(on, "Kejaksaan Negeri Contoh", f"PEN-{case.pk}", facility, "tat")
        tat_outcome.order_placement(by=self.secretariat, case=case, order=order)


def cases(people: People, unit: Unit, clinic: Facility, users: dict[str, User]) -> None:
    """A draft, one short of documents, one waiting for the legal record, one with its plenary, one placed at the clinic."""
    team = Team(unit, users)
    days = [team.today - timedelta(days=ago) for ago in range(10)]
    team.opened(people, 0)
    short = team.opened(people, 3)
    tat.submit(by=team.secretariat, case=short)
    team.papers(short, TatPaper.SEIZURE, TatPaper.LABORATORY)
    tat.send_back(by=team.secretariat, case=short, reason="Surat penyitaan dan hasil laboratorium belum ada.")
    half = team.opened(people, 5)
    team.scheduled(half, days[1])
    team.medical_signed(half, days[1])
    for ago, finished in ((4, False), (9, True)):
        case = team.opened(people, ago)
        team.scheduled(case, days[ago - 1])
        team.medical_signed(case, days[ago - 1])
        team.legal_signed(case, days[ago - 1])
        team.plenary(case, days[ago - 2])
        if finished:
            team.letter(case, days[ago - 4])
            team.placed(case, clinic, days[1])
