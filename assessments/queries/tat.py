"""TAT cases as pages show them: the clock, what stands and what is missing, who sees which part."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypedDict, cast
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.access import Part
from assessments.enums import TatPaper, TatPaperState, TatRoute, TatStatus, TatTeam
from assessments.models import TatCase, TatDocument, TatLegalRecord, TatMedicalRecord, TatMember
from assessments.models.tat import PERMISSION_OF
from assessments.tat_lifecycle import RECORDING, STEPS, Need, TatStep
from facilities.enums import UnitKind
from facilities.models import Facility, Posting, Unit
from facilities.queries import descendants
from rehab import tunables
from rehab.models import User
from rehab.roles import roles_with

TAT_DAYS = "assessments.tat_days"
SHOWN = 20
RECORDS = {TatTeam.MEDICAL: TatMedicalRecord, TatTeam.LEGAL: TatLegalRecord}

_ALWAYS = [TatPaper.REQUEST, TatPaper.IDENTITY, TatPaper.POLICE_REPORT, TatPaper.EXAMINATION, TatPaper.ARREST]
_SEIZED = [TatPaper.SEIZURE, TatPaper.LABORATORY]
REQUIRED: dict[str, list[TatPaper]] = {
    TatRoute.WITHOUT_EVIDENCE: [*_ALWAYS, TatPaper.URINE],
    TatRoute.WITH_EVIDENCE: [*_ALWAYS, *_SEIZED, TatPaper.URINE],
    TatRoute.P19: [*_ALWAYS, *_SEIZED, TatPaper.URINE],
    TatRoute.PROSECUTION: [*_ALWAYS, *_SEIZED],
    TatRoute.TRIAL: [TatPaper.REQUEST, TatPaper.IDENTITY, TatPaper.EXAMINATION, *_SEIZED],
}

NEED_WORDS = {
    Need.REQUEST_LETTER: _("the request letter"),
    Need.DOCUMENTS: _("the documents that this route needs"),
    Need.MEDICAL_MEMBER: _("a member of the medical team"),
    Need.LEGAL_MEMBER: _("a member of the legal team"),
    Need.MEDICAL_RECORD: _("the signed record of the medical team"),
    Need.LEGAL_RECORD: _("the signed record of the legal team"),
}


def tat_deadline(case: TatCase, days: int) -> datetime:
    """The end of the last day for the conclusion, on the clocks of the unit: calendar days after receipt."""
    last = case.received_on + timedelta(days=days)
    return datetime.combine(last + timedelta(days=1), time(), ZoneInfo(case.unit.zone))


@dataclass(frozen=True)
class Clock:
    """What is left of a case's time: `left` is below zero when it is over; `taken` days once the letter is out."""

    deadline: datetime
    last_day: date
    left: timedelta
    running: bool
    taken: int | None

    @property
    def late(self) -> bool:
        return self.running and self.left < timedelta(0)

    @property
    def short(self) -> bool:
        return self.running and timedelta(0) <= self.left < timedelta(days=2)

    @property
    def days(self) -> int:
        return abs(self.left).days

    @property
    def hours(self) -> int:
        return abs(self.left).seconds // 3600


def tat_clock(case: TatCase, days: int, now: datetime | None = None) -> Clock:
    deadline = tat_deadline(case, days)
    return Clock(
        deadline=deadline,
        last_day=case.received_on + timedelta(days=days),
        left=deadline - (now or timezone.now()),
        running=case.is_running,
        taken=(case.letter_on - case.received_on).days if case.letter_on else None,
    )


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _MyPart(TypedDict):
        my_team: str | None
        medical_signed: bool
        legal_signed: bool

    MyTatCase = WithAnnotations[TatCase, _MyPart]


def with_my_part(rows: QuerySet[TatCase], user: User) -> "QuerySet[MyTatCase]":
    """Each case with `my_team`, and whether the two records are signed; for `waits_for_me`."""
    mine = TatMember.objects.active_of(user).filter(case=OuterRef("pk"))
    found = rows.annotate(
        my_team=Subquery(mine.values("team")[:1]),
        medical_signed=Exists(TatMedicalRecord.objects.filter(case=OuterRef("pk"))),
        legal_signed=Exists(TatLegalRecord.objects.filter(case=OuterRef("pk"))),
    )
    return cast("QuerySet[MyTatCase]", found)


