"""Cutting a run: at one moment the members of all its reports' units are written down, by each definition's own query."""

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from rehab import audit, jobs
from rehab.periods import Kind, Period
from reports.actions import leases
from reports.enums import FigureScope, ReportStatus, RunStatus
from reports.indicators import COUNTED, Indicator, Rules
from reports.indicators.definition import FACILITY, ON, UNIT
from reports.models import Report, ReportRun, RunCount, RunMember
from reports.queries.counting import Reach, year_earlier
from reports.queries.due import waiting_reports
from reports.queries.figures import reach_of
from reports.queries.members import named
from reports.queries.rules import rules
from reports.queries.tree import Units

logger = logging.getLogger(__name__)
CUT, BUILD = "reports.cut", "reports.build"
KEPT_AS, PERSON = "kept_as", "person"
HALF = 50


def cut(*, run_id: int) -> bool:
    """Cut the run if it is waiting and nobody else does, then send its reports to the workers. True when this call cut it.

    An error frees the run for the next tick and is raised; a lost lease writes nothing.
    """
    lease = leases.claim(leases.RUN, run_id)
    if lease is None:
        return False
    try:
        with moment() as cut_off:
            # Its row stays locked until all is committed: a cut that takes longer than the lease is not begun twice.
            run = leases.held(lease)
            write(run, cut_off)
    except leases.Lost:
        logger.warning("run %s: the lease was lost, another worker cuts it", run_id)
        return False
    except Exception as error:
        leases.give_back(lease, type(error).__name__)
        raise
    send_reports(run_id)
    return True


@contextmanager
def moment() -> Iterator[datetime]:
    """One moment of the database for all that is written; gives that moment. Never inside another transaction."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT now()")
        yield cursor.fetchone()[0]


def write(run: ReportRun, cut_off: datetime) -> None:
    """Members, counts and the cut itself, in the transaction of `moment`. Two statements for each indicator."""
    in_force, counted = rules(), run.period.to_date()
    units = _units_of(run)
    reach = Reach({unit: unit for found in units.values() for unit in found})
    for indicator in COUNTED:
        _write_members(run, indicator, _whole(run, indicator, counted), reach, in_force)
        for span in _counts_of(indicator, counted):
            _write_counts(run, indicator, span, reach, in_force)
    _keep_units(units)
    run.status, run.cut_off, run.error = RunStatus.CUT, cut_off, ""
    run.lease_token = run.lease_until = None
    run.save(update_fields=["status", "cut_off", "error", "lease_token", "lease_until"])
    audit.record("run.cut", by=None, subject=run, place=run.unit.code, data={"reports": len(units)})


def send_reports(run_id: int) -> int:
    """Send what of a cut run waits for a worker; its tree report goes when the others are finished. Gives how many."""
    with transaction.atomic():
        found = waiting_reports().filter(run=run_id, status=ReportStatus.ASKED)
        waiting = list(found.values_list("pk", flat=True).order_by("pk"))
        Report.objects.filter(pk__in=waiting, status=ReportStatus.ASKED).update(sent_at=Now())
        for pk in waiting:
            jobs.enqueue(BUILD, report_id=pk)
    return len(waiting)


def _units_of(run: ReportRun) -> dict[int, list[int]]:
    """By report the ids of the units that it counts, by the unit tree on the period's last day."""
    tree = Units().on(run.period.last_day)
    reports = run.reports.filter(status=ReportStatus.ASKED).select_related("unit")
    return {
        report.pk: sorted(reach_of(report.unit, FigureScope(report.scope), tree).parts) for report in reports
    }  # fmt: skip


def _keep_units(units: dict[int, list[int]]) -> None:
    """Each report remembers whom it counts, so that the tree of a later day adds nobody and loses nobody."""
    table = Report._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET header = header || jsonb_build_object('units', t.units::jsonb), progress = %s "
            f"FROM unnest(%s::bigint[], %s::text[]) AS t(id, units) WHERE {table}.id = t.id",
            [HALF, list(units), [json.dumps(ids) for ids in units.values()]],
        )


def _whole(run: ReportRun, indicator: Indicator, counted: Period) -> Period:
    """The members of which period are kept. A week in which a year begins has days of the year before."""
    if indicator.is_state or run.starts_on >= counted.start:
        return counted
    return Period(run.starts_on, counted.end, Kind.SPAN)


def _counts_of(indicator: Indicator, counted: Period) -> list[Period]:
    """What is told without members: the year before to its end, and a state at the same date and after each month."""
    before = Period(year_earlier(counted.start), year_earlier(counted.last_day) + timedelta(days=1), Kind.SPAN)
    if not indicator.is_state:
        return [Period(before.start, before.start.replace(year=before.start.year + 1), Kind.SPAN)]
    return [*(each for each in counted.months() if each.end < counted.end), before]


def _write_members(run: ReportRun, indicator: Indicator, span: Period, reach: Reach, in_force: Rules) -> None:
    found = reach.narrow(named(indicator, indicator.members(None, span, in_force)))
    found = found.annotate(**{KEPT_AS: F(indicator.source_path)})
    told = ", ".join([f"'unit', b.{UNIT}", *(f"'{column}', b.\"{column}\"" for column in indicator.columns)])
    _insert(
        f"INSERT INTO {RunMember._meta.db_table} "
        f'(run_id, indicator, source, source_id, person_id, unit_id, facility_id, counted_on, "values") '
        f'SELECT %s, %s, %s, b.{KEPT_AS}, b.{PERSON}::bigint, b.{UNIT}, b.{FACILITY}, b."{ON}", jsonb_build_object({told}) '
        # Those of a unit stand together, so that its report reads few pages.
        f"FROM ({{members}}) b ORDER BY b.{UNIT}, b.{KEPT_AS}",
        [run.pk, indicator.key, indicator.source],
        found.order_by().values_list(KEPT_AS, PERSON, UNIT, FACILITY, ON, *indicator.columns),
    )


def _write_counts(run: ReportRun, indicator: Indicator, span: Period, reach: Reach, in_force: Rules) -> None:
    found = reach.narrow(indicator.members(None, span, in_force))
    columns = [indicator.result] if indicator.result else []
    result = f"COALESCE(b.\"{columns[0]}\"::text, '')" if columns else "''"
    begins, same_day = _late(run)
    _insert(
        f"INSERT INTO {RunCount._meta.db_table} (run_id, indicator, unit_id, first, late, result, members) "
        f'SELECT %s, %s, b.{UNIT}, date_trunc(\'month\', b."{ON}"::timestamp)::date, b."{ON}" > %s AND b."{ON}" < %s, {result}, '
        f"count(*) FROM ({{members}}) b GROUP BY 3, 4, 5, 6",
        [run.pk, indicator.key, same_day, begins],
        found.order_by().values_list(UNIT, ON, *columns),
    )


def _late(run: ReportRun) -> tuple[date, date]:
    """The first day of the year, and the date a year before the period's last day: what lies between came late."""
    counted = run.period.to_date()
    return counted.start, year_earlier(counted.last_day)


def _insert(statement: str, params: Sequence[Any], rows: QuerySet) -> None:
    """INSERT … SELECT from a definition's query, which the statement names `{members}`."""
    try:
        sql, its_params = rows.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return
    with connection.cursor() as cursor:
        cursor.execute(statement.format(members=sql), [*params, *its_params])
