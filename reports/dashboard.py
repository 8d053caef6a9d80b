"""What the page of figures shows, made from the rows: tiles and the chart. Links included, no query."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.dates import MONTHS_3

from facilities.models import Facility, Unit
from rehab.models import User
from rehab.numbers import round_half_up
from reports.enums import FigureScope
from reports.indicators import Indicator
from reports.places import may_open_members
from reports.queries import Figures, Row
from reports.queries.budgets import Money
from reports.queries.rows import MonthFigure
from reports.queries.sealed import SealedFigure

Value = Decimal | int | None
SUMMED = "sum"


@dataclass(frozen=True)
class Tile:
    """`sealed` is what the latest sealed report of the year says; `since` how many came since, where it covers the whole.
    `money` is what the output costs."""

    row: Row
    url: str
    sealed: SealedFigure | None = None
    since: Decimal | int | None = None
    money: Money | None = None


@dataclass(frozen=True)
class Beside:
    """What stands beside the figures of a unit, each by indicator."""

    sealed: Mapping[str, SealedFigure] = field(default_factory=dict)
    money: Mapping[str, Money] = field(default_factory=dict)


@dataclass(frozen=True)
class MonthRow:
    figure: MonthFigure
    url: str


class Page:
    """The parts of the page of one place, for one person."""

    def __init__(
        self,
        user: User,
        place: Unit | Facility,
        found: Figures,
        query: dict[str, str],
        beside: Beside,
    ):
        self.user, self.place, self.found, self.query, self.beside = user, place, found, query, beside
        self.year = found.period.start.year
        self.open = may_open_members(user, place)
        self.chosen = self._chosen()

    def tiles(self) -> list[Tile]:
        return [self._tile(row) for row in self.found.rows]

    def _tile(self, row: Row) -> Tile:
        url = self._members(row.indicator) if row.is_counted else ""
        key = row.indicator.key
        sealed = self.beside.sealed.get(key) if row.is_counted else None
        since = None
        whole = sealed is not None and sealed.until == self.found.period.last_day
        if sealed and whole and sealed.realised is not None and row.realised is not None:
            since = row.realised - sealed.realised
        return Tile(row, url, sealed, since, self.beside.money.get(key))

    def months(self) -> list[MonthRow]:
        if self.chosen is None:
            return []
        indicator = self.chosen.indicator
        if self.summed:
            return [MonthRow(month, "") for month in self._figures()]
        return [
            MonthRow(month, self._members(indicator, month=str(month.first.month)) if month.value is not None else "")
            for month in self._figures()
        ]

    @property
    def summed(self) -> bool:
        """Whether the months are shown added up from January, which only what adds up can be."""
        return bool(self.chosen and self.chosen.indicator.adds_up and self.query.get("trend") == SUMMED)

    def trends(self) -> list[tuple[bool, str]]:
        """The two ways to look at the months: each by itself, or added up; with the address that chooses it."""
        if self.chosen is None or not self.chosen.indicator.adds_up:
            return []
        return [(way == SUMMED, "?" + urlencode(self.query | {"trend": way}) + "#chart") for way in ("", SUMMED)]

    def _figures(self) -> list[MonthFigure]:
        """The months of the chosen indicator as they are looked at."""
        months = [_rounded(month) for month in self.chosen.months] if self.chosen else []
        if not self.summed:
            return months
        whole = self.chosen.months if self.chosen else ()
        sums = [_added([getattr(month, name) for month in whole]) for name in ("value", "target", "last_year")]
        return [_rounded(MonthFigure(month.first, *values)) for month, *values in zip(months, *sums, strict=True)]

    def chart(self) -> dict[str, Any]:
        """The numbers of the chart, for the script."""
        months = self._figures()
        return {
            "months": [str(MONTHS_3[month.first.month]) for month in months],
            "realised": [_plain(month.value) for month in months],
            "target": [_plain(month.target) for month in months],
            "lastYear": [_plain(month.last_year) for month in months],
        }

    def charts(self) -> list[tuple[Row, str]]:
        """The indicators that can be looked at by month, each with the address that chooses it."""
        rows = [row for row in self.found.rows if row.is_counted]
        return [(row, "?" + urlencode(self.query | {"chart": row.indicator.key}) + "#chart") for row in rows]

    def _chosen(self) -> Row | None:
        row = self.found.row(self.query.get("chart", ""))
        if row is not None and row.is_counted:
            return row
        return next((each for each in self.found.rows if each.is_counted), None)

    def _members(self, indicator: Indicator, **choice: str) -> str:
        return address(self.place.code, self.year, indicator, self.found.scope, **choice)


def address(code: str, year: int, indicator: Indicator, scope: FigureScope, **choice: str) -> str:
    """Where the members behind a number are listed."""
    path = reverse("reports:members", args=[code, year, indicator.key])
    return f"{path}?{urlencode({'scope': scope.value, **choice})}"


def _rounded(month: MonthFigure) -> MonthFigure:
    """A month's target to one decimal: half a client is a way of saying half a month."""
    return replace(month, target=None if month.target is None else round_half_up(month.target, 1))


def _added(values: list[Value]) -> list[Value]:
    """From January on; nothing known stays nothing, and ends the sum."""
    found: list[Value] = []
    for value in values:
        before = found[-1] if found else 0
        found.append(None if value is None or before is None else before + value)
    return found


def _plain(value: Value) -> float | None:
    return None if value is None else round(float(value), 2)