def waits_for_me(case: TatCase) -> bool:
    """Of a case `with_my_part`: whether the record of the person's team is still to be signed."""
    team = getattr(case, "my_team", None)
    return bool(team) and case.status in RECORDING and not getattr(case, f"{team}_signed")


def papers_key(route: str) -> str:
    return f"assessments.tat_papers.{route or TatRoute.WITHOUT_EVIDENCE}"


def required_papers(case: TatCase) -> list[str]:
    """Codes of TatPaper that the route of the case needs, by the setting in force. One query."""
    return list(tunables.value(papers_key(case.route)))


def missing_papers(case: TatCase) -> list[str]:
    """Required and neither received nor set down as not applicable, in the order of the checklist."""
    required = set(required_papers(case))
    settled = TatDocument.objects.filter(case=case).exclude(state=TatPaperState.MISSING)
    required -= set(settled.values_list("kind", flat=True))
    return [paper for paper in TatPaper.values if paper in required]


def paper_words(papers: Iterable[str]) -> str:
    return ", ".join(str(TatPaper(paper).label) for paper in papers)


def standing(case: TatCase) -> frozenset[Need]:
    """Which needs of the lifecycle are met. Five queries."""
    teams = set(case.members.active().values_list("team", flat=True))
    request = TatDocument.objects.filter(case=case, kind=TatPaper.REQUEST, state=TatPaperState.RECEIVED)
    found = {
        Need.REQUEST_LETTER: request.exists(),
        Need.DOCUMENTS: not missing_papers(case),
        Need.MEDICAL_MEMBER: TatTeam.MEDICAL in teams,
        Need.LEGAL_MEMBER: TatTeam.LEGAL in teams,
        Need.MEDICAL_RECORD: TatMedicalRecord.objects.filter(case=case).exists(),
        Need.LEGAL_RECORD: TatLegalRecord.objects.filter(case=case).exists(),
    }
    return frozenset(need for need, met in found.items() if met)


@dataclass(frozen=True)
class OpenStep:
    """A step that a person may take; `missing` says what must stand first."""

    step: TatStep
    missing: list[str]


def open_steps(part: Part, case: TatCase, have: frozenset[Need]) -> list[OpenStep]:
    found = [step for step in STEPS[TatStatus(case.status)] if step.permissions & part.permissions]
    return [OpenStep(step, [str(NEED_WORDS[need]) for need in step.missing(have)]) for step in found]


@dataclass(frozen=True)
class Conclusion:
    """All that anyone outside a team reads of its record."""

    team: str
    text: str
    version: int
    signed_at: datetime


def conclusions(case: TatCase) -> dict[str, Conclusion]:
    """{team: its latest conclusion}; nothing else of the records is fetched. Two queries."""
    found = {}
    for team, model in RECORDS.items():
        told = model.objects.filter(case=case).values_list("conclusion", "version", "signed_at").first()
        if told:
            found[team.value] = Conclusion(team.value, *told)
    return found


def candidates(unit: Unit, team: str, on: date) -> QuerySet[User]:
    """People who may sit in this team of the unit's cases: a post of that kind at the unit, below it, or above it short of
    BNN; a facility's doctor through the unit that supervises it."""
    places = {unit.pk} if unit.kind == UnitKind.BNN else descendants([unit.pk], on=on)[unit.pk] | _above(unit)
    posts = Posting.objects.on(on).filter(role__in=roles_with(PERMISSION_OF[TatTeam(team)]), user=OuterRef("pk"))
    here = posts.filter(Q(unit__in=places) | Q(facility__unit__in=places))
    return User.objects.filter(Exists(here), is_active=True).order_by("name", "pk")


def _above(unit: Unit) -> set[int]:
    found = set()
    parent = unit.parent
    while parent is not None and parent.kind != UnitKind.BNN:
        found.add(parent.pk)
        parent = parent.parent
    return found


def places_for(case: TatCase, words: str) -> list[Facility]:
    """Open facilities by words of their name or place; without words those of the unit's province. One query."""
    rows = Facility.objects.open_on(case.unit.local_date()).select_related("region__parent")
    found = [word for word in words.split() if word][:5]
    if not found and case.unit.region_id:
        rows = rows.filter(region__code__startswith=case.unit.region_id[:2])
    for word in found:
        rows = rows.filter(
            Q(name__icontains=word) | Q(region__name__icontains=word) | Q(region__parent__name__icontains=word)
        )
    return list(rows.order_by("name", "pk")[:SHOWN])
