"""Conditions on answers, as data: the server evaluates them here, the browser from `as_json`.

A condition is True, False, or None while the answer that decides it is still open. An item that the rules skip is never
equal to anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Value = bool | int | float | str | tuple[str, ...]


class Skipped:
    def __repr__(self) -> str:
        return "SKIPPED"


SKIPPED: Final = Skipped()
Known = Mapping[str, Value | Skipped]


def same(first: object, second: object) -> bool:
    """Equal and of one sort: 1 is 1.0, but neither true nor '1'."""
    return isinstance(first, bool) == isinstance(second, bool) and first == second


@dataclass(frozen=True)
class Is:
    item: str
    value: bool | int | str

    def holds(self, known: Known) -> bool | None:
        answer = known.get(self.item)
        return None if answer is None else same(answer, self.value)

    def as_json(self) -> dict:
        return {"item": self.item, "is": self.value}


@dataclass(frozen=True)
class Above:
    item: str
    number: int

    def holds(self, known: Known) -> bool | None:
        answer = known.get(self.item)
        if answer is None:
            return None
        return isinstance(answer, int | float) and not isinstance(answer, bool) and answer > self.number

    def as_json(self) -> dict:
        return {"item": self.item, "above": self.number}


@dataclass(frozen=True)
class All:
    parts: tuple["Condition", ...] = ()

    def holds(self, known: Known) -> bool | None:
        found = [part.holds(known) for part in self.parts]
        return False if False in found else None if None in found else True

    def as_json(self) -> dict:
        return {"all": [part.as_json() for part in self.parts]}


@dataclass(frozen=True)
class AnyOf:
    parts: tuple["Condition", ...]

    def holds(self, known: Known) -> bool | None:
        found = [part.holds(known) for part in self.parts]
        return True if True in found else None if None in found else False

    def as_json(self) -> dict:
        return {"any": [part.as_json() for part in self.parts]}


Condition = Is | Above | All | AnyOf
ALWAYS = All()
