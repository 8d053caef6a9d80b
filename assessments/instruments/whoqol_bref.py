"""WHOQOL-BREF. Protected wording: only our own short labels. Domains 0–100 as INSTRUMENTS.md; items 3, 4, 26 are reversed."""

from assessments.instruments.framework import Better, Instrument, Mean, Scale, Section, likert
from assessments.instruments.texts import N_

LABELS = (
    N_("Quality of life as a whole"),
    N_("Satisfied with health"),
    N_("Held back by pain"),
    N_("Dependent on medical treatment"),
    N_("Enjoying life"),
    N_("Life has meaning"),
    N_("Concentration"),
    N_("Safety"),
    N_("Healthy surroundings"),
    N_("Energy"),
    N_("Bodily appearance"),
    N_("Money"),
    N_("Information"),
    N_("Leisure"),
    N_("Getting around"),
    N_("Sleep"),
    N_("Daily activities"),
    N_("Capacity for work"),
    N_("Satisfied with oneself"),
    N_("Personal relationships"),
    N_("Sex life"),
    N_("Support from friends"),
    N_("Home"),
    N_("Health services"),
    N_("Transport"),
    N_("Negative feelings"),
)
REVERSED = {3, 4, 26}
# Value = (mean × 4 − 4) × 100/16.
DOMAIN = {"factor": 25, "offset": -25}


def _codes(*numbers: int) -> tuple[str, ...]:
    return tuple(f"q{number}" for number in numbers)


WHOQOL_BREF = Instrument(
    key="whoqol_bref",
    version="26",
    title=N_("WHOQOL-BREF, quality of life"),
    sections=(
        Section(
            "all",
            N_("Past two weeks"),
            tuple(likert(f"q{n}", label, 1, 5, reverse=n in REVERSED) for n, label in enumerate(LABELS, 1)),
        ),
    ),
    scales=(
        Scale(
            "physical", N_("Physical health"), _codes(3, 4, 10, 15, 16, 17, 18), Mean(2, **DOMAIN), better=Better.HIGHER
        ),
        Scale(
            "psychological", N_("Psychological"), _codes(5, 6, 7, 11, 19, 26), Mean(2, **DOMAIN), better=Better.HIGHER
        ),
        Scale("social", N_("Social relationships"), _codes(20, 21, 22), Mean(1, **DOMAIN), better=Better.HIGHER),
        Scale(
            "environment",
            N_("Environment"),
            _codes(8, 9, 12, 13, 14, 23, 24, 25),
            Mean(2, **DOMAIN),
            better=Better.HIGHER,
        ),
        Scale("q1", LABELS[0], _codes(1), better=Better.HIGHER),
        Scale("q2", LABELS[1], _codes(2), better=Better.HIGHER),
    ),
    may_miss=5,
    labels_only=True,
)
