"""The members of an indicator by facility, unit and month: what rankings, small lines and jumps are read from."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Aggregate, Count, DateField, F, Func, Q, Sum

from rehab.periods import Period
from reports.indicators import Indicator, Rules
from reports.indicators.definition import FACILITY, ON, UNIT
from reports.queries.counting import Reach


@dataclass(frozen=True)
class MonthCount:
    """`facility` is None for what a unit does itself. `first` is the month's first day."""

    unit: int
    facility: int | None
    first: date
    members: int
    hits: int


class FirstOfMonth(Func):
    """Cheaper than date_trunc, which goes by way of a moment in a time zone."""

    template = "(%(expressions)s - (EXTRACT(day FROM %(expressions)s)::int - 1))"
    output_field = DateField()


def month_counts(indicator: Indicator, period: Period, reach: Reach, rules: Rules) -> list[MonthCount]:
    """By unit, facility and month, for an indicator of events. One query, or none where nothing can be counted."""
    if not reach.counts(indicator) or indicator.is_state:
        return []
    members = reach.narrow(indicator.members(None, period, rules)).order_by()
    rows = members.annotate(first=FirstOfMonth(F(ON))).values_list(UNIT, FACILITY, "first")
    hits = _numerator(indicator)
    rows = rows.annotate(members=Count("*"), **({"hits": hits} if hits else {}))
    return [MonthCount(row[0], row[1], row[2], row[3], row[4] if hits else 0) for row in rows]


def _numerator(indicator: Indicator) -> Aggregate | None:
    if indicator.mean:
        return Sum(indicator.mean.column)
    return Count("*", filter=Q(**{indicator.ratio.breakdown.key: indicator.ratio.hit})) if indicator.ratio else None
