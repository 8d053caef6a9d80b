"""WHO ASSIST 3.1. Protected wording: only our own short labels. Weights, skips and bands as INSTRUMENTS.md."""

from assessments.instruments.conditions import ALWAYS, All, Is
from assessments.instruments.framework import (
    Advice,
    Alert,
    Band,
    Choice,
    Group,
    Instrument,
    Item,
    Kind,
    OnlyWhen,
    Scale,
    Section,
    SkipWhen,
    yes_no,
)
from assessments.instruments.texts import N_

SUBSTANCES = {
    "a": N_("Tobacco"),
    "b": N_("Alcohol"),
    "c": N_("Cannabis"),
    "d": N_("Cocaine"),
    "e": N_("Amphetamine type (sabu, ecstasy)"),
    "f": N_("Inhalants"),
    "g": N_("Sedatives and sleeping pills"),
    "h": N_("Hallucinogens"),
    "i": N_("Opioids"),
    "j": N_("Other substance"),
}
FREQUENCIES = {
    "never": N_("Never"),
    "once_twice": N_("Once or twice"),
    "monthly": N_("Monthly"),
    "weekly": N_("Weekly"),
    "daily": N_("Daily or almost daily"),
}
RECENCIES = {
    "never": N_("Never"),
    "past3m": N_("Yes, in the past 3 months"),
    "before": N_("Yes, but not in the past 3 months"),
}
# Question → its label, its options, their weights in the same order.
QUESTIONS = {
    "q2": (N_("How often, past 3 months"), FREQUENCIES, (0, 2, 3, 4, 6)),
    "q3": (N_("Strong urge, past 3 months"), FREQUENCIES, (0, 3, 4, 5, 6)),
    "q4": (N_("Health, social, legal or money problems, past 3 months"), FREQUENCIES, (0, 4, 5, 6, 7)),
    "q5": (N_("Duties not fulfilled, past 3 months"), FREQUENCIES, (0, 5, 6, 7, 8)),
    "q6": (N_("Others were concerned"), RECENCIES, (0, 6, 3)),
    "q7": (N_("Tried to cut down, without success"), RECENCIES, (0, 6, 3)),
}


def _scored_section(question: str) -> Section:
    title, labels, weights = QUESTIONS[question]
    choices = tuple(Choice(code, label, weight) for (code, label), weight in zip(labels.items(), weights, strict=True))
    items = tuple(
        Item(f"{question}_{letter}", name, choices=choices, group=letter) for letter, name in SUBSTANCES.items()
    )
    return Section(question, title, items, grid=True)


def _sections() -> tuple[Section, ...]:
    used = [
        yes_no(f"q1_{letter}", name, N_("Yes"), N_("No"), point_for=None, group=letter)
        for letter, name in SUBSTANCES.items()
    ]
    named = Item("q1_j_text", N_("Which other substance"), kind=Kind.TEXT, required=False, group="j")
    injected = Item(
        "q8", N_("Ever injected a drug"), choices=tuple(Choice(code, label) for code, label in RECENCIES.items())
    )
    pattern = Item(
        "q8_pattern",
        N_("Pattern of injecting"),
        choices=(
            Choice("infrequent", N_("4 days a month or fewer")),
            Choice("frequent", N_("More often than 4 days a month")),
        ),
    )
    return (
        Section("q1", N_("Ever used"), (*used, named), grid=True),
        *(_scored_section(question) for question in QUESTIONS),
        Section("q8", N_("Injecting"), (injected, pattern)),
    )


def _rules() -> tuple[SkipWhen | OnlyWhen, ...]:
    never_used = tuple(
        SkipWhen(tuple(f"{question}_{letter}" for question in QUESTIONS), Is(f"q1_{letter}", False))
        for letter in SUBSTANCES
    )
    not_recently = tuple(
        SkipWhen(tuple(f"{question}_{letter}" for question in ("q3", "q4", "q5")), Is(f"q2_{letter}", "never"))
        for letter in SUBSTANCES
    )
    return (
        *never_used,
        *not_recently,
        SkipWhen(("q5_a",), ALWAYS),
        SkipWhen(("q8",), All(tuple(Is(f"q1_{letter}", False) for letter in SUBSTANCES))),
        OnlyWhen(("q8_pattern",), Is("q8", "past3m")),
        OnlyWhen(("q1_j_text",), Is("q1_j", True)),
    )


def _scale(letter: str) -> Scale:
    moderate = 11 if letter == "b" else 4
    bands = (
        Band("low", 0, N_("Low risk"), N_("Brief advice")),
        Band("moderate", moderate, N_("Moderate risk"), N_("Brief intervention")),
        Band("high", 27, N_("High risk"), N_("Referral for further assessment and treatment")),
    )
    # q5_a is always skipped, so it adds zero for tobacco.
    return Scale(letter, SUBSTANCES[letter], tuple(f"{question}_{letter}" for question in QUESTIONS), bands=bands)


ASSIST = Instrument(
    key="assist",
    version="3.1",
    title=N_("ASSIST, screening for use of substances"),
    sections=_sections(),
    scales=tuple(_scale(letter) for letter in SUBSTANCES),
    rules=_rules(),
    alerts=(Alert("injecting", N_("Injected in the past 3 months"), Is("q8", "past3m")),),
    advice=(
        Advice(
            "injecting_card",
            N_("Brief intervention with the card on risks of injecting"),
            Is("q8_pattern", "infrequent"),
        ),
        Advice(
            "injecting_assessment",
            N_("Further assessment and treatment because of frequent injecting"),
            Is("q8_pattern", "frequent"),
        ),
    ),
    groups=tuple(Group(letter, name) for letter, name in SUBSTANCES.items()),
    labels_only=True,
    interviewer=True,
)
