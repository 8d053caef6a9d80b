"""URICA, 32 items. Protected wording: only numbers are shipped. Stage cut-offs depend on the population: settings, not set."""

from assessments.instruments.framework import (
    Band,
    Better,
    Combination,
    Instrument,
    Mean,
    Option,
    Scale,
    Section,
    likert,
)
from assessments.instruments.texts import N_

UNSCORED = {4, 9, 20, 31}


def _codes(*numbers: int) -> tuple[str, ...]:
    return tuple(f"q{number}" for number in numbers)


URICA = Instrument(
    key="urica",
    version="32",
    title=N_("URICA, readiness to change"),
    sections=(
        Section(
            "all",
            N_("Statements"),
            tuple(likert(f"q{n}", str(n), 1, 5, required=n not in UNSCORED) for n in range(1, 33)),
        ),
    ),
    scales=(
        Scale("pc", N_("Precontemplation"), _codes(1, 5, 11, 13, 23, 26, 29), Mean()),
        Scale("c", N_("Contemplation"), _codes(2, 8, 12, 15, 19, 21, 24), Mean(), better=Better.NEITHER),
        Scale("a", N_("Action"), _codes(3, 7, 10, 14, 17, 25, 30), Mean(), better=Better.NEITHER),
        Scale("m", N_("Maintenance"), _codes(6, 16, 18, 22, 27, 28, 32), Mean(), better=Better.NEITHER),
        Scale(
            "readiness",
            N_("Readiness to change"),
            rule=Combination((("c", 1), ("a", 1), ("m", 1), ("pc", -1))),
            bands=(
                Band("precontemplation", "precontemplation_from", N_("Precontemplation")),
                Band("contemplation", "contemplation_from", N_("Contemplation")),
                Band("action", "action_from", N_("Action")),
            ),
            better=Better.HIGHER,
        ),
    ),
    options=(
        Option("precontemplation_from", N_("Precontemplation from this readiness")),
        Option("contemplation_from", N_("Contemplation from this readiness")),
        Option("action_from", N_("Action from this readiness")),
    ),
    labels_only=True,
)
