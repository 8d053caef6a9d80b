"""How grave the problems of each area are, from whichever instrument says so."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from assessments.instruments import registry
from assessments.models import Assessment

# Of a form that asks for severities among its items.
ITEM = "s_"


@dataclass(frozen=True)
class Severity:
    """`value` 0–9, None where nobody has judged; `by` and `at` where the judgement stands beside the answers."""

    area: str
    title: str
    value: int | None
    word: str
    by: str = ""
    at: datetime | None = None


def severities_of(assessment: Assessment) -> list[Severity]:
    """One for each area that the instrument has, in its order; none for instruments without areas. One query at most."""
    instrument = registry.get(assessment.instrument)
    if instrument.areas:
        latest = {row.area: row for row in assessment.severities.select_related("rated_by")}
        return [_rated(area.code, area.label, latest.get(area.code)) for area in instrument.areas]
    return [
        _severity(code.removeprefix(ITEM), item.label, assessment.answers.get(code))
        for code, item in instrument.items.items()
        if code.startswith(ITEM)
    ]


def severity_word(value: int | None) -> str:
    words = (gettext("none"), gettext("slight"), gettext("moderate"), gettext("considerable"), gettext("extreme"))
    return "" if value is None else words[min(value // 2, 4)]


def _severity(area: str, label: str, value: int | None) -> Severity:
    return Severity(area, gettext(label), value, severity_word(value))


def _rated(area: str, label: str, row) -> Severity:
    if row is None:
        return _severity(area, label, None)
    by = row.rated_by.name if row.rated_by else ""
    return Severity(area, gettext(label), row.value, severity_word(row.value), by, row.rated_at)
