"""SRQ-20. Protected wording: only our own short labels. The cut-off is a setting: Indonesian surveys 6, WHO-type use 8."""

from assessments.instruments.conditions import Is
from assessments.instruments.framework import Alert, Band, Instrument, Option, Scale, Section, yes_no
from assessments.instruments.texts import N_

LABELS = (
    N_("Headaches"),
    N_("Appetite"),
    N_("Sleep"),
    N_("Easily frightened"),
    N_("Trembling hands"),
    N_("Nervous or tense"),
    N_("Digestion"),
    N_("Thinking clearly"),
    N_("Unhappy"),
    N_("Crying"),
    N_("Enjoying the day"),
    N_("Deciding"),
    N_("Daily work"),
    N_("Feeling useful"),
    N_("Interest in things"),
    N_("Feeling worthless"),
    N_("Thoughts of ending one’s life"),
    N_("Tired all the time"),
    N_("Stomach complaints"),
    N_("Tires easily"),
)
ITEMS = tuple(yes_no(f"q{number}", label, N_("Yes"), N_("No")) for number, label in enumerate(LABELS, 1))

SRQ20 = Instrument(
    key="srq20",
    version="20",
    title=N_("SRQ-20, mental health"),
    sections=(Section("all", N_("Past 30 days"), ITEMS),),
    scales=(
        Scale(
            "total",
            N_("Total"),
            tuple(item.code for item in ITEMS),
            bands=(Band("negative", 0, N_("Negative")), Band("positive", "positive_from", N_("Positive"))),
        ),
    ),
    alerts=(Alert("self_harm", N_("Thoughts of ending one’s life"), Is("q17", True)),),
    options=(Option("positive_from", N_("Positive from this total"), 6),),
    labels_only=True,
)
