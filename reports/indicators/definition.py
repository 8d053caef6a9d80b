"""What an indicator is: its words, how it adds up, and the query of its members."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import BigIntegerField, DateField, ExpressionWrapper, F, Q, QuerySet, TextChoices, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from rehab.numbers import round_half_up
from rehab.periods import Period

# Columns that every query of members has beside its breakdowns: when, for which unit, at which facility it counts.
ON, UNIT, FACILITY = "on", "for_unit", "at_facility"
MEMBER_COLUMNS = (ON, UNIT, FACILITY)


class Direction(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"


class Consolidation(TextChoices):
    """How months and units become one figure. Percentages are never averaged."""

    SUM = "sum", _("added up")
    LAST = "last", _("as of the last day")
    AVERAGE = "average", _("average")
    RATIO = "ratio_of_sums", _("ratio of the sums")


class MemberKind(StrEnum):
    """What one member is, for the page that lists them."""

    CLIENT = "client"
    TAT_CASE = "tat_case"
    FACILITY = "facility"
    # An anonymous sheet: never listed, only counted.
    SHEET = "sheet"


@dataclass(frozen=True)
class Rules:
    """The settings by which indicators count and figures are judged; values from reports.queries.rules.

    `grades_from`: from where on an index has grade C, B and A; below the first it is D.
    """

    reached_from: float = 100
    attention_from: float = 80
    grades_from: tuple[float, ...] = (2.6, 3.0644, 3.5324)


DEFAULT_RULES = Rules()


@dataclass(frozen=True)
class Breakdown:
    """A column of the members by which they are told apart; `key` is the column, `choices` its words in their order."""

    key: str
    title: Any
    choices: type[TextChoices]

    def label(self, value: str) -> str:
        return str(self.choices(value).label) if value in self.choices.values else str(_("not recorded"))


@dataclass(frozen=True)
class Ratio:
    """A percentage: the members whose breakdown `key` has the value `hit`, of all members."""

    breakdown: Breakdown
    hit: str


# The result under which cells keep the sum of their members' values.
TOTAL = "total"


@dataclass(frozen=True)
class Mean:
    """An index: the mean of the members' values. `column` holds the value of each, a whole number of 1/`parts`.

    Over months and units the values are added up and divided by their number: an index is never summed, nor are means
    averaged. Of fewer than `least` members there is no figure, so that nobody can be read out of it.
    """

    column: str
    parts: int = 100
    least: int = 5

    def total(self, result: str | None, members: int) -> int:
        """What so many members with this value add to the sum."""
        return members * int(result) if result else 0


@dataclass(frozen=True)
class State:
    """What holds on a day: rows with the columns `for_unit` and `at_facility`, and which of them are members on that day."""

    rows: Callable[[], QuerySet]
    holds: Callable[[date], Q]

    def on(self, period: Period, rules: Rules) -> QuerySet:
        """The members on the period's last day."""
        day = period.last_day
        return self.rows().filter(self.holds(day)).annotate(on=Value(day, output_field=DateField()))


