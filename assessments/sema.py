"""One-day-use amounts of SEMA 4/2010, beside the amounts of evidence: information, never a verdict. Pure.

A map of its own: its substances are those of the circular, not those of ASSIST, ICD-10 or the urine panel.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from assessments.enums import EvidenceUnit, SemaSubstance

S = SemaSubstance
GRAMS: dict[str, Decimal] = {
    S.METHAMPHETAMINE: Decimal("1"),
    S.MDMA: Decimal("2.4"),
    S.HEROIN: Decimal("1.8"),
    S.COCAINE: Decimal("1.8"),
    S.CANNABIS: Decimal("5"),
    S.COCA_LEAF: Decimal("5"),
    S.MESCALINE: Decimal("5"),
    S.PSILOCYBIN: Decimal("3"),
    S.LSD: Decimal("2"),
    S.PCP: Decimal("3"),
    S.FENTANYL: Decimal("1"),
    S.METHADONE: Decimal("0.5"),
    S.MORPHINE: Decimal("1.8"),
    S.PETHIDINE: Decimal("0.96"),
    S.CODEINE: Decimal("72"),
    S.BUPRENORPHINE: Decimal("0.032"),
}
TABLETS: dict[str, Decimal] = {S.MDMA: Decimal("8")}


class Against(StrEnum):
    """How the amounts of one substance stand to its one-day-use amount."""

    BELOW = "below"
    SAME = "same"
    ABOVE = "above"
    NO_THRESHOLD = "no_threshold"
    OTHER_UNIT = "other_unit"


@dataclass(frozen=True)
class Amount:
    substance: str
    amount: Decimal
    unit: str
    name: str = ""


@dataclass(frozen=True)
class Comparison:
    """All evidence of one substance in one measure: `total` and `threshold` in grams or tablets."""

    substance: str
    name: str
    total: Decimal
    unit: str
    threshold: Decimal | None
    against: Against


def compare(evidence: Iterable[Amount]) -> list[Comparison]:
    """Amounts of one substance are added up first; grams and tablets stay apart, since nothing turns one into the other."""
    totals: dict[tuple[str, str, str], Decimal] = {}
    for each in evidence:
        tablets = each.unit == EvidenceUnit.TABLET
        grams = each.amount / 1000 if each.unit == EvidenceUnit.MILLIGRAM else each.amount
        name = each.name.strip() if each.substance == S.OTHER else ""
        key = (each.substance, name, EvidenceUnit.TABLET.value if tablets else EvidenceUnit.GRAM.value)
        totals[key] = totals.get(key, Decimal(0)) + grams
    return [_comparison(substance, name, unit, total) for (substance, name, unit), total in totals.items()]


def _comparison(substance: str, name: str, unit: str, total: Decimal) -> Comparison:
    limits = TABLETS if unit == EvidenceUnit.TABLET else GRAMS
    limit = limits.get(substance)
    if limit is None:
        found = Against.OTHER_UNIT if substance in GRAMS else Against.NO_THRESHOLD
    elif total == limit:
        found = Against.SAME
    else:
        found = Against.BELOW if total < limit else Against.ABOVE
    return Comparison(substance, name, total, unit, limit, found)
