"""Targets, TAT cases, strengthenings and qualifications of the demo; the published figures come in by `import_figures`."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from assessments.enums import TatPaper, TatPaperState, TatRecommendation, TatRoute, TatStatus
from assessments.models import TatCase, TatDocument
from clients.actions.people import IdentityData, create_client
from clients.enums import NoNikReason
from facilities.enums import CertificateResult, Qualifying, StrengtheningKind
from facilities.models import Facility, Qualification, Strengthening, Unit
from rehab.models import User
from reports.demo.people import People
from reports.enums import FigureScope, Half
from reports.models import Budget, BudgetRevision, Spending, Target, TargetRevision

NTT_TARGETS_2019 = {"clients_rehabilitated": 60, "tat_clients": 12, "aftercare_facilities": 1}
# Yearly targets of the current year, own facilities only; BNN's is for the whole tree.
TARGETS_NOW = {
    "BNNP-53": {"clients_rehabilitated": 80, "tat_clients": 12, "aftercare_clients": 40, "aftercare_facilities": 1,
                "institutions_strengthened": 6, "not_relapsed_pct": 50, "quality_of_life_pct": 65},
    "BNNP-51": {"clients_rehabilitated": 45, "tat_clients": 20, "aftercare_clients": 25, "not_relapsed_pct": 50},
    "BNNK-5371": {"clients_rehabilitated": 16, "aftercare_clients": 10},
    "BNNK-5304": {"clients_rehabilitated": 12},
    "BNNK-6271": {"clients_rehabilitated": 20, "aftercare_clients": 10},
    "BNNP-36": {"clients_rehabilitated": 60, "tat_clients": 15},
    "BNN": {"clients_rehabilitated": 400, "tat_clients": 60, "aftercare_clients": 150, "not_relapsed_pct": 50},
}  # fmt: skip
STRENGTHENED_2019 = {
    "Yayasan Warna Kasih": date(2019, 3, 14),
    "Yayasan Mensa Lembata": date(2019, 4, 25),
    "Yayasan Yakestra Maumere": date(2019, 7, 18),
    "Yayasan Mitra Harapan SoE": date(2019, 9, 5),
}


def targets(units: dict[str, Unit], year: int, by: User) -> None:
    _targets(units["BNNP-53"], 2019, NTT_TARGETS_2019, by)
    for code, values in TARGETS_NOW.items():
        _targets(units[code], year, values, by)
        _targets(units[code], year - 1, {key: value if key.endswith("_pct") else value * 3 // 4 or 1
                                         for key, value in values.items()}, by)  # fmt: skip


def _targets(unit: Unit, year: int, values: dict[str, int], staff: User) -> None:
    """NTT's staff have set NTT's targets; of the others nobody here knows who did."""
    by = staff if unit.code == "BNNP-53" else None
    scope = FigureScope.TREE if unit.parent_id is None else FigureScope.OWN
    rows = Target.objects.bulk_create(
        Target(unit=unit, indicator=indicator, year=year, scope=scope) for indicator in values
    )
    TargetRevision.objects.bulk_create(
        TargetRevision(
            target=row,
            value=Decimal(values[row.indicator]),
            in_force_on=date(year, 1, 1),
            reason="Perjanjian kinerja (contoh)",
            made_by=by,
        )
        for row in rows
    )


def strengthenings(facilities: dict[str, Facility], today: date, by: User) -> None:
    """The four foundations of 2019, and three of them again this year."""
    held = list(STRENGTHENED_2019.items())
    january = date(today.year, 1, 1)
    held += [
        (name, day)
        for name, day in zip(STRENGTHENED_2019, _days_since(january, today, 3), strict=False)
        if day <= today
    ]
    Strengthening.objects.bulk_create(
        Strengthening(
            facility=facilities[name],
            unit=facilities[name].unit,
            held_on=day,
            kind=StrengtheningKind.BIMTEK,
            note="Bimbingan teknis petugas (contoh)",
            recorded_by=by,
        )
        for name, day in held
    )


def _days_since(first: date, last: date, count: int) -> list[date]:
    step = max(1, (last - first).days // (count + 1))
    return [first + timedelta(days=step * (number + 1)) for number in range(count)]


def tat_cases(random: Random, people: People, units: dict[str, Unit], today: date, by: User) -> None:
    """NTT 2019: eight letters. This year seven letters and two cases whose six days are running."""
    unit = units["BNNP-53"]
    days = [date(2019, 2, 4) + timedelta(days=33 * number) for number in range(8)]
    days += _days_since(date(today.year, 1, 1), today - timedelta(days=12), 7)
    days += [today - timedelta(days=4), today - timedelta(days=1)]
    numbers: dict[int, int] = {}
    for received in days:
        numbers[received.year] = number = numbers.get(received.year, 0) + 1
        _tat_case(random, people, unit, received, today, f"TAT-53-{received.year}-{number:04d}", by)


def _tat_case(random: Random, people: People, unit: Unit, received: date, today: date, code: str, by: User) -> None:
    invented = people.one(region="5371", on=received)
    client = create_client(
        IdentityData(
            name=invented.name,
            sex=invented.sex,
            birth_date=invented.birth_date,
            nik=invented.nik,
            no_nik_reason="" if invented.nik else NoNikReason.NOT_BROUGHT,
        )
    )
    number = int(code.rsplit("-", 1)[1])
    case = TatCase(
        client=client,
        unit=unit,
        code=code,
        requested_by="Penyidik Polres Contoh",
        request_number=f"B/{number:03d}/{received:%m/%Y}/Contoh",
        request_on=received,
        received_on=received,
        route=TatRoute.WITH_EVIDENCE,
        status=TatStatus.SUBMITTED,
        recorded_by=by,
    )
    if received < today - timedelta(days=8):
        case.status = TatStatus.RESULT
        case.letter_on = received + timedelta(days=random.randrange(4, 7))
        case.letter_number = f"R/{number:03d}/TAT/{case.letter_on:%m/%Y}"
        case.recommendation = random.choice([TatRecommendation.OUTPATIENT, TatRecommendation.INPATIENT])
        case.length_months = random.choice([3, 4, 6])
    case.save(force_insert=True)
    if case.is_running:
        facts = {"number": case.request_number, "dated": received, "recorded_by": by, "recorded_at": timezone.now()}
        TatDocument.objects.create(case=case, kind=TatPaper.REQUEST, state=TatPaperState.RECEIVED, **facts)


# Code, activity, output, ceilings and spending by semester in millions of rupiah.
BUDGETS_NTT = (
    ("3260.AEA.001", "Layanan rehabilitasi rawat jalan", "clients_rehabilitated", (165, 165), (158, 92)),
    ("3260.AEA.002", "Asesmen terpadu (TAT)", "tat_clients", (42, 42), (30, 21)),
    ("3260.AEA.003", "Layanan pascarehabilitasi", "aftercare_clients", (55, 60), (54, 33)),
    ("3260.BDB.001", "Peningkatan kemampuan lembaga rehabilitasi", "institutions_strengthened", (38, 38), (20, None)),
    ("3260.EBA.994", "Dukungan manajemen bidang rehabilitasi", "", (24, 24), (22, 12)),
)
MILLION = 1_000_000


def budgets(unit: Unit, today: date, by: User) -> None:
    """NTT's activities of the current year; the second semester's spending only once that has begun."""
    january, july = date(today.year, 1, 1), date(today.year, 7, 1)
    for code, activity, indicator, ceilings, spent in BUDGETS_NTT:
        budget = Budget.objects.create(unit=unit, year=today.year, code=code, activity=activity, indicator=indicator)
        first, second = (amount * MILLION for amount in ceilings)
        BudgetRevision.objects.create(
            budget=budget, first_half=first, second_half=second, in_force_on=january, reason="DIPA (contoh)", made_by=by
        )
        for half, amount in zip(Half, spent, strict=True):
            if amount is not None and (half == Half.FIRST or today >= july):
                as_of = min(today, july - timedelta(days=1)) if half == Half.FIRST else today
                Spending.objects.create(
                    budget=budget, half=half, amount=amount * MILLION, as_of=as_of, recorded_by=by
                )  # fmt: skip


def qualifications(users: dict[str, User], today: date) -> None:
    """Licences and certificates of the clinic's staff, one of them about to end."""
    soon = today + timedelta(days=24)
    held = (
        ("konselor", Qualifying.COUNSELOR, "", "", None),
        ("konselor", Qualifying.CERT_ASSESSOR, "KA-2024-118", "Madya", soon),
        ("dokter", Qualifying.DOCTOR, "STR 31 2 1 100 3 24 071234", "", today + timedelta(days=900)),
        ("perawat", Qualifying.NURSE, "STR 17 01 5 2 24-1234567", "", None),
        ("konselor.bali", Qualifying.CERT_ASSESSOR, "KA-2025-007", "Muda", None),
    )
    for username, what, number, level, ends_on in held:
        result = CertificateResult.COMPETENT if what in Qualifying.certificates() else ""
        Qualification.objects.create(
            user=users[username],
            what=what,
            number=number,
            level=level,
            result=result,
            issuer="LSP Contoh" if result else "",
            starts_on=date(2018, 1, 1),
            ends_on=ends_on,
        )
