"""What assessments came to, in words and numbers that a page can show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext

from assessments.enums import AssessmentStatus
from assessments.instruments import Answers, Instrument, read, registry
from assessments.instruments.answers import State
from assessments.instruments.framework import Band, Scale
from assessments.models import Assessment
from clients.models import Client
from rehab import tunables
from rehab.numbers import NOTHING, format_number

# BNN exists since this day; a form older than that was typed with a wrong year.
EARLIEST = date(2002, 3, 22)
_TONES = {
    "moderate": "attention", "positive": "attention", "II": "attention", "III": "attention",
    "high": "danger", "substantial": "danger", "severe": "danger", "IV": "danger",
}  # fmt: skip


@dataclass(frozen=True)
class ScoreLine:
    """One scale's result in words. `rank` orders bands by how much they matter. `asked` is false where the rules skip all
    of its items.
    """

    instrument: str
    scale: str
    title: str
    value: Decimal | None
    shown: str
    band: str
    band_title: str
    advice: str
    tone: str
    rank: int
    asked: bool = True


@dataclass(frozen=True)
class ResultView:
    """A completed assessment: `lines` that were asked, titles of scales that were not, alerts and advice as sentences."""

    lines: list[ScoreLine]
    unasked: list[str]
    alerts: list[str]
    advice: list[str]

    @property
    def highest(self) -> ScoreLine | None:
        return highest(self.lines)


USD_RATE = "assessments.usd_rate"


def option_key(instrument: str, option: str) -> str:
    return f"assessments.{instrument}.{option}"


def options_of(instrument: Instrument) -> dict[str, int | None]:
    """The institution's settings over the instrument's defaults."""
    kept = {option.code: option.default for option in instrument.options}
    set_here = {code: option_key(instrument.key, code) for code, default in kept.items() if default is not None}
    if not set_here:
        return kept
    found = tunables.values(*set_here.values())
    return kept | {code: found[key] for code, key in set_here.items()}


def prefilled(instrument: Instrument) -> dict[str, int]:
    """What a new draft begins with: the rate by which rupiah are converted, where the institution keeps one."""
    rate = tunables.value(USD_RATE) if "usd_rate" in instrument.items else 0
    return {"usd_rate": rate} if rate else {}


def score_line(
    instrument: Instrument, scale: Scale, value: Decimal | None, band_code: str, *, asked: bool = True
) -> ScoreLine:
    band = next((each for each in scale.bands if each.code == band_code), None)
    return ScoreLine(
        instrument=instrument.key,
        scale=scale.code,
        title=gettext(scale.title),
        value=value,
        shown=shown(value),
        band=band_code or "",
        band_title=_say(band.title) if band else "",
        advice=_say(band.advice) if band else "",
        tone=_TONES.get(band_code, ""),
        rank=_rank(band),
        asked=asked,
    )


def tone_of_bands() -> dict[str, str]:
    """The tone of each band's chip, for the script of the form."""
    return dict(_TONES)


def shown(value: Decimal | None) -> str:
    if value is None:
        return NOTHING
    return format_number(value, 0 if value == value.to_integral_value() else 2)


def answers_of(assessment: Assessment) -> Answers:
    return read(registry.get(assessment.instrument), assessment.answers, draft=True)


def result_of(assessment: Assessment) -> ResultView:
    """What a completed assessment came to, from its stored scores."""
    instrument = registry.get(assessment.instrument)
    answers = answers_of(assessment)
    stored = {score.scale: score for score in assessment.scores.all()}
    lines = [
        score_line(
            instrument, scale, stored[scale.code].value, stored[scale.code].band, asked=was_asked(scale, answers)
        )
        for scale in instrument.scales
        if scale.code in stored
    ]
    return ResultView(
        lines=[line for line in lines if line.asked],
        unasked=[line.title for line in lines if not line.asked],
        alerts=alert_titles(assessment),
        advice=[gettext(each.text) for each in instrument.advice if each.when.holds(answers.known)],
    )


def alert_titles(assessment: Assessment) -> list[str]:
    instrument = registry.get(assessment.instrument)
    return [gettext(alert.title) for alert in instrument.alerts if alert.code in assessment.alerts]


def was_asked(scale: Scale, answers: Answers) -> bool:
    return not scale.items or any(answers.states[code] is not State.SKIPPED for code in scale.items)


def highest(lines: Iterable[ScoreLine]) -> ScoreLine | None:
    """The line of the gravest band; of equal ones that with the highest value."""
    banded = [line for line in lines if line.band]
    return max(banded, key=lambda line: (line.rank, line.value or 0), default=None)


def title_of(assessment: Assessment) -> str:
    return gettext(registry.get(assessment.instrument).title)


def completed_of(clients: Iterable[Client | int]) -> QuerySet[Assessment]:
    """Completed assessments with their scores, latest first."""
    return (
        Assessment.objects.completed()
        .filter(client__in=clients)
        .prefetch_related("scores")
        .order_by("-administered_on", "-id")
    )


def latest_scores(clients: Iterable[Client]) -> dict[int, list[ScoreLine]]:
    """For each client the lines of the latest completed assessment of each instrument. Two queries for any number."""
    found: dict[int, dict[str, list[ScoreLine]]] = {}
    for assessment in completed_of(list(clients)):
        found.setdefault(assessment.client_id, {}).setdefault(assessment.instrument, result_of(assessment).lines)
    return {
        client: [line for lines in by_instrument.values() for line in lines] for client, by_instrument in found.items()
    }


def versions_of(assessment: Assessment) -> list[Assessment]:
    """Every version of one assessment, oldest first: the first, and the corrections that followed."""
    by_old = {
        each.corrects_id: each
        for each in Assessment.objects.filter(client=assessment.client_id, corrects__isnull=False)
        .exclude(status=AssessmentStatus.DISCARDED)
        .select_related("completed_by", "started_by")
    }
    first = assessment
    while first.corrects_id:
        first = Assessment.objects.select_related("completed_by", "started_by").get(pk=first.corrects_id)
    versions = [first]
    while versions[-1].pk in by_old:
        versions.append(by_old[versions[-1].pk])
    return versions


def _rank(band: Band | None) -> int:
    return {"": 0, "attention": 1, "danger": 2}[_TONES.get(band.code, "")] if band else -1


def _say(text: str) -> str:
    """gettext answers the empty text with the catalogue's head."""
    return gettext(text) if text else ""
