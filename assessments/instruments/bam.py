"""Brief Addiction Monitor (public domain), in short labels of our own: monthly progress over 30 days. No total, no bands."""

from assessments.instruments.assist import SUBSTANCES
from assessments.instruments.framework import Attention, Better, Choice, Instrument, Item, Kind, Scale, Section, likert
from assessments.instruments.texts import N_

DAYS = ("0", "1–3", "4–8", "9–15", "16–30")
EXTENT = N_("0 not at all … 4 extremely")


def _days(number: int, label: str) -> Item:
    return Item(
        f"q{number}",
        label,
        choices=tuple(Choice(n, days, n) for n, days in enumerate(DAYS)),
        hint=N_("Days of the past 30"),
    )


def _extent(number: int, label: str, hint: str = EXTENT, **more: bool) -> Item:
    return likert(f"q{number}", label, 0, 4, hint=hint, **more)


def _codes(*numbers: int) -> tuple[str, ...]:
    return tuple(f"q{number}" for number in numbers)


ITEMS = (
    _extent(1, N_("Physical health"), N_("0 excellent … 4 poor")),
    _days(2, N_("Nights with bad sleep")),
    _days(3, N_("Days with low mood, worry or anger")),
    _days(4, N_("Days with alcohol")),
    _days(5, N_("Days with heavy drinking")),
    _days(6, N_("Days with drugs")),
    Item(
        "q7",
        N_("Which drugs"),
        kind=Kind.LIST,
        choices=tuple(Choice(letter, name) for letter, name in SUBSTANCES.items()),
        required=False,
    ),
    _extent(8, N_("Craving")),
    _extent(9, N_("Confident to stay clean")),
    _days(10, N_("Days with a self-help meeting")),
    _days(11, N_("Days in risky situations")),
    _extent(12, N_("Support from religion or spirituality")),
    _days(13, N_("Days at work, school or volunteering")),
    Item("q14", N_("Enough income for what is needed"), choices=(Choice(0, N_("No"), 0), Choice(4, N_("Yes"), 4))),
    _extent(15, N_("Troubled by conflicts with family or friends")),
    _days(16, N_("Days with people who support recovery")),
    _extent(17, N_("Satisfied with progress"), required=False),
)

BAM = Instrument(
    key="bam",
    version="17",
    title=N_("Brief Addiction Monitor, monthly progress"),
    sections=(Section("all", N_("Past 30 days"), ITEMS),),
    scales=(
        Scale("use", N_("Use of alcohol and drugs"), _codes(4, 5, 6), attention=Attention(at_least=1)),
        Scale("risk", N_("Risk"), _codes(1, 2, 3, 8, 11, 15), attention=Attention(at_least=12)),
        Scale(
            "protective",
            N_("Protection"),
            _codes(9, 10, 12, 13, 14, 16),
            attention=Attention(at_most=12),
            better=Better.HIGHER,
        ),
    ),
)
