"""ASI-5 / Lite composites (public domain), 0 best to 1 worst, in short labels of our own. Formulas as INSTRUMENTS.md.

Money is entered in rupiah and converted to dollars before the logarithm. Severity by the interviewer is entered elsewhere.
"""

import math
from collections.abc import Mapping

from assessments.instruments.conditions import Above, All, AnyOf, Is
from assessments.instruments.framework import (
    NOT_APPLICABLE,
    Alert,
    Choice,
    Formula,
    Group,
    Instrument,
    Item,
    Kind,
    Refusal,
    Scale,
    Section,
)
from assessments.instruments.texts import N_

MOST_RUPIAH = 10**13
BOTHER = tuple(
    Choice(n, label, n)
    for n, label in enumerate((N_("Not at all"), N_("Slightly"), N_("Moderately"), N_("Considerably"), N_("Extremely")))
)
NO_YES = (Choice(0, N_("No"), 0), Choice(1, N_("Yes"), 1))
SATISFIED = (Choice(0, N_("No"), 0), Choice(1, N_("Indifferent"), 1), Choice(2, N_("Yes"), 2))
BOTHERED = N_("How bothered by them")
IMPORTANT = N_("How important is help for them")


def _days(code: str, label: str) -> Item:
    return Item(code, label, kind=Kind.NUMBER, minimum=0, maximum=30, hint=N_("Days of the past 30"))


def _asked(code: str, label: str) -> Item:
    return Item(code, label, choices=NO_YES)


def _extent(code: str, label: str) -> Item:
    return Item(code, label, choices=BOTHER)


def _rupiah(code: str, label: str) -> Item:
    return Item(
        code,
        label,
        kind=Kind.NUMBER,
        minimum=0,
        maximum=MOST_RUPIAH,
        whole=False,
        hint=N_("Rupiah in the past 30 days"),
    )


RELATIONS = (
    N_("mother"),
    N_("father"),
    N_("siblings"),
    N_("partner"),
    N_("children"),
    N_("other family"),
    N_("friends"),
    N_("neighbours"),
    N_("co-workers"),
)
RELATION_ITEMS = tuple(
    Item(f"f{number}", label, choices=NO_YES, not_applicable=True) for number, label in enumerate(RELATIONS, 18)
)
DRUGS = {
    "d3": N_("Heroin"),
    "d4": N_("Methadone"),
    "d5": N_("Other opiates"),
    "d6": N_("Barbiturates"),
    "d7": N_("Sedatives"),
    "d8": N_("Cocaine"),
    "d9": N_("Amphetamines"),
    "d10": N_("Cannabis"),
    "d11": N_("Hallucinogens"),
    "d12": N_("Inhalants"),
    "d13": N_("More than one substance a day"),
}
COUNTED_DRUGS = tuple(code for code in DRUGS if code != "d12")
SYMPTOMS = {
    "p4": N_("Depression"),
    "p5": N_("Anxiety"),
    "p6": N_("Hallucinations"),
    "p7": N_("Trouble understanding or remembering"),
    "p8": N_("Trouble controlling violence"),
    "p9": N_("Thoughts of suicide"),
    "p10": N_("Attempted suicide"),
    "p11": N_("Medication prescribed"),
}


def _log_dollars(weights: Mapping, code: str) -> float:
    rupiah = weights[code]
    return math.log(rupiah / weights["usd_rate"] + 1) if rupiah else 0.0


def _sum(weights: Mapping, codes: tuple[str, ...]) -> float:
    return sum(weights[code] for code in codes)


def _medical(w: Mapping) -> float:
    return w["m6"] / 90 + w["m7"] / 12 + w["m8"] / 12


def _employment(w: Mapping) -> float:
    return 1 - (w["e4"] / 4 + w["e5"] / 4 + w["e11"] / 120 + _log_dollars(w, "e12") / 36)


def _alcohol(w: Mapping) -> float:
    return (w["d1"] + w["d2"] + w["d26"]) / 180 + (w["d28"] + w["d30"]) / 24 + _log_dollars(w, "d23") / 44


def _drug(w: Mapping) -> float:
    return _sum(w, (*COUNTED_DRUGS, "d27")) / 390 + (w["d29"] + w["d31"]) / 52


def _legal(w: Mapping) -> float:
    return w["l24"] / 5 + w["l27"] / 150 + (w["l28"] + w["l29"]) / 20 + _log_dollars(w, "e17") / 46


