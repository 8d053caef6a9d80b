"""The evidence of a legal record beside the amounts of SEMA 4/2010, in words: information, never a verdict."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.enums import EvidenceUnit, SemaSubstance
from assessments.models import TatLegalRecord
from assessments.sema import Against, Amount, Comparison, compare
from rehab.numbers import format_number


@dataclass(frozen=True)
class EvidenceLine:
    """One substance: what was seized in all, the amount of one day's use, and how the two stand to each other."""

    substance: str
    total: str
    threshold: str
    words: str
    above: bool


def evidence_against(record: TatLegalRecord) -> list[EvidenceLine]:
    """Of one version of the legal record. One query."""
    rows = [Amount(row.substance, row.amount, row.unit, row.name) for row in record.evidence.all()]
    return [_line(each) for each in compare(rows)]


def _line(found: Comparison) -> EvidenceLine:
    return EvidenceLine(
        substance=found.name or str(SemaSubstance(found.substance).label),
        total=_amount(found.total, found.unit),
        threshold=_amount(found.threshold, found.unit) if found.threshold is not None else "",
        words=_words(found.against),
        above=found.against == Against.ABOVE,
    )


def _amount(value, unit: str) -> str:
    exact = value.normalize()
    places = max(0, -exact.as_tuple().exponent)
    return f"{format_number(exact, places)} {EvidenceUnit(unit).label}"


def _words(against: Against) -> str:
    return {
        Against.BELOW: _("below the amount of one day's use of SEMA 4/2010"),
        Against.SAME: _("the same as the amount of one day's use of SEMA 4/2010"),
        Against.ABOVE: _("above the amount of one day's use of SEMA 4/2010"),
        Against.NO_THRESHOLD: _("SEMA 4/2010 names no amount for this substance"),
        Against.OTHER_UNIT: _("SEMA 4/2010 names no amount in this measure"),
    }[against]
