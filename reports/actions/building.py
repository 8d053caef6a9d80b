"""Building a report: count everything at one moment, then write lines, members and state while the lease holds."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import translation

from facilities.models import Unit
from rehab import audit
from rehab.numbers import round_half_up
from reports.actions import leases
from reports.actions.header import header
from reports.enums import FigureScope, ReportStatus
from reports.indicators import Consolidation
from reports.models import Report, ReportLine, ReportMember
from reports.queries import Figures, Row, Units, Wanted, figures
from reports.queries.counted import Counted, counted_members
from reports.queries.rules import rules

logger = logging.getLogger(__name__)
BATCH = 2000
FIGURES_DONE, MEMBERS_DONE = 40, 80


@dataclass(frozen=True)
class CountedLine:
    line: ReportLine
    members: list[Counted]


@dataclass(frozen=True)
class Result:
    """Everything of a report as it stood at one moment."""

    cut_off: datetime
    figures: Figures
    header: dict
    lines: list[CountedLine]


def build(*, report_id: int) -> bool:
    """Build the report if it is waiting and nobody else does. True when this call built it.

    An error frees the report for the next tick and is raised; a lost lease throws the work away in silence.
    """
    lease = leases.claim(report_id)
    if lease is None:
        return False
    try:
        with leases.kept(lease) as keeper:
            report = Report.objects.select_related("unit", "unit__region").get(pk=report_id)
            result = count(report, keeper.tell)
            write(lease, result)
    except leases.Lost:
        logger.warning("report %s: the lease was lost, another worker builds it", report_id)
        return False
    except Exception as error:
        leases.give_back(lease, type(error).__name__)
        raise
    return True


@contextmanager
def snapshot() -> Iterator[datetime]:
    """One moment of the database for many questions; gives that moment. Never inside another transaction."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT now()")
        yield cursor.fetchone()[0]


def count(report: Report, tell: Callable[[int], None]) -> Result:
    """All lines with their members at one cut-off, in Indonesian words. `tell` hears how far it is, in percent."""
    unit, scope = report.unit, FigureScope(report.scope)
    with snapshot() as moment, translation.override("id"):
        units = Units()
        found = figures(unit, report.counted_period, scope=scope, wanted=Wanted(breakdowns=True), units=units)
        alone = figures(unit, report.period, scope=scope, wanted=Wanted(), units=units)
        tell(FIGURES_DONE)
        lines = [
            CountedLine(_line(position, row, alone.row(row.indicator.key)), _members(report, row, units))
            for position, row in enumerate(found.rows, start=1)
        ]
        tell(MEMBERS_DONE)
        return Result(moment, found, header(report, found), lines)


def _members(report: Report, row: Row, units: Units) -> list[Counted]:
    if not row.is_counted or not row.count.members:
        return []
    unit: Unit = report.unit
    return list(counted_members(row.indicator, unit, report.counted_period, FigureScope(report.scope), units, rules()))


def _line(position: int, row: Row, alone: Row | None) -> ReportLine:
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
        numerator=row.count.hits if indicator.ratio else None,
        denominator=row.count.members if indicator.ratio else None,
        in_period=alone.realised if alone and alone.is_counted and row.is_counted else None,
        as_of=row.as_of,
        places=row.places,
        adds_up=indicator.consolidation is Consolidation.SUM,
        lower_is_better=indicator.lower_is_better,
        months=[_month(month) for month in row.months],
        breakdowns={
            "tables": [
                {
                    "key": table.key,
                    "title": table.title,
                    "rows": [[each.value, each.label, each.members] for each in table.slices],
                }
                for table in row.breakdowns
            ]
        },
    )


def _month(month) -> dict[str, str | None]:
    """Figures as text, so that no binary fraction comes between; a month's share of a target to one decimal."""
    target = None if month.target is None else round_half_up(month.target, 1)
    return {
        "month": month.first.isoformat(),
        "realised": None if month.value is None else str(month.value),
        "target": None if target is None else str(target),
    }


@transaction.atomic
def write(lease: leases.Lease, result: Result) -> None:
    """Lines, members and the final state in one transaction, which holds only while the lease does. Raises leases.Lost."""
    report = leases.held(lease)
    typed = {line.indicator: line for line in report.lines.all()}
    report.lines.all().delete()
    for counted in result.lines:
        counted.line.report = report
        if counted.line.indicator in typed:
            before = typed[counted.line.indicator]
            counted.line.obstacle, counted.line.follow_up = before.obstacle, before.follow_up
            counted.line.edit = before.edit + 1
    ReportLine.objects.bulk_create([counted.line for counted in result.lines])
    kept = (_kept(counted.line, member) for counted in result.lines for member in counted.members)
    ReportMember.objects.bulk_create(kept, batch_size=BATCH)
    report.status, report.progress, report.error = ReportStatus.READY, 100, ""
    report.lease_token = report.lease_until = None
    report.cut_off, report.as_of, report.header = result.cut_off, result.figures.as_of, result.header
    report.edit += 1
    report.save()
    data = {"lines": len(result.lines), "members": sum(len(counted.members) for counted in result.lines)}
    audit.record("report.built", by=None, subject=report, data=data)


def _kept(line: ReportLine, member: Counted) -> ReportMember:
    return ReportMember(
        line=line,
        source=member.source,
        source_id=member.source_id,
        person_id=member.person_id,
        facility_id=member.facility_id,
        counted_on=member.on,
        values=member.values,
    )