def _family(w: Mapping) -> float:
    """Relations that do not exist leave the denominator; without any the ratio is zero."""
    applicable = [w[item.code] for item in RELATION_ITEMS if w[item.code] != NOT_APPLICABLE]
    ratio = sum(applicable) / len(applicable) if applicable else 0
    return (2 - w["f3"]) / 10 + w["f30"] / 150 + (w["f32"] + w["f34"]) / 20 + ratio / 5


def _psychiatric(w: Mapping) -> float:
    return _sum(w, tuple(SYMPTOMS)) / 11 + w["p12"] / 330 + (w["p13"] + w["p14"]) / 44


SECTIONS = (
    Section(
        "medical",
        N_("Medical"),
        (_days("m6", N_("Medical problems")), _extent("m7", BOTHERED), _extent("m8", IMPORTANT)),
    ),
    Section(
        "employment",
        N_("Work and support"),
        (
            _asked("e4", N_("Valid driving licence")),
            _asked("e5", N_("Car or motorcycle to use")),
            _days("e11", N_("Paid for working")),
            _rupiah("e12", N_("Earned")),
            _rupiah("e17", N_("Illegal income")),
            Item(
                "usd_rate",
                N_("Rupiah per US dollar"),
                kind=Kind.NUMBER,
                minimum=0,
                maximum=10**9,
                whole=False,
                required=False,
                hint=N_("Needed as soon as an amount of money is above zero"),
            ),
        ),
    ),
    Section(
        "alcohol",
        N_("Alcohol"),
        (
            _days("d1", N_("Any alcohol")),
            _days("d2", N_("Alcohol to intoxication")),
            _rupiah("d23", N_("Spent on alcohol")),
            _days("d26", N_("Alcohol problems")),
            _extent("d28", BOTHERED),
            _extent("d30", IMPORTANT),
        ),
    ),
    Section(
        "drug",
        N_("Drugs"),
        (
            *(_days(code, label) for code, label in DRUGS.items()),
            _days("d27", N_("Drug problems")),
            _extent("d29", BOTHERED),
            _extent("d31", IMPORTANT),
        ),
    ),
    Section(
        "legal",
        N_("Legal"),
        (
            _asked("l24", N_("Awaiting charge, trial or sentence")),
            _days("l27", N_("Illegal activities for profit")),
            _extent("l28", N_("How serious the legal problems feel")),
            _extent("l29", N_("How important is counselling for them")),
        ),
    ),
    Section(
        "family",
        N_("Family and social"),
        (
            Item("f3", N_("Satisfied with the living situation"), choices=SATISFIED),
            *RELATION_ITEMS,
            _days("f30", N_("Conflicts with family")),
            _extent("f32", BOTHERED),
            _extent("f34", IMPORTANT),
        ),
    ),
    Section(
        "psychiatric",
        N_("Psychiatric"),
        (
            *(_asked(code, label) for code, label in SYMPTOMS.items()),
            _days("p12", N_("Psychological problems")),
            _extent("p13", BOTHERED),
            _extent("p14", IMPORTANT),
        ),
    ),
)
FORMULAS = {
    "medical": (_medical, ()),
    "employment": (_employment, ()),
    "alcohol": (_alcohol, ()),
    "drug": (_drug, ("d12",)),
    "legal": (_legal, ()),
    "family": (_family, ()),
    "psychiatric": (_psychiatric, ()),
}
# Asked in the section of work and support, but part of the legal composite (e17) or of none (usd_rate).
ELSEWHERE = {"e17": "legal", "usd_rate": ""}


def _scale(section: Section) -> Scale:
    compute, uncounted = FORMULAS[section.code]
    codes = [item.code for item in section.items if item.code not in (*uncounted, *ELSEWHERE)]
    codes += [code for code, scale in ELSEWHERE.items() if scale == section.code]
    return Scale(section.code, section.title, tuple(codes), Formula(compute))


ASI = Instrument(
    key="asi",
    version="5",
    title=N_("ASI, severity of addiction"),
    sections=SECTIONS,
    scales=tuple(_scale(section) for section in SECTIONS),
    refusals=(
        Refusal("e5", All((Is("e4", 0), Is("e5", 1))), N_("%(item)s: a vehicle to use needs a valid licence (e4)")),
        Refusal(
            "usd_rate",
            AnyOf((Above("e12", 0), Above("e17", 0), Above("d23", 0))),
            N_("%(item)s: needed to convert the amounts of money"),
            unless=Above("usd_rate", 0),
        ),
    ),
    alerts=(Alert("self_harm", N_("Thoughts of suicide or an attempt"), AnyOf((Is("p9", 1), Is("p10", 1)))),),
    areas=tuple(Group(section.code, section.title) for section in SECTIONS),
    interviewer=True,
)
