"""SOCRATES 8D (public domain), in short statements of our own. Raw sums; the band is the decile, as INSTRUMENTS.md."""

from assessments.instruments.framework import Band, Better, Instrument, Scale, Section, likert
from assessments.instruments.texts import N_

LABELS = (
    N_("I really want to change my drug use."),
    N_("Sometimes I wonder if I am an addict."),
    N_("If I do not change soon, my problems will get worse."),
    N_("I have already started to change my drug use."),
    N_("I was using too much, but I have managed to change."),
    N_("Sometimes I wonder if my drug use is hurting others."),
    N_("I have a drug problem."),
    N_("I am not just thinking about changing, I am doing something about it."),
    N_("I have changed, and I look for ways not to slip back."),
    N_("I have serious problems with drugs."),
    N_("Sometimes I wonder if I am in control of my drug use."),
    N_("My drug use is causing a lot of harm."),
    N_("I am now actively doing things to cut down or stop."),
    N_("I want help so that I do not go back to my earlier problems."),
    N_("I know that I have a drug problem."),
    N_("At times I wonder if I use too much."),
    N_("I am a drug addict."),
    N_("I am working hard to change my drug use."),
    N_("I have made some changes and want help to keep going."),
)


def _codes(*numbers: int) -> tuple[str, ...]:
    return tuple(f"q{number}" for number in numbers)


def _deciles(**lowers: int) -> tuple[Band, ...]:
    return tuple(Band(name.removeprefix("d"), lower, name.removeprefix("d")) for name, lower in lowers.items())


SOCRATES = Instrument(
    key="socrates",
    version="8D",
    title=N_("SOCRATES, stages of change"),
    sections=(
        Section("all", N_("Statements"), tuple(likert(f"q{n}", label, 1, 5) for n, label in enumerate(LABELS, 1))),
    ),
    scales=(
        Scale(
            "recognition",
            N_("Recognition"),
            _codes(1, 3, 7, 10, 12, 15, 17),
            bands=_deciles(d10=7, d20=27, d30=29, d40=31, d50=32, d60=34, d70=35),
            better=Better.NEITHER,
        ),
        Scale(
            "ambivalence",
            N_("Ambivalence"),
            _codes(2, 6, 11, 16),
            bands=_deciles(d10=4, d20=9, d30=12, d40=14, d50=15, d60=16, d70=17, d80=18, d90=19),
            better=Better.NEITHER,
        ),
        Scale(
            "taking_steps",
            N_("Taking steps"),
            _codes(4, 5, 8, 9, 13, 14, 18, 19),
            bands=_deciles(d10=8, d20=26, d30=30, d40=31, d50=33, d60=34, d70=36, d80=37, d90=39),
            better=Better.HIGHER,
        ),
    ),
)
