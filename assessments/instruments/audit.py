"""AUDIT. Protected wording: only our own short labels. Skips and zones as INSTRUMENTS.md; one open item and there is no score."""

from assessments.instruments.conditions import All, Is
from assessments.instruments.framework import Band, Choice, Instrument, Item, Scale, Section, SkipWhen, likert
from assessments.instruments.texts import N_

LABELS = (
    N_("How often drinking"),
    N_("How much on a drinking day"),
    N_("Six or more on one occasion"),
    N_("Not able to stop"),
    N_("Expectations not met"),
    N_("Drinking in the morning"),
    N_("Feeling guilty"),
    N_("Memory gaps"),
    N_("Somebody injured"),
    N_("Others were concerned"),
)
ITEMS = (
    *(likert(f"q{number}", label, 0, 4) for number, label in enumerate(LABELS[:8], 1)),
    *(
        Item(f"q{number}", label, choices=tuple(Choice(n, str(n), n) for n in (0, 2, 4)))
        for number, label in enumerate(LABELS[8:], 9)
    ),
)


def _codes(first: int, last: int) -> tuple[str, ...]:
    return tuple(f"q{number}" for number in range(first, last + 1))


AUDIT = Instrument(
    key="audit",
    version="10",
    title=N_("AUDIT, use of alcohol"),
    sections=(Section("all", N_("Past year"), ITEMS),),
    scales=(
        Scale(
            "total",
            N_("Total"),
            _codes(1, 10),
            bands=(
                Band("I", 0, N_("Zone I"), N_("Education about alcohol")),
                Band("II", 8, N_("Zone II"), N_("Brief advice")),
                Band("III", 16, N_("Zone III"), N_("Brief counselling and continued monitoring")),
                Band("IV", 20, N_("Zone IV"), N_("Referral for further assessment and treatment")),
            ),
        ),
        Scale("consumption", N_("Consumption"), _codes(1, 3)),
        Scale("dependence", N_("Signs of dependence"), _codes(4, 6)),
        Scale("problems", N_("Problems"), _codes(7, 10)),
    ),
    rules=(
        SkipWhen(_codes(2, 8), Is("q1", 0)),
        SkipWhen(_codes(4, 8), All((Is("q2", 0), Is("q3", 0)))),
    ),
    may_miss=0,
    labels_only=True,
)