@dataclass(frozen=True)
class Indicator:
    """One definition, read by dashboard, drill-down, report, XLSX, PDF and command.

    `counted(period, rules)` gives the members of the period as a query with the columns `on`, `for_unit`, `at_facility`
    and one for each breakdown; without it the indicator is only reported. One that tells of a day has its `state` instead. `places`: decimals shown, None for those that
    matter. `date_field` is the model's own field by which its members are listed; `code_path` and `person_path` lead from a
    member to its code and to the person behind it. A member is kept in reports as `source` (a model's label) and the id that
    `source_path` leads to: a facility as itself, not as the row that tells of it, which a late entry may change.
    `missing` counts, of the treatments of a place, those that would be members if something had been recorded; they are told
    beside the number (`missing_words`), never counted in it.
    """

    key: str
    version: int
    title: Any
    measure: Any
    consolidation: Consolidation = Consolidation.SUM
    direction: Direction = Direction.HIGHER
    source_note: Any = ""
    breakdowns: tuple[Breakdown, ...] = ()
    ratio: Ratio | None = None
    mean: Mean | None = None
    counted: Callable[[Period, Rules], QuerySet] | None = None
    state: State | None = None
    places: int | None = None
    member_kind: MemberKind = MemberKind.CLIENT
    date_field: str = "pk"
    source: str = ""
    source_path: str = "pk"
    code_path: str = ""
    person_path: str = ""
    at_facilities: bool = True
    missing: Callable[[QuerySet, Period], int] | None = None
    missing_words: Any = ""

    @property
    def is_counted(self) -> bool:
        return self.counted is not None or self.state is not None

    @property
    def lower_is_better(self) -> bool:
        return self.direction is Direction.LOWER

    @property
    def adds_up(self) -> bool:
        """Whether it grows over the year, so that a part of the target is expected by a day."""
        return self.consolidation is Consolidation.SUM

    @property
    def is_state(self) -> bool:
        """Whether it tells what holds on a day, not what happened in a period."""
        return self.consolidation is Consolidation.LAST

    @property
    def all_breakdowns(self) -> tuple[Breakdown, ...]:
        """Its breakdowns; of a percentage first the one that its numerator comes from."""
        return (self.ratio.breakdown, *self.breakdowns) if self.ratio else self.breakdowns

    @property
    def result(self) -> str:
        """The column by which the members of a percentage or an index are told apart in months; empty for a plain number."""
        if self.ratio:
            return self.ratio.breakdown.key
        return self.mean.column if self.mean else ""

    @property
    def is_fraction(self) -> bool:
        """Whether it has a numerator over its members: it adds up by both, and is none of nobody."""
        return bool(self.ratio or self.mean)

    @property
    def list_breakdowns(self) -> tuple[Breakdown, ...]:
        """What a list of members tells of each; the substance and what a TAT letter recommends stand on their own pages,
        and whose a facility is on the facility's."""
        if self.member_kind is MemberKind.TAT_CASE:
            return ()
        hidden = {"by_substance", "by_ownership"} if self.member_kind is MemberKind.CLIENT else set()
        return tuple(each for each in self.all_breakdowns if each.key not in hidden)

    @property
    def member_word(self) -> Any:
        """What is listed, which of a percentage is not what it is measured in."""
        if self.mean:
            return _("answers")
        return _("people") if self.ratio else self.measure

    @property
    def columns(self) -> tuple[str, ...]:
        """The breakdown columns of its members, and the one that holds the values of an index."""
        return (*(breakdown.key for breakdown in self.all_breakdowns), *([self.mean.column] if self.mean else []))

    def members(self, units: Collection[int] | None, period: Period, rules: Rules = DEFAULT_RULES) -> QuerySet:
        """What it counts in the period for these units (None: for all). An indicator that is only reported has none."""
        count = self.state.on if self.state else self.counted
        if count is None:
            raise ValueError(f"{self.key} is only reported")
        found = count(period, rules)
        return found if units is None else found.filter(**{f"{UNIT}__in": list(units)})

    def counts(self, result: str | None, members: int) -> tuple[int, int]:
        """Members and their part of the numerator, of a group with this result."""
        if self.mean:
            return (0, members) if result == TOTAL else (members, self.mean.total(result, members))
        return members, members if self.ratio and result == self.ratio.hit else 0

    def grade(self, members: int, hits: int, rules: Rules) -> str:
        """A to D by the mean itself, not by what is left of it after rounding; empty where there is no index."""
        if self.mean is None or members < self.mean.least:
            return ""
        mean = Decimal(hits) / (members * self.mean.parts)
        return "DCBA"[sum(mean >= Decimal(str(least)) for least in rules.grades_from)]

    def value(self, members: int, hits: int) -> Decimal | int | None:
        """The figure of that many members; a percentage of nobody is none, nor is an index of too few."""
        if self.mean:
            known = members >= self.mean.least
            return round_half_up(Decimal(hits) / (members * self.mean.parts), self.places or 2) if known else None
        if self.ratio is None:
            return members
        return round_half_up(Decimal(100 * hits) / members, 2) if members else None


def number(path: str) -> ExpressionWrapper:
    """A foreign key as the bare number that it is, so that it can be compared with numbers."""
    return ExpressionWrapper(F(path), output_field=BigIntegerField())


def no_facility() -> Cast:
    return Cast(Value(None), BigIntegerField())
