"""Months that stand out from the twelve before them, at a facility or at a unit: a queue of what wants a word.

The rule: a month stands out when it differs from the median of the twelve months before it by at least `least`, and by more
than `times` what these months usually differ from it. "Usually" is the median absolute deviation, brought to the scale of a
standard deviation, and never less than the square root of the median: small numbers differ by chance alone.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import median

from rehab import tunables
from rehab.periods import Kind, Period, month
from reports.indicators import REGISTRY, Indicator, Rules
from reports.models import JumpReason
from reports.queries.counting import Reach
from reports.queries.months import month_counts

WATCHED: tuple[Indicator, ...] = tuple(
    REGISTRY[key] for key in ("clients_rehabilitated", "tat_clients", "aftercare_clients")
)
BEFORE = 12
# What brings the median absolute deviation to the scale of a standard deviation.
TO_DEVIATION = 1.4826
LEAST, TIMES, HISTORY = "figures.jump_least", "figures.jump_times", "figures.jump_history"


@dataclass(frozen=True)
class JumpRule:
    least: int
    times: float
    history: int


@dataclass(frozen=True)
class Jump:
    """`usual` is the median of the months before. `reason` was given for this very count, or for an earlier one (`changed`)."""

    indicator: Indicator
    unit: int
    facility: int | None
    first: date
    members: int
    usual: float
    reason: JumpReason | None = None

    @property
    def up(self) -> bool:
        return self.members > self.usual

    @property
    def difference(self) -> float:
        return self.members - self.usual

    @property
    def changed(self) -> bool:
        return self.reason is not None and self.reason.members != self.members

    @property
    def explained(self) -> bool:
        return self.reason is not None and not self.changed


Key = tuple[str, int | None, int | None]


def rule() -> JumpRule:
    """The settings in force. One query."""
    values = tunables.values(LEAST, TIMES, HISTORY)
    return JumpRule(values[LEAST], values[TIMES], values[HISTORY])


def stands_out(members: int, before: Sequence[int], rule: JumpRule) -> float | None:
    """The median of the months before, if this month stands out from it; else None."""
    if len(before) < rule.history:
        return None
    usual = median(before)
    away = abs(members - usual)
    if away < rule.least or away <= rule.times * sqrt(usual):
        return None
    spread = TO_DEVIATION * median(abs(each - usual) for each in before)
    return usual if away > rule.times * spread else None


def jumps(period: Period, reach: Reach, rules: Rules, latest: int = BEFORE) -> list[Jump]:
    """Months of the period, or its `latest`, that have ended by its end and stand out: not explained ones first, then the
    latest.

    `period` is cut at today's date: a month under way is not judged. One query for each watched indicator, the settings, and
    the reasons.
    """
    judged = [each for each in period.months() if each.end <= period.end][-latest:]
    if not judged:
        return []
    first = _earlier(judged[0].start, BEFORE)
    span, held = Period(first, judged[-1].end, Kind.SPAN), rule()
    found = [jump for each in WATCHED for jump in _of(each, month_series(each, span, reach, rules), judged, held)]
    reasons = _reasons(found)
    told = [Jump(**(vars(jump) | {"reason": reasons.get(_key(jump))})) for jump in found]
    return sorted(told, key=lambda jump: (jump.explained, -jump.first.toordinal(), -abs(jump.difference)))


def month_series(
    indicator: Indicator, span: Period, reach: Reach, rules: Rules
) -> Mapping[tuple[int, int | None], dict[date, int]]:
    """Counts by month of each facility (under the unit of its last month) and of each unit."""
    places: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    units: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    of: dict[int, tuple[date, int]] = {}
    for each in month_counts(indicator, span, reach, rules):
        if reach.facility is None:
            units[each.unit][each.first] += each.members
        if each.facility is not None:
            places[each.facility][each.first] += each.members
            of[each.facility] = max(of.get(each.facility, (each.first, each.unit)), (each.first, each.unit))
    return {(of[pk][1], pk): months for pk, months in places.items()} | {(pk, None): m for pk, m in units.items()}


def _of(
    indicator: Indicator, series: Mapping[tuple[int, int | None], dict[date, int]], judged: list[Period], rule: JumpRule
) -> list[Jump]:
    found = []
    span = [(each.start, [_earlier(each.start, back) for back in range(1, BEFORE + 1)]) for each in judged]
    for (unit, facility), counts in series.items():
        begun = min(counts)
        for first, firsts in span:
            # Before its first member a place did not work with Titian, or not at all: that is not zero.
            before = [counts.get(each, 0) for each in firsts if each >= begun]
            usual = stands_out(counts.get(first, 0), before, rule)
            if usual is not None:
                found.append(Jump(indicator, unit, facility, first, counts.get(first, 0), usual))
    return found


def _reasons(found: list[Jump]) -> dict[tuple, JumpReason]:
    if not found:
        return {}
    units, months = {jump.unit for jump in found}, {jump.first for jump in found}
    places = {jump.facility for jump in found if jump.facility}
    given = JumpReason.objects.filter(month__in=months).select_related("given_by")
    given = given.filter(facility__in=places) | given.filter(facility=None, unit__in=units)
    return {_key_of(row.indicator, row.unit_id, row.facility_id, row.month): row for row in given}


def _key(jump: Jump) -> tuple:
    return _key_of(jump.indicator.key, jump.unit, jump.facility, jump.first)


def _key_of(indicator: str, unit: int, facility: int | None, first: date) -> tuple:
    """A facility keeps its reasons when it comes under another unit."""
    return indicator, None if facility else unit, facility, first


def _earlier(first: date, months: int) -> date:
    year, index = divmod(first.year * 12 + first.month - 1 - months, 12)
    return month(year, index + 1).start
