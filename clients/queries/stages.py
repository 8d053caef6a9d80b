"""How far a treatment has come: the stages of an inpatient's programme, the meetings of an outpatient."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.enums import Presence, ProgrammeStage, SessionKind, Setting
from clients.models import Attendance, Treatment, TreatmentPhase

DAYS_OF = {
    ProgrammeStage.DETOX: "clients.detox_days",
    ProgrammeStage.ENTRY_UNIT: "clients.entry_unit_days",
    ProgrammeStage.PRIMARY: "clients.primary_months",
    ProgrammeStage.RE_ENTRY: "clients.re_entry_days",
}
MEETINGS_LEAST, MEETINGS_MOST = "clients.meetings_least", "clients.meetings_most"
DAYS_OF_A_MONTH = 30
# Meals, sports and work belong to a day at the place; a meeting is for the client's treatment.
NO_MEETING = SessionKind.ACTIVITY


@dataclass(frozen=True)
class Step:
    """A stage on the line: gone by, the one now, or to come; with its days so far and those that are expected."""

    stage: ProgrammeStage
    days: int
    expected: int
    is_now: bool
    since: date | None

    @property
    def label(self) -> Any:
        return self.stage.label

    @property
    def is_due(self) -> bool:
        """Its expected length has passed: somebody looks whether the client moves on."""
        return self.is_now and self.days >= self.expected


@dataclass(frozen=True)
class Progress:
    """Of one treatment: the `line` of stages where it is inpatient now, else the meetings held, where it is outpatient."""

    treatment: Treatment
    line: list[Step]
    meetings: int | None = None
    least: int = 0
    most: int = 0

    @property
    def now(self) -> Step | None:
        return next((step for step in self.line if step.is_now), None)

    @property
    def next(self) -> ProgrammeStage | None:
        """The stage after the one now; the first where none was recorded."""
        order = list(ProgrammeStage)
        if self.now is None:
            return order[0]
        place = order.index(self.now.stage) + 1
        return order[place] if place < len(order) else None

    @property
    def is_due(self) -> bool:
        return self.now is not None and self.now.is_due

    @property
    def enough(self) -> bool:
        return self.meetings is not None and self.meetings >= self.least

    @property
    def meeting_words(self) -> str:
        words = {"held": self.meetings, "least": self.least, "most": self.most}
        if self.meetings == 0:
            return _("no meeting yet of %(least)s–%(most)s") % words
        return _("meeting %(held)s of %(least)s–%(most)s") % words


def progress_of(
    treatment: Treatment, attendances: Iterable[Attendance], today: date, settings: dict[str, Any]
) -> Progress | None:
    """From what a page has at hand: phases prefetched, attendances of the client. None where nothing is to be told."""
    phases = list(treatment.phases.all())
    current = next((phase for phase in phases if phase.ends_on is None), None)
    if not treatment.started_on or not treatment.is_open or current is None:
        return None
    if current.setting == Setting.INPATIENT:
        return Progress(treatment, _line(phases, current, today, settings))
    if current.setting != Setting.OUTPATIENT:
        return None
    began = _since(phases, current, lambda phase: phase.setting)
    held = sum(
        row.treatment_id == treatment.pk
        and row.presence == Presence.PRESENT
        and row.held_on >= began
        and row.session.kind != NO_MEETING
        for row in attendances
    )
    return Progress(treatment, [], held, settings[MEETINGS_LEAST], settings[MEETINGS_MOST])


def meetings_of(treatment: Treatment) -> QuerySet[Attendance]:
    """For a page that has no attendances at hand."""
    rows = Attendance.objects.filter(treatment=treatment, presence=Presence.PRESENT)
    return rows.select_related("session").only("treatment", "presence", "held_on", "session__kind")


def _line(phases: list[TreatmentPhase], current: TreatmentPhase, today: date, settings: dict[str, Any]) -> list[Step]:
    """All stages in their order; one that was taken twice has the days of both times. One that nobody took is to come."""
    days: dict[str, int] = {}
    for phase in phases:
        until = phase.ends_on or max(today + timedelta(days=1), phase.starts_on)
        days[phase.stage] = days.get(phase.stage, 0) + (until - phase.starts_on).days
    since = _since(phases, current, lambda phase: phase.stage) if current.stage else None
    steps = []
    for stage in ProgrammeStage:
        is_now = stage == current.stage
        running = (today - since).days + 1 if is_now and since else days.get(stage, 0)
        steps.append(Step(stage, max(running, 0), expected_days(stage, settings), is_now, since if is_now else None))
    return steps


def expected_days(stage: ProgrammeStage, settings: dict[str, Any]) -> int:
    value = int(settings[DAYS_OF[stage]])
    return value * DAYS_OF_A_MONTH if stage == ProgrammeStage.PRIMARY else value


def _since(phases: list[TreatmentPhase], current: TreatmentPhase, what) -> date:
    """When it began without a break: a change of something else does not begin it anew."""
    since = current.starts_on
    for phase in sorted(phases, key=lambda phase: phase.starts_on, reverse=True):
        if phase.starts_on > since:
            continue
        if what(phase) != what(current):
            break
        since = phase.starts_on
    return since
