"""The lines of a stored report as its page shows them.

What is stored is Indonesian, as the paper is. A page in another language shows the words of today's definitions instead,
where there still is one; the figures are the stored ones either way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils import translation

from rehab.numbers import achievement
from reports.indicators import REGISTRY, Indicator
from reports.models import Report, ReportLine
from reports.paper import (
    Amount,
    Line,
    Month,
    absorbed_of,
    difference_of,
    has_last_year,
    has_money,
    last_percent_of,
    percent_of,
    reported_note,
    signed,
    sum_of,
)
from reports.stored import has_months, line_data, months_of, plain

STORED_IN = "id"


@dataclass(frozen=True)
class BreakdownTable:
    title: str
    rows: Sequence[tuple[str, int]]


class ReportRow:
    """One line: its figures as the paper has them, its words in the language of the page."""

    def __init__(self, line: ReportLine):
        self.line = line
        self.data: Line = line_data(line)
        self._indicator: Indicator | None = (
            REGISTRY.get(line.indicator) if translation.get_language() != STORED_IN else None
        )

    @property
    def title(self) -> str:
        return str(self._indicator.title) if self._indicator else self.line.title

    @property
    def measure(self) -> str:
        return str(self._indicator.measure) if self._indicator else self.line.measure

    @property
    def in_period(self) -> Amount:
        return plain(self.line.in_period)

    @property
    def percent(self) -> Decimal | None:
        return percent_of(self.data)

    @property
    def absorbed(self) -> Decimal | None:
        return absorbed_of(self.data)

    @property
    def last_percent(self) -> Decimal | None:
        return last_percent_of(self.data)

    @property
    def difference(self) -> str:
        return signed(difference_of(self.data), self.line.places)

    @property
    def note(self) -> str:
        return reported_note(self.data)

    @property
    def months(self) -> list[Month]:
        return months_of(self.line) if has_months(self.line) else []

    @property
    def tables(self) -> list[BreakdownTable]:
        known = {column.key: column for column in self._indicator.all_breakdowns} if self._indicator else {}
        return [
            BreakdownTable(
                str(known[table["key"]].title) if table["key"] in known else table["title"],
                [
                    (known[table["key"]].label(value) if table["key"] in known else label, members)
                    for value, label, members in table["rows"]
                ],
            )
            for table in self.line.breakdowns["tables"]
        ]


@dataclass(frozen=True)
class ReportTable:
    """All lines of a report; `year` is the one that its figures are of."""

    rows: list[ReportRow]
    year: int

    @property
    def last_year(self) -> int:
        return self.year - 1

    @cached_property
    def has_money(self) -> bool:
        return has_money([row.data for row in self.rows])

    @cached_property
    def has_last_year(self) -> bool:
        return has_last_year([row.data for row in self.rows])

    @property
    def ceiling(self) -> Amount:
        return sum_of(row.data["ceiling"] for row in self.rows)

    @property
    def spent(self) -> Amount:
        return sum_of(row.data["spent"] for row in self.rows)

    @property
    def absorbed(self) -> Decimal | None:
        return achievement(self.spent, self.ceiling)


def report_table(report: Report) -> ReportTable:
    """One query."""
    lines = list(report.lines.order_by("position"))
    for line in lines:
        line.report = report
    return ReportTable([ReportRow(line) for line in lines], report.counted_period.last_day.year)
