"""What each path says of a unit's year, number by number, beside what was counted plainly."""

import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from python_calamine import CalamineWorkbook

from facilities.models import Unit
from rehab import periods
from reports.actions import building, cutting
from reports.checking.plain import Plain, members_of, uncounted_of
from reports.enums import FigureScope, PeriodKind, ReportStatus
from reports.indicators import COUNTED, Indicator
from reports.models import Report, ReportLine, ReportRun
from reports.queries import Figures, Row, Units, default_scope, figures, members
from reports.queries.digests import digest
from reports.queries.figures import reach_of
from reports.stored import report_data
from reports.workbook import report_workbook

# No report of anybody has this revision; it is gone before the check is over.
OF_THE_CHECK = 32_000
Number = Decimal | int | float | None


@dataclass(frozen=True)
class Difference:
    unit: str
    year: int
    scope: str
    indicator: str
    what: str
    found: str
    expected: str

    def __str__(self) -> str:
        words = (self.unit, self.year, self.scope, self.indicator, self.what, self.found, self.expected)
        return " | ".join(map(str, words))


@dataclass
class Check:
    """One unit's year in one scope. Each `_of_…` compares one path; `differences` collects, `compared` counts numbers."""

    unit: Unit
    year: int
    scope: FigureScope
    differences: list[Difference] = field(default_factory=list)
    compared: int = 0
    plain: dict[str, list[Plain]] = field(default_factory=lambda: defaultdict(list))

    def run(self, units: Units) -> None:
        period, today = periods.year(self.year), self.unit.local_date()
        cut = period.up_to(today)
        if cut is None:
            return
        self.last, self.units = cut.last_day, units
        self.tree = units.on(period.last_day)
        self.parts = dict(reach_of(self.unit, self.scope, self.tree).parts)
        for each in members_of(self.year, list(self.parts), self.last):
            self.plain[each.indicator].append(each)
        found = figures(self.unit, period, scope=self.scope, today=today, units=units)
        if not found.begun:
            return
        self._of_page(found, today)
        self._of_members(period)
        self._of_command()
        if self.scope is default_scope(self.unit.kind):
            self._of_report(found)
            self._of_seals()

    # What was counted plainly

    def expected(
        self, indicator: Indicator, *, month: date | None = None, units: set[int] | None = None
    ) -> list[Plain]:
        day = self.last if indicator.is_state and month is None else None
        return [
            each
            for each in self.plain[indicator.key]
            if (units is None or each.unit in units)
            and (month is None or each.on.replace(day=1) == month)
            and (day is None or each.on == day)
        ]

    @staticmethod
    def value(indicator: Indicator, found: list[Plain]) -> Number:
        return indicator.value(len(found), _numerator(indicator, found))

    def same(self, indicator: Indicator | str, what: str, found: Any, expected: Any) -> None:
        self.compared += 1
        if found != expected:
            key = indicator if isinstance(indicator, str) else indicator.key
            self.differences.append(
                Difference(self.unit.code, self.year, self.scope.value, key, what, str(found), str(expected))
            )

    def figure(self, indicator: Indicator, what: str, found: Number, expected: list[Plain]) -> None:
        """A figure that is not known (the unit did not use Titian yet) stands for no members."""
        if found is None and not expected:
            self.compared += 1
        else:
            self.same(indicator, what, found, self.value(indicator, expected))

    # The paths

    def _of_page(self, found: Figures, today: date) -> None:
        before = figures(
            self.unit, periods.year(self.year - 1), scope=self.scope, today=_year_before(self.last), units=self.units
        )
        for indicator in COUNTED:
            row = found.row(indicator.key)
            if row is None or not row.is_counted:
                self.same(indicator, "page: nothing is counted", 0, len(self.expected(indicator)))
                continue
            self._of_row(indicator, row)
            self._of_places(indicator, found)
            earlier = before.row(indicator.key)
            if earlier and earlier.is_counted and row.last_year is not None:
                self.same(indicator, "page: last year to the same date", row.last_year, earlier.realised or 0)
        expected = uncounted_of(self.year, list(self.parts), self.last)
        self.same("uncounted", "page: not counted yet", found.uncounted, expected)

    def _of_row(self, indicator: Indicator, row: Row) -> None:
        expected = self.expected(indicator)
        self.figure(indicator, "page", row.realised, expected)
        self.same(indicator, "page: members", row.count.members, len(expected))
        for month in row.months:
            if month.first <= self.last:
                self.figure(
                    indicator, f"page: {month.first:%Y-%m}", month.value, self.expected(indicator, month=month.first)
                )
        for table in row.breakdowns:
            ratio = indicator.ratio and table.key == indicator.ratio.breakdown.key
            told = Counter(each.result if ratio else each.told.get(table.key, "") for each in expected)
            counts = {each.value: each.members for each in table.slices if each.members}
            self.same(indicator, f"page: {table.key}", counts, dict(told))
            self.same(indicator, f"page: {table.key} adds up", table.total, row.count.members)
        if not indicator.is_state and not indicator.is_fraction:
            self.same(
                indicator, "page: months add up", sum(month.value or 0 for month in row.months), row.realised or 0
            )

    def _of_places(self, indicator: Indicator, found: Figures) -> None:
        for part in found.parts:
            units = {unit for unit, of in self.parts.items() if of == part.node.id}
            self.figure(
                indicator, f"page: {part.node.code}", part.values[indicator.key], self.expected(indicator, units=units)
            )
        if found.parts and not indicator.is_fraction:
            parts = sum(part.values[indicator.key] or 0 for part in found.parts)
            self.same(indicator, "page: units add up", parts, len(self.expected(indicator)))
        if self.scope is FigureScope.OWN and indicator.at_facilities:
            places = {place.id: place.count.members for place in found.facilities.get(indicator.key, {}).values()}
            expected = Counter(each.facility for each in self.expected(indicator) if each.facility)
            self.same(indicator, "page: facilities", places, dict(expected))

    def _of_members(self, period: periods.Period) -> None:
        for indicator in COUNTED:
            listed = members(indicator, self.unit, period, self.scope, units=self.units)
            ids = sorted(listed.values_list(indicator.source_path, flat=True))
            self.same(indicator, "members", ids, sorted(each.id for each in self.expected(indicator)))

    def _of_command(self) -> None:
        month = self.last.month
        for options in ({}, {"month": month}, {"month": month, "only_month": True}):
            answer = io.StringIO()
            call_command(
                "realization",
                unit=self.unit.code,
                year=self.year,
                scope=self.scope.value,
                format="json",
                stdout=answer,
                **options,
            )
            told = {
                row["indicator"]: row for row in json.loads(answer.getvalue())["rows"] if row["source"] == "counted"
            }
            first = self.last.replace(day=1) if "only_month" in options else None
            for indicator in COUNTED:
                if indicator.key in told:
                    value = told[indicator.key]["realised"]
                    known = None if value is None else Decimal(str(value))
                    self.figure(
                        indicator, f"realization {options or ''}".strip(), known, self.expected(indicator, month=first)
                    )

    def _of_report(self, found: Figures) -> None:
        """The annual report, built here and thrown away again."""
        with _thrown_away():
            report = _asked(self.unit, self.year, self.scope)
            cutting.write(report.its_run, timezone.now())
            report.refresh_from_db()
            result = building.count(report)
            report.header, report.as_of = result.header, found.as_of
            ReportLine.objects.bulk_create(_belonging(report, result.lines))
            for line in result.lines:
                row = found.row(line.indicator)
                if row and row.is_counted and line.source == "counted":
                    self._of_line(row, line)
            self._of_workbook(report)

    def _of_line(self, row: Row, line: ReportLine) -> None:
        indicator = row.indicator
        self.figure(indicator, "report", line.realised, self.expected(indicator))
        if indicator.is_fraction:
            expected = self.expected(indicator)
            known = (_numerator(indicator, expected), len(expected))
            self.same(indicator, "report: of", (line.numerator, line.denominator), known)
        for month in line.months:
            first = date.fromisoformat(month["month"])
            if first <= self.last:
                value = None if month["realised"] is None else Decimal(month["realised"])
                self.figure(indicator, f"report: {first:%Y-%m}", value, self.expected(indicator, month=first))
        told = {
            table["key"]: {row[0]: row[2] for row in table["rows"] if row[2]} for table in line.breakdowns["tables"]
        }
        page = {
            table.key: {each.value: each.members for each in table.slices if each.members} for table in row.breakdowns
        }
        self.same(indicator, "report: breakdowns", told, page)

    def _of_workbook(self, report: Report) -> None:
        data = report_data(report)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(report_workbook(data))).get_sheet_by_index(0).to_python()
        printed = {row[1]: row[4] for row in sheet if len(row) > 4 and isinstance(row[0], int | float)}
        for line in data["lines"]:
            if line["source"] != "counted":
                continue
            indicator = next(each for each in COUNTED if each.key == line["key"])
            cell = printed.get(line["title"])
            value = Decimal(str(cell)) if isinstance(cell, int | float) else None
            self.figure(indicator, "workbook", value, self.expected(indicator))

    def _of_seals(self) -> None:
        """A seal against its own members; what came after it is no difference."""
        sealed = Report.objects.filter(unit=self.unit, status=ReportStatus.SEALED, starts_on__year=self.year)
        for report in sealed.select_related("run"):
            self.same("seal", f"seal {report.number}: hash", digest(report), report.digest)
            for line in report.lines.filter(source="counted", realised__isnull=False):
                counted = report.counted_members(line.indicator).filter(
                    counted_on__gte=report.counted_period.start, counted_on__lt=report.counted_period.end
                )
                total = line.realised if line.denominator is None else line.denominator
                self.same(line.indicator, f"seal {report.number}: members", total, counted.count())


def _numerator(indicator: Indicator, found: list[Plain]) -> int:
    if indicator.mean:
        return sum(each.value for each in found)
    return sum(each.result == indicator.ratio.hit for each in found) if indicator.ratio else 0


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def _asked(unit: Unit, year: int, scope: FigureScope) -> Report:
    period = periods.year(year)
    span = {"kind": PeriodKind.YEAR, "starts_on": period.start, "ends_on": period.end}
    run = ReportRun.objects.create(unit=unit, whole_tree=False, asked_at=Now(), **span)
    return Report.objects.create(unit=unit, run=run, scope=scope, revision=OF_THE_CHECK, **span)


def _belonging(report: Report, lines: list[ReportLine]) -> list[ReportLine]:
    for line in lines:
        line.report = report
    return lines


@contextmanager
def _thrown_away() -> Iterator[None]:
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


@contextmanager
def one_moment() -> Iterator[None]:
    """One moment of the database for all that is compared, whoever writes meanwhile; nothing that is written stays."""
    inside = connection.in_atomic_block
    with transaction.atomic(durable=not inside):
        if not inside:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
        if not inside:
            transaction.set_rollback(True)
