"""Invented people, many and fast: names end in "Contoh", numbers are nobody's."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from random import Random

from rehab import vault
from rehab.enums import Sex
from rehab.identity.words import name_words, sound
from reports.invented.names import MEN, MIDDLE, WOMEN
from reports.simulation.nation import Place

WOMEN_SHARE = 0.1
# Spellings of one name on one person's papers.
_OTHER_SPELLINGS = (
    ("Su", "Soe"), ("Yu", "Ju"), ("Fa", "Pha"), ("Rahmat", "Rachmat"), ("Jo", "Djo"), ("Wijaya", "Widjaja"),
    ("Ci", "Tji"), ("Si", "Sy"), ("Du", "Doe"), ("u", "oe"), ("k", "c"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Invented:
    """`born` is empty where the birth date is not known; `year` may be known nevertheless. `nik` empty: no card."""

    name: str
    sex: str
    born: date | None
    year: int | None
    nik: str
    phone: str
    region: str


class People:
    """A stream of people. `number` tells one from all others of the nation and makes NIK and phone theirs alone."""

    def __init__(self, random: Random):
        self._random = random

    def one(self, number: int, place: Place, day: int) -> Invented:
        """Someone who comes to `place` on that day."""
        random = self._random
        sex = Sex.FEMALE.value if random.random() < WOMEN_SHARE else Sex.MALE.value
        mean, spread = place.rule.age
        years = min(67.0, max(12.0, random.gauss(mean, spread)))
        born = date.fromordinal(day - int(years * 365.25))
        first, second = random.choice(WOMEN if sex == "F" else MEN), random.choice(MIDDLE)
        third = f"{random.choice(MIDDLE)} " if random.random() < 0.35 else ""
        known = random.random()
        has_card = known > 0.08
        return Invented(
            name=f"{first} {second} {third}Contoh",
            sex=sex,
            born=born if has_card or known > 0.02 else None,
            year=born.year if has_card or known > 0.005 else None,
            nik=self._nik(number, place.region, born, sex) if has_card else "",
            phone=f"0800{number % 100_000_000:08d}" if random.random() > 0.15 else "",
            region=place.region,
        )

    def again(self, known: Invented, *, with_card: bool) -> Invented:
        """The same human being, written otherwise."""
        name = next((known.name.replace(*pair, 1) for pair in _OTHER_SPELLINGS if pair[0] in known.name), known.name)
        return replace(known, name=name, nik=known.nik if with_card else "", phone="")

    @staticmethod
    def _nik(number: int, region: str, born: date, sex: str) -> str:
        """District and serial are invented from the number: ninety thousand people in turn never share one."""
        day = born.day + (40 if sex == "F" else 0)
        return (
            f"{region}{1 + number % 90:02d}{day:02d}{born.month:02d}{born.year % 100:02d}{9000 + number // 90 % 1000}"
        )


def name_tokens(name: str) -> list[int]:
    """As `vault.name_tokens`, which takes a name word by word; the nation has few words."""
    return sorted(set().union(*(_word_tokens(word) for word in name.split())))


@cache
def _word_tokens(word: str) -> frozenset[int]:
    return frozenset(vault.name_tokens(word))


def sounds(name: str) -> list[str]:
    """How the words of a name sound, each once."""
    return sorted(set().union(*(_word_sounds(word) for word in name.split())))


@cache
def _word_sounds(word: str) -> frozenset[str]:
    return frozenset(sound(each) for each in name_words(word))
