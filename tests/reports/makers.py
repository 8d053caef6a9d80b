"""Makers of rows that figures are counted from; each counts unless the test says otherwise."""

from datetime import date, timedelta

from django.utils import timezone

from aftercare.enums import Relapse
from aftercare.models import AftercarePlan, FollowUp, SatisfactionSheet
from aftercare.models.survey import ELEMENTS
from assessments.enums import AssessmentStatus, TatRecommendation, TatStatus
from assessments.models import Assessment, AssessmentScore, TatCase
from assessments.models.life import DOMAINS
from clients.enums import EpisodeStatus, Outcome
from clients.models import Treatment
from facilities.enums import StrengtheningKind
from facilities.models import Facility, Strengthening, Unit
from rehab.models import User
from reports.enums import FigureScope, PeriodKind, ReportStatus
from reports.models import Budget, BudgetRevision, Report, ReportedFigure, ReportLine, Spending, Target, TargetRevision
from tests import factories

_cases = iter(range(1, 100_000))


def counted(at: Facility, on: date, **fields) -> Treatment:
    """A treatment that counts on that day."""
    episode = factories.episode(at=at, opened_on=on, facts_on=on, assessed_on=on)
    return factories.treatment(episode, facility=at, started_on=on, counted_on=on, **fields)


def completed(at: Facility, ended_on: date, *, outcome: str = Outcome.COMPLETED) -> Treatment:
    """A treatment that ended its episode."""
    start = ended_on - timedelta(days=90)
    episode = factories.episode(
        at=at,
        opened_on=start,
        status=EpisodeStatus.CLOSED,
        closed_on=ended_on,
        outcome=outcome,
        facts_on=start,
        assessed_on=start,
    )
    return factories.treatment(
        episode, facility=at, started_on=start, counted_on=start, ended_on=ended_on, outcome=outcome
    )


def plan(treatment: Treatment, *, first_contact_on: date | None = None) -> AftercarePlan:
    return AftercarePlan.objects.create(
        client=treatment.client,
        treatment=treatment,
        facility=treatment.facility,
        starts_on=treatment.ended_on or treatment.started_on,
        window_ends_on=(treatment.ended_on or treatment.started_on) + timedelta(days=183),
        first_contact_on=first_contact_on,
        counted_unit=treatment.unit if first_contact_on else None,
    )


def sheet(at: Facility, on: date, *answers: int | None) -> SatisfactionSheet:
    """An anonymous sheet with these answers, the first elements first; all nine the same for one answer."""
    given = answers * len(ELEMENTS) if len(answers) == 1 else answers
    told = dict(zip(ELEMENTS, given, strict=False))
    return SatisfactionSheet.objects.create(facility=at, unit=at.unit, given_on=on, **told)


def follow_up(of: AftercarePlan, on: date, relapse: str = Relapse.NO) -> FollowUp:
    return FollowUp.objects.create(plan=of, due_on=on, done_on=on, contact_made=True, relapse=relapse)


def measured(treatment: Treatment, before: int, after: int) -> None:
    """Quality of life before and after a treatment that has ended; the four domains at one value each time."""
    by = factories.user()
    for day, value in ((treatment.started_on, before), (treatment.ended_on, after)):
        row = Assessment.objects.create(
            client=treatment.client,
            episode=treatment.episode,
            facility=treatment.facility,
            instrument="whoqol_bref",
            version="26",
            status=AssessmentStatus.COMPLETED,
            administered_on=day,
            completed_at=timezone.now(),
            completed_by=by,
        )
        AssessmentScore.objects.bulk_create(
            AssessmentScore(assessment=row, scale=scale, value=value) for scale in DOMAINS
        )


def tat(unit: Unit, letter_on: date | None) -> TatCase:
    with_letter = {"letter_number": "B/1/TAT", "letter_on": letter_on, "recommendation": TatRecommendation.OUTPATIENT}
    return TatCase.objects.create(
        client=factories.client(),
        unit=unit,
        code=f"TAT-{next(_cases):05d}",
        status=TatStatus.RESULT if letter_on else TatStatus.SUBMITTED,
        requested_by="Polres Contoh",
        request_number="R/1",
        request_on=date(2019, 1, 2),
        received_on=date(2019, 1, 2),
        **(with_letter if letter_on else {}),
    )


def strengthened(facility: Facility, unit: Unit, on: date) -> Strengthening:
    return Strengthening.objects.create(facility=facility, unit=unit, held_on=on, kind=StrengtheningKind.BIMTEK)


def target(
    unit: Unit, value: int, *, indicator: str = "clients_rehabilitated", year: int = 2019, scope: str = FigureScope.OWN,
    in_force_on: date | None = None, months: tuple[int, ...] = (),
) -> TargetRevision:  # fmt: skip
    found, _ = Target.objects.get_or_create(unit=unit, indicator=indicator, year=year, defaults={"scope": scope})
    return TargetRevision.objects.create(
        target=found, value=value, months=list(months), in_force_on=in_force_on or date(year, 1, 1), reason="Contoh"
    )


def budget(
    unit: Unit, first_half: int, second_half: int, *, indicator: str = "clients_rehabilitated", year: int = 2026,
    spent: tuple[int | None, int | None] = (None, None), as_of: date | None = None, code: str = "",
) -> Budget:  # fmt: skip
    """An activity with its ceilings from January on, and what was spent by semester (None: nothing recorded)."""
    code = code or f"{3260 + Budget.objects.count()}.AAA"
    made = Budget.objects.create(unit=unit, year=year, code=code, activity=f"Kegiatan {code}", indicator=indicator)
    ceiling(made, first_half, second_half, date(year, 1, 1))
    for half, amount in enumerate(spent, start=1):
        if amount is not None:
            Spending.objects.create(budget=made, half=half, amount=amount, as_of=as_of or date(year, 6 * half, 30))
    return made


def ceiling(budget: Budget, first_half: int, second_half: int, in_force_on: date) -> BudgetRevision:
    return BudgetRevision.objects.create(
        budget=budget, first_half=first_half, second_half=second_half, in_force_on=in_force_on, reason="Contoh"
    )


def reported(
    unit: Unit, realised: int, *, indicator: str = "clients_rehabilitated", year: int = 2019
) -> ReportedFigure:
    return ReportedFigure.objects.create(
        unit=unit,
        year=year,
        indicator=indicator,
        title="x",
        realised=realised,
        as_of=date(year, 12, 31),
        source="Koran",
    )


def sealed(unit: Unit, by: User, starts_on: date, ends_on: date, *, realised: int) -> Report:
    """A sealed report that says so many clients, whatever is counted."""
    kind = PeriodKind.YEAR if (ends_on - starts_on).days > 300 else PeriodKind.QUARTER
    report = Report.objects.create(
        unit=unit, scope=FigureScope.OWN, kind=kind, starts_on=starts_on, ends_on=ends_on, status=ReportStatus.READY
    )
    ReportLine.objects.create(
        report=report, position=1, indicator="clients_rehabilitated", definition_version=1, title="Klien", measure="orang",
        source="counted", realised=realised, as_of=ends_on,
    )  # fmt: skip
    report.status, report.digest, report.sealed_by, report.sealed_at = ReportStatus.SEALED, "0" * 64, by, timezone.now()
    report.save()
    return report
