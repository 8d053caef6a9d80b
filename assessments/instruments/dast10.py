"""DAST-10. Protected wording: only our own short labels. Weights and bands as INSTRUMENTS.md; item 3 is reversed."""

from assessments.instruments.framework import Band, Instrument, Scale, Section, yes_no
from assessments.instruments.texts import N_

LABELS = (
    N_("Use without medical reason"),
    N_("More than one drug at a time"),
    N_("Able to stop at will"),
    N_("Memory gaps or flashbacks"),
    N_("Feeling guilty"),
    N_("Complaints of the family"),
    N_("Family neglected"),
    N_("Unlawful acts to get drugs"),
    N_("Withdrawal symptoms"),
    N_("Medical problems"),
)
ITEMS = tuple(
    yes_no(f"q{number}", label, N_("Yes"), N_("No"), point_for=number != 3) for number, label in enumerate(LABELS, 1)
)

DAST10 = Instrument(
    key="dast10",
    version="10",
    title=N_("DAST-10, problems with drugs"),
    sections=(Section("all", N_("Past 12 months"), ITEMS),),
    scales=(
        Scale(
            "total",
            N_("Total"),
            tuple(item.code for item in ITEMS),
            bands=(
                Band("none", 0, N_("No problems")),
                Band("low", 1, N_("Low level")),
                Band("moderate", 3, N_("Moderate level")),
                Band("substantial", 6, N_("Substantial level")),
                Band("severe", 9, N_("Severe level")),
            ),
        ),
    ),
    labels_only=True,
)
