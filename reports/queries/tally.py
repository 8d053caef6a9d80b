"""What was counted, by part, month, breakdown and facility."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from rehab.periods import Period
from reports.indicators import REGISTRY, Indicator, Rules
from reports.indicators.definition import FACILITY
from reports.queries.counting import PART, UNCOUNTED, Group, Reach, Wanted, groups

# No unit has this id.
WHOLE = -1


@dataclass(frozen=True)
class Count:
    """Members, and the numerator: those that a percentage counts, or the sum of the values of an index."""

    members: int = 0
    hits: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.members + other.members, self.hits + other.hits)


@dataclass(frozen=True)
class PlaceCount:
    """The count of one facility."""

    id: int
    code: str
    name: str
    count: Count


@dataclass
class Tally:
    """`late` holds what lies after the same date of the year before; `parts` are those in which anything was found."""

    months: dict[tuple[str, int, date], Count] = field(default_factory=lambda: defaultdict(Count))
    late: dict[tuple[str, int, date], Count] = field(default_factory=lambda: defaultdict(Count))
    breakdowns: dict[tuple[str, str], dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    facilities: dict[str, dict[int, PlaceCount]] = field(default_factory=lambda: defaultdict(dict))
    uncounted: int = 0
    parts: set[int] = field(default_factory=set)

    def of(self, indicator: Indicator, months: Iterable[date], parts: Iterable[int], *, late: bool = True) -> Count:
        """The count over these months (their first days, in order) and parts; of a state its last month.

        `late=False` leaves out what lies after the same date of the year before.
        """
        days, places = list(months), set(parts)
        if places >= self.parts:
            # The whole, which is kept beside its parts.
            places = {WHOLE}
        members = hits = 0
        for first in days[-1:] if indicator.is_state else days:
            for part in places:
                for kept in (self.months, self.late) if late else (self.months,):
                    if found := kept.get((indicator.key, part, first)):
                        members, hits = members + found.members, hits + found.hits
        return Count(members, hits)


def tally(
    indicators: Iterable[Indicator], period: Period, reach: Reach, rules: Rules, wanted: Wanted | None = None
) -> Tally:
    """Count the members in `period`, already cut at the as-of date. One query."""
    return tallied(groups(tuple(indicators), period, reach, rules, wanted or Wanted()))


def tallied(counted: Iterable[Group]) -> Tally:
    """The tally of groups, wherever they were counted: live, or from the members of a run."""
    found = Tally()
    for group in counted:
        _keep(found, group)
    return found


def _keep(found: Tally, group: Group) -> None:
    if group.indicator == UNCOUNTED:
        found.uncounted += group.current if group.dimension == PART else 0
        return
    indicator = REGISTRY[group.indicator]
    if group.dimension == PART and group.first:
        kept = found.late if group.late else found.months
        count = _count(indicator, group.result, group.members)
        found.parts.add(group.value)
        kept[group.indicator, group.value, group.first] += count
        kept[group.indicator, WHOLE, group.first] += count
        if indicator.ratio and group.current:
            results = found.breakdowns[group.indicator, indicator.ratio.breakdown.key]
            results[group.result or ""] = results.get(group.result or "", 0) + group.current
    elif group.dimension == FACILITY:
        if group.place and group.current:
            places = found.facilities[group.indicator]
            before = places[group.value].count if group.value in places else Count()
            places[group.value] = PlaceCount(
                group.value, *group.place, before + _count(indicator, group.result, group.current)
            )
    elif group.dimension in indicator.columns and group.current:
        found.breakdowns[group.indicator, group.dimension][group.value or ""] = group.current


def _count(indicator: Indicator, result: str | None, members: int) -> Count:
    return Count(*indicator.counts(result, members))
