"""What an instrument is made of. An instrument is a value declared from these parts (`assist.py`), scored by `scoring.py`,
read by `answers.py`, handed to the browser by `browser.py`. Rules and weights are those of INSTRUMENTS.md.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from assessments.instruments.conditions import Condition

NOT_APPLICABLE = "N"


class Kind(StrEnum):
    CHOICE = "choice"
    NUMBER = "number"
    TEXT = "text"
    LIST = "list"


@dataclass(frozen=True)
class Choice:
    """One option. Its code (text, truth value or number) is what is stored; its weight is derived by version."""

    code: bool | int | str
    label: str
    weight: int | None = None


@dataclass(frozen=True)
class Item:
    """One question. `group` says which row of a grid (substance, relation) it belongs to.

    Numbers run from minimum to maximum, both included; `whole` numbers only unless said otherwise. `not_applicable` items
    also take "N". An item that is not `required` may stay open in a completed assessment.
    """

    code: str
    label: str
    kind: Kind = Kind.CHOICE
    choices: tuple[Choice, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    whole: bool = True
    not_applicable: bool = False
    required: bool = True
    group: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Section:
    """Items shown together. `grid` sections have one row per group."""

    code: str
    title: str
    items: tuple[Item, ...]
    grid: bool = False


@dataclass(frozen=True)
class SkipWhen:
    """The items are skipped once the condition holds; while it is open they wait."""

    items: tuple[str, ...]
    when: Condition


@dataclass(frozen=True)
class OnlyWhen:
    """The items are skipped until the condition holds."""

    items: tuple[str, ...]
    when: Condition


@dataclass(frozen=True)
class Refusal:
    """Answers that cannot stand together; the error names `item`."""

    item: str
    when: Condition
    text: str
    unless: Condition | None = None


@dataclass(frozen=True)
class Option:
    """A setting of an institution that a score depends on, such as a cut-off. Kept with each score. None: not set."""

    code: str
    label: str
    default: int | None = None


@dataclass(frozen=True)
class Band:
    """From `lower` (a number, or the code of an option) up to the next band."""

    code: str
    lower: int | str
    title: str
    advice: str = ""


@dataclass(frozen=True)
class Total:
    """Sum of weights."""


@dataclass(frozen=True)
class Mean:
    """Mean of weights × factor + offset; up to `may_miss` items are left out of the mean."""

    may_miss: int = 0
    factor: int = 1
    offset: int = 0


@dataclass(frozen=True)
class Combination:
    """Sum of other scales (declared before it), each times its factor."""

    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Formula:
    """Anything else; gets the weights of all items ("N" for not applicable). Live scores come from the server."""

    compute: Callable[[Mapping], float]


@dataclass(frozen=True)
class Attention:
    """A level that draws attention without being a band."""

    at_least: int | None = None
    at_most: int | None = None


class Better(StrEnum):
    """Which way a scale goes when things get better; NEITHER where more or less says nothing by itself."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = ""


@dataclass(frozen=True)
class Scale:
    code: str
    title: str
    items: tuple[str, ...] = ()
    rule: Total | Mean | Combination | Formula = Total()
    bands: tuple[Band, ...] = ()
    attention: Attention | None = None
    better: Better = Better.LOWER


@dataclass(frozen=True)
class Alert:
    """An answer that someone must look at, whatever the score."""

    code: str
    title: str
    when: Condition


@dataclass(frozen=True)
class Advice:
    """A next step that follows from an answer and not from a band."""

    code: str
    text: str
    when: Condition


@dataclass(frozen=True)
class Group:
    code: str
    label: str


@dataclass(frozen=True)
class Instrument:
    """`labels_only`: the official wording is protected, only our own short labels are shipped, and the screen says so.

    `may_miss`: with more required items open than this there is no score at all. `interviewer`: asked by a person, not
    filled in alone. `areas` are those whose severity the interviewer judges after it.
    """

    key: str
    version: str
    title: str
    sections: tuple[Section, ...]
    scales: tuple[Scale, ...]
    rules: tuple[SkipWhen | OnlyWhen, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    alerts: tuple[Alert, ...] = ()
    advice: tuple[Advice, ...] = ()
    groups: tuple[Group, ...] = ()
    areas: tuple[Group, ...] = ()
    options: tuple[Option, ...] = ()
    may_miss: int | None = None
    labels_only: bool = False
    interviewer: bool = False

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every item by code, in the order asked."""
        return {item.code: item for section in self.sections for item in section.items}

    @cached_property
    def rules_of(self) -> dict[str, tuple[SkipWhen | OnlyWhen, ...]]:
        return {code: tuple(rule for rule in self.rules if code in rule.items) for code in self.items}

    def scale(self, code: str) -> Scale:
        return next(scale for scale in self.scales if scale.code == code)

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items.values())


def yes_no(code: str, label: str, yes: str, no: str, point_for: bool | None = True, **more: Any) -> Item:
    """A true/false item; the answer `point_for` weighs 1, the other 0, with None neither weighs anything."""
    weights = {answer: None if point_for is None else int(answer is point_for) for answer in (True, False)}
    choices = (Choice(True, yes, weights[True]), Choice(False, no, weights[False]))
    return Item(code, label, choices=choices, **more)


def likert(code: str, label: str, first: int, last: int, *, reverse: bool = False, **more: Any) -> Item:
    """Numbers from first to last, each weighing itself, or, reversed, what is left to the other end."""
    choices = (Choice(n, str(n), first + last - n if reverse else n) for n in range(first, last + 1))
    return Item(code, label, choices=tuple(choices), **more)
