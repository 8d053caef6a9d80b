"""Asking for reports of many units at once: one run, one moment for all of them."""

from collections.abc import Collection, Iterable

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.access import can
from facilities.models import Unit
from rehab import audit, jobs
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User
from rehab.numbers import format_date
from rehab.periods import Period
from rehab.roles import Permission
from reports.actions.cutting import CUT
from reports.enums import PeriodKind, ReportStatus
from reports.models import Report, ReportRun
from reports.queries.tree import Units, default_scope

_ASKING_LOCK = 74_031


@action
def ask(*, by: User | None, unit: Unit, period: Period, only: Collection[int] | None = None) -> ReportRun:
    """A run for the reports of the unit and of all units below it (of `only` these) that use Titian.

    A report that is there already is left as it is, but for one that failed. Where nothing is left to be built, the run
    that was asked for before is given. `by=None` is Titian itself. Raises Refused for a period that is not over, and where
    every report was asked for by itself; PermissionDenied for who does not build reports of the unit.
    """
    if by is not None and not can(by, Permission.BUILD_REPORTS, unit):
        raise PermissionDenied
    check_period(unit, period)
    one_at_a_time(period)
    units = _units_below(unit, period, only)
    there = _newest_of(units, period)
    failed = [report for report in there.values() if report.status == ReportStatus.FAILED]
    missing = [each for each in units if each.pk not in there]
    if not missing and not failed:
        return _asked_before(unit, period)
    run = begin(by=by, unit=unit, period=period, whole_tree=True)
    _make(run, by, missing)
    again(failed, run)
    data = {"period": period.code, "reports": len(missing) + len(failed)}
    audit.record("run.asked", by=by, subject=run, place=unit.code, data=data)
    return run


def begin(*, by: User | None, unit: Unit, period: Period, whole_tree: bool = False) -> ReportRun:
    """A run to which the caller gives its reports, in the same transaction; a worker cuts it after the commit."""
    run = ReportRun.objects.create(
        unit=unit, kind=period.kind.value, starts_on=period.start, ends_on=period.end, whole_tree=whole_tree, asked_by=by,
        sent_at=timezone.now(),
    )  # fmt: skip
    jobs.enqueue(CUT, run_id=run.pk)
    return run


def again(reports: Iterable[Report], run: ReportRun) -> None:
    """Have these counted anew, by this run. What was typed stays."""
    for report in reports:
        Report.objects.filter(pk=report.pk).update(
            run=run, status=ReportStatus.ASKED, attempts=0, progress=0, error="", sent_at=Now(), edit=report.edit + 1
        )


def check_period(unit: Unit, period: Period) -> None:
    """Refuse, with the day, what cannot be reported yet or at all."""
    if period.kind.value not in PeriodKind.values:
        raise Refused(_("A report is for a week, a month, a quarter, a semester or a year."), field="kind")
    told = {"period": period.label, "unit": unit.name, "day": format_date(period.last_day)}
    if (unit.starts_on and unit.starts_on >= period.end) or (unit.ends_on and unit.ends_on <= period.start):
        raise Refused(_("%(unit)s did not exist in %(period)s.") % told, field="unit")
    if period.start > unit.local_date():
        begins = told | {"day": format_date(period.start)}
        raise Refused(_("%(period)s has not begun: it begins on %(day)s.") % begins, field="month")
    if not period.is_over(timezone.now(), unit.zone):
        raise Refused(
            _("%(period)s is still running until %(day)s; its report can be built after that.") % told, field="month"
        )


def one_at_a_time(period: Period) -> None:
    """Until the transaction ends nobody else asks for reports of this period: what is there, is there."""
    with connection.cursor() as cursor:
        name = f"{period.kind.value} {period.start}"
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_ASKING_LOCK, name])


def _units_below(unit: Unit, period: Period, only: Collection[int] | None) -> QuerySet[Unit]:
    """The unit itself, and those below it that were there in the period and used Titian by its end."""
    tree = Units().on(period.last_day)
    below = tree.under(unit.pk) if only is None else set(only) & tree.under(unit.pk)
    active = {each for each in below if _is_active(tree.node(each), period)}
    return Unit.objects.filter(pk__in=active | ({unit.pk} if only is None else set())).order_by("pk")


def _is_active(node, period: Period) -> bool:
    return node.exists and node.activated_on is not None and node.activated_on < period.end


def _newest_of(units: QuerySet[Unit], period: Period) -> dict[int, Report]:
    found = Report.objects.filter(unit__in=units, kind=period.kind.value, starts_on=period.start)
    return {report.unit_id: report for report in found.order_by("revision")}


def _make(run: ReportRun, by: User | None, units: Iterable[Unit]) -> None:
    Report.objects.bulk_create(
        Report(
            run=run, unit=each, scope=default_scope(each.kind), kind=run.kind, starts_on=run.starts_on, ends_on=run.ends_on,
            asked_by=by, sent_at=timezone.now(),
        )
        for each in units
    )  # fmt: skip


def _asked_before(unit: Unit, period: Period) -> ReportRun:
    runs = ReportRun.objects.filter(unit=unit, kind=period.kind.value, starts_on=period.start, whole_tree=True)
    run = runs.order_by("-pk").first()
    if run is None:
        raise Refused(
            _("All reports of %(period)s are there already; they stand in the list.") % {"period": period.label}
        )
    return run
