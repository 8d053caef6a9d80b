"""Building a report: totalling what its run wrote down, then writing lines and state while the lease holds."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.db import transaction
from django.utils import translation

from rehab import audit
from rehab.numbers import round_half_up
from reports.actions import cutting, leases
from reports.actions.header import header
from reports.enums import FigureScope, ReportStatus
from reports.indicators import Consolidation
from reports.indicators.definition import DEFAULT_RULES
from reports.models import Report, ReportLine, ReportRun
from reports.queries import Figures, Row, Units, Wanted, figures
from reports.queries.budgets import Money, by_indicator
from reports.queries.counting import Reach, year_earlier
from reports.queries.due import waiting_reports
from reports.queries.figures import Counting
from reports.queries.parts import require_same_parts
from reports.queries.targets import TargetInForce, targets_in_force
from reports.queries.written import written

logger = logging.getLogger(__name__)


class TreeChanged(Exception):
    """The unit tree of the period was corrected after the members had been written down: they are not those of its units."""


@dataclass(frozen=True)
class Result:
    """Everything of a report as its run has it."""

    cut_off: datetime
    figures: Figures
    header: dict
    lines: list[ReportLine]
    members: int


def build(*, report_id: int) -> bool:
    """Build the report if it is waiting and nobody else does. True when this call built it.

    An error frees the report for the next tick and is raised; a lost lease throws the work away in silence. The last of
    its run's reports to end sends the one that adds them up.
    """
    try:
        return _build(report_id)
    finally:
        _send_the_tree(report_id)


def _build(report_id: int) -> bool:
    lease = leases.claim(leases.REPORT, report_id)
    if lease is None:
        return False
    try:
        with leases.kept(lease):
            report = Report.objects.select_related("unit", "unit__region", "run").get(pk=report_id)
            write(lease, count(report))
    except leases.Lost:
        logger.warning("report %s: the lease was lost, another worker builds it", report_id)
        return False
    except Exception as error:
        leases.give_back(lease, type(error).__name__)
        raise
    return True


def _send_the_tree(report_id: int) -> None:
    tree = waiting_reports().filter(run__reports=report_id, scope=FigureScope.TREE).exclude(pk=report_id)
    for run in tree.values_list("run", flat=True):
        cutting.send_reports(run)


def count(report: Report) -> Result:
    """All lines from the members of the report's run, in Indonesian words, by the rows that the dashboard is made of."""
    unit, scope, units = report.unit, FigureScope(report.scope), Units()
    counting, year = written(report.its_run), report.counted_period
    with translation.override("id"):
        wanted = Wanted(last_year=True, breakdowns=True)
        found = figures(unit, year, scope=scope, wanted=wanted, units=units, counting=counting)
        if scope is FigureScope.TREE:
            if set(report.header["units"]) != units.on(year.last_day).under(unit.pk):
                raise TreeChanged
            require_same_parts(report, found)
        in_period, beside = _in_period(report, counting), _beside(report)
        lines = [
            _line(position, row, in_period(row), *beside(row.indicator.key))
            for position, row in enumerate(found.rows, start=1)
        ]
        kept = header(report, found) | {"units": report.header["units"]}
        return Result(
            cast(datetime, report.its_run.cut_off), found, kept, lines, sum(row.count.members for row in found.rows)
        )


def _in_period(report: Report, counting: Counting) -> Callable[[Row], Decimal | int | None]:
    """What of a counted figure lies in the report's own period."""
    reach = Reach(dict.fromkeys(report.header["units"], 0))
    tally = counting(report.period, reach, DEFAULT_RULES, Wanted())
    months = [each.start for each in report.period.months()]

    def in_period(row: Row) -> Decimal | int | None:
        if not row.is_counted or row.realised is None:
            return None
        found = tally.of(row.indicator, months, [0])
        return row.indicator.value(found.members, found.hits)

    return in_period


def _beside(report: Report) -> Callable[[str], tuple[Decimal | None, Money]]:
    """By indicator: the target of the year before as it was in force at the same date, and the budget of this year."""
    unit, day = report.unit, report.counted_period.last_day
    before = year_earlier(day)
    targets: dict[tuple[int, str], TargetInForce] = targets_in_force([unit.pk], before.year, before)
    money = by_indicator(unit, day.year, day, report.header["units"])

    def beside(indicator: str) -> tuple[Decimal | None, Money]:
        target = targets.get((unit.pk, indicator))
        return target.value if target and target.scope == report.scope else None, money.get(indicator, Money())

    return beside


def _line(
    position: int, row: Row, in_period: Decimal | int | None, last_target: Decimal | None, money: Money
) -> ReportLine:
    indicator = row.indicator
    return ReportLine(
        position=position,
        indicator=indicator.key,
        definition_version=indicator.version,
        title=str(indicator.title),
        measure=str(indicator.measure),
        source=row.source.value,
        source_note=row.reported.source if row.reported else "",
        target=row.target,
        realised=row.realised,
        numerator=row.count.hits if indicator.is_fraction else None,
        denominator=row.count.members if indicator.is_fraction else None,
        in_period=in_period,
        last_target=last_target,
        last_year=row.last_year,
        ceiling=money.ceiling,
        spent=money.spent,
        as_of=row.as_of,
        places=row.places,
        adds_up=indicator.consolidation is Consolidation.SUM,
        lower_is_better=indicator.lower_is_better,
        months=[_month(month) for month in row.months],
        breakdowns={"tables": [_table(table) for table in row.breakdowns]},
    )


def _table(table) -> dict:
    rows = [[each.value, each.label, each.members] for each in table.slices]
    return {"key": table.key, "title": table.title, "rows": rows}


def _month(month) -> dict[str, str | None]:
    """Figures as text, so that no binary fraction comes between; a month's share of a target to one decimal."""
    target = None if month.target is None else round_half_up(month.target, 1)
    return {
        "month": month.first.isoformat(),
        "realised": None if month.value is None else str(month.value),
        "target": None if target is None else str(target),
    }


@transaction.atomic
def write(lease: leases.Lease[Report], result: Result) -> None:
    """Lines and the final state in one transaction, which holds only while the lease does. Raises leases.Lost."""
    report = leases.held(lease)
    again = report.cut_off is not None
    if again:
        _take_over_notes(report, result.lines)
    for line in result.lines:
        line.report = report
    ReportLine.objects.bulk_create(result.lines)
    report.status, report.progress, report.error = ReportStatus.READY, 100, ""
    report.lease_token = report.lease_until = None
    report.cut_off, report.as_of, report.header = result.cut_off, result.figures.as_of, result.header
    report.edit += 1
    report.save()
    if again:
        # What was counted for it before, where nobody refers to it any more.
        ReportRun.objects.filter(
            unit=report.unit_id, kind=report.kind, starts_on=report.starts_on, reports=None
        ).delete()
    data = {"lines": len(result.lines), "members": result.members}
    audit.record("report.built", by=None, subject=report, data=data)


def _take_over_notes(report: Report, lines: Iterable[ReportLine]) -> None:
    """What was typed at an indicator stays with it; the lines themselves are made anew."""
    typed = {line.indicator: line for line in report.lines.all()}
    report.lines.all().delete()
    for line in lines:
        if line.indicator in typed:
            before = typed[line.indicator]
            line.obstacle, line.follow_up, line.edit = before.obstacle, before.follow_up, before.edit + 1
