"""How far two identities agree, factor by factor: what a data steward decides on. Shown masked, compared in the clear."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import product

from django.utils.translation import gettext_lazy as _

from clients.models import Client
from clients.queries.identities import opened_fields
from rehab import vault
from rehab.identity import tokens
from rehab.identity.masking import masked_name
from rehab.identity.words import name_words, sound

FIELDS = ("name", "birth_date", "mother_name", "phone", "nik")


class Verdict(StrEnum):
    SAME = "same"
    SIMILAR = "similar"
    DIFFERENT = "different"
    MISSING = "missing"

    @property
    def label(self):
        return _VERDICTS[self]

    @property
    def tone(self) -> str:
        return {"same": "reached", "similar": "attention"}.get(self.value, "")


_VERDICTS = {
    Verdict.SAME: _("same"),
    Verdict.SIMILAR: _("similar"),
    Verdict.DIFFERENT: _("different"),
    Verdict.MISSING: _("not there"),
}
S, M, D = Verdict.SAME, Verdict.SIMILAR, Verdict.DIFFERENT
# Two people of one family share a mother, a telephone and often a word of the name; of one name and birth date there are
# several in a nation. A pair is worth a steward's time from FLOOR on, and where two of the strong factors agree.
WEIGHTS = {
    "nik": {S: 100, D: -40},
    "name": {S: 30, M: 20, D: -20},
    "birth_date": {S: 30, M: 10, D: -20},
    "mother_name": {S: 25, M: 15, D: -15},
    "phone": {S: 20},
    "region": {S: 5},
    "sex": {D: -20},
}
STRONG = frozenset({"name", "birth_date", "mother_name", "phone"})
FLOOR, MIDDLING, CLOSE = 45, 55, 75


@dataclass(frozen=True, repr=False)
class Side:
    """One of the two, opened. Has no repr, so that it never ends up in a log."""

    client: Client
    name: str
    born: date | None
    mother: str
    phone: str
    nik: str

    @property
    def masked(self) -> str:
        return masked_name(self.name)

    @property
    def masked_mother(self) -> str:
        return masked_name(self.mother)


@dataclass(frozen=True)
class Factor:
    """One thing in which the two agree, or do not; what it says of them stays closed."""

    key: str
    verdict: Verdict


@dataclass(frozen=True)
class Likeness:
    factors: tuple[Factor, ...]

    @property
    def strength(self) -> int:
        return sum(WEIGHTS[factor.key].get(factor.verdict, 0) for factor in self.factors)

    @property
    def is_worth_a_look(self) -> bool:
        verdicts = {factor.key: factor.verdict for factor in self.factors}
        if verdicts["nik"] == S:
            return True
        agreeing = sum(verdicts[key] in (S, M) for key in STRONG)
        return agreeing >= 2 and self.strength >= FLOOR


def side_of(client: Client) -> Side:
    """Reads what `select_related("identity")` brought along."""
    name, born, mother, phone, nik = opened_fields(client, client.identity, *FIELDS)
    return Side(client, name, date.fromisoformat(born) if born else None, mother, tokens.phone_digits(phone), nik)


def compare(one: Side, other: Side) -> Likeness:
    return Likeness(
        (
            Factor("nik", _plain(one.nik, other.nik)),
            Factor("name", _names(one.name, other.name)),
            Factor("birth_date", _births(one, other)),
            Factor("mother_name", _names(one.mother, other.mother)),
            Factor("phone", _plain(one.phone, other.phone)),
            Factor("sex", _plain(one.client.sex, other.client.sex)),
            # The regency: people move within it, and papers name its districts as they please.
            Factor("region", _plain((one.client.region_id or "")[:4], (other.client.region_id or "")[:4])),
        )
    )


def keys_of(side: Side) -> list[int]:
    """The keyed hashes by which the client is found: a pair that is worth a look shares one of them."""
    sounds = sorted({sound(word) for word in name_words(side.name)})
    mother = " ".join(sound(word) for word in name_words(side.mother))
    return hashed_keys(sounds, side.born.isoformat() if side.born else "", mother, side.phone, side.nik)


def hashed_keys(sounds: list[str], born: str, mother: str, phone: str, nik: str) -> list[int]:
    """`keys_of` for facts that are at hand in the form in which they are compared."""
    pairs = [*product((("born", born), ("mother", mother), ("phone", phone)), (("name", each) for each in sounds))]
    pairs += [(("born", born), ("mother", mother)), (("born", born), ("phone", phone)), (("nik", nik),) * 2]
    found = {_hashed(*pair) for pair in pairs if all(value for _kind, value in pair)}
    return sorted(found)


def _hashed(first: tuple[str, str], second: tuple[str, str]) -> int:
    digest = vault.blind(f"match.{first[0]}.{second[0]}", f"{first[1]}\0{second[1]}") or b""
    return int.from_bytes(digest[:8], "big", signed=True)


def _plain(one: str, other: str) -> Verdict:
    if not one or not other:
        return Verdict.MISSING
    return Verdict.SAME if one == other else Verdict.DIFFERENT


def _names(one: str, other: str) -> Verdict:
    """Similar: all words of one of them begin or sound like words of the other."""
    if not name_words(one) or not name_words(other):
        return Verdict.MISSING
    if sorted(name_words(one)) == sorted(name_words(other)):
        return Verdict.SAME
    return Verdict.SIMILAR if tokens.matches(one, other) or tokens.matches(other, one) else Verdict.DIFFERENT


def _births(one: Side, other: Side) -> Verdict:
    """Similar: two of day, month and year agree, day and month changed places, or only the years are known and agree."""
    years = one.client.birth_year, other.client.birth_year
    if one.born is None or other.born is None:
        if None in years:
            return Verdict.MISSING
        return Verdict.SIMILAR if years[0] == years[1] else Verdict.DIFFERENT
    if one.born == other.born:
        return Verdict.SAME
    mine, theirs = [(born.year, born.month, born.day) for born in (one.born, other.born)]
    agreeing = sum(a == b for a, b in zip(mine, theirs, strict=True))
    turned = (mine[0], mine[2], mine[1]) == theirs
    return Verdict.SIMILAR if agreeing == 2 or turned else Verdict.DIFFERENT
