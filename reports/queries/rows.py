"""What a page, a command or a report says of a place in a period."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from rehab.numbers import achievement, round_half_up
from rehab.periods import Period
from reports.enums import FigureScope
from reports.indicators import Indicator
from reports.models import ReportedFigure
from reports.queries.tally import Count, PlaceCount
from reports.queries.tree import Node


class Source(StrEnum):
    COUNTED = "counted"
    REPORTED = "reported"


class Standing(TextChoices):
    """How a figure stands against what was to be reached by now."""

    REACHED = "reached", _("on target")
    ATTENTION = "attention", _("needs attention")
    BEHIND = "danger", _("behind")


@dataclass(frozen=True)
class Slice:
    """One value of a breakdown."""

    value: str
    label: str
    members: int


@dataclass(frozen=True)
class BreakdownTable:
    """The members of a row told apart by one column; they add up to `total`."""

    key: str
    title: str
    slices: tuple[Slice, ...]

    @property
    def total(self) -> int:
        return sum(each.members for each in self.slices)


@dataclass(frozen=True)
class MonthFigure:
    """One month: None where there is nothing to tell (a month to come, a percentage of nobody, no target)."""

    first: date
    value: Decimal | int | None
    target: Decimal | None
    last_year: Decimal | int | None


@dataclass(frozen=True)
class Row:
    """One indicator of a place in a period. `count` are the members behind a counted figure; `beside` is what was published
    elsewhere for a figure that is counted here; `grade` that of an index. Target, expectation and forecast are those of the year and scope."""

    indicator: Indicator
    source: Source
    realised: Decimal | int | None
    target: Decimal | None
    as_of: date
    count: Count = field(default_factory=Count)
    expected: Decimal | None = None
    forecast: Decimal | None = None
    standing: Standing | None = None
    this_month: Decimal | int | None = None
    last_year: Decimal | int | None = None
    months: tuple[MonthFigure, ...] = ()
    breakdowns: tuple[BreakdownTable, ...] = ()
    reported: ReportedFigure | None = None
    beside: ReportedFigure | None = None
    grade: str = ""

    @property
    def achievement(self) -> Decimal | None:
        return achievement(self.realised, self.target, self.indicator.lower_is_better)

    @property
    def expected_shown(self) -> Decimal | None:
        """To one decimal: half a client is a way of saying half a month."""
        return None if self.expected is None else round_half_up(self.expected, 1)

    @property
    def share_expected(self) -> Decimal | None:
        """Where the mark of the expectation stands, in percent of the target."""
        return achievement(self.expected, self.target)

    @property
    def is_counted(self) -> bool:
        return self.source is Source.COUNTED

    @property
    def places(self) -> int | None:
        return self.indicator.places

    @property
    def unknown(self) -> int | None:
        """Of a percentage: the members of whom nothing is known."""
        return next((each.members for each in self.results if each.value == "unknown"), None)

    @property
    def too_few(self) -> int | None:
        """Of an index that is not told: how many answers there are so far, too few to keep them anonymous."""
        mean = self.indicator.mean
        return self.count.members if mean and self.is_counted and self.count.members < mean.least else None

    @property
    def results(self) -> tuple[Slice, ...]:
        """Of a percentage: what its members are told apart by, hits and the others side by side."""
        ratio = self.indicator.ratio
        return next((each.slices for each in self.breakdowns if ratio and each.key == ratio.breakdown.key), ())


@dataclass(frozen=True)
class Part:
    """A unit below (or the unit itself, for what it counts directly) with its figure for each indicator."""

    node: Node
    is_self: bool
    values: dict[str, Decimal | int | None]


@dataclass(frozen=True)
class Figures:
    """Everything that a page about one place says. `begun`: the period has begun and the place existed in it."""

    period: Period
    scope: FigureScope
    as_of: date
    begun: bool
    rows: tuple[Row, ...]
    parts: tuple[Part, ...] = ()
    facilities: dict[str, dict[int, PlaceCount]] = field(default_factory=dict)
    uncounted: int = 0

    @property
    def running(self) -> bool:
        """Whether the period has days to come."""
        return self.as_of < self.period.last_day

    def row(self, key: str) -> Row | None:
        return next((row for row in self.rows if row.indicator.key == key), None)
