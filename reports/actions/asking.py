"""Asking for a report: one row by unit, period and revision, however often and by however many it is asked for."""

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Unit
from rehab import audit, jobs
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User
from rehab.numbers import format_date
from rehab.periods import Period
from reports.actions.checks import locked, require, require_builder
from reports.enums import FigureScope, PeriodKind, ReportStatus
from reports.models import Report
from reports.queries import default_scope

BUILD = "reports.build"


@action
def ask(*, by: User | None, unit: Unit, period: Period, scope: FigureScope | None = None) -> Report:
    """The unit's report of the period, its newest revision; the first to ask makes it and has it built.

    `by=None` is Titian itself (the clock). Raises Refused for a period that is not over on the unit's clocks, for one in
    which the unit did not exist, and where the report is there with another scope.
    """
    scope = FigureScope(scope or default_scope(unit.kind))
    check_period(unit, period)
    report = _newest(unit, period) or _insert(by, unit, period, scope, revision=1)
    if report.scope != scope:
        told = {"period": period.label, "scope": FigureScope(report.scope).label}
        raise Refused(_("The report of %(period)s is there already; it counts: %(scope)s.") % told, field="scope")
    return report


@action
def revise(*, by: User, report: Report) -> Report:
    """A new revision of a sealed report, counted anew; the sealed one stays as it is. Asked twice it is one."""
    require_builder(by, report)
    if not report.is_sealed:
        raise Refused(_("Only a sealed report gets a new revision; this one can be counted again."))
    newest = _newest(report.unit, report.period)
    if newest is not None and newest.revision > report.revision:
        return newest
    return _insert(by, report.unit, report.period, FigureScope(report.scope), revision=report.revision + 1)


@action
def rebuild(*, by: User, report: Report) -> Report:
    """Count again: a report that is ready but not sealed, or one that failed. What was typed stays."""
    held = locked(report)
    if held.is_building:
        return held
    require(by, held, ReportStatus.ASKED)
    Report.objects.filter(pk=held.pk).update(
        status=ReportStatus.ASKED, attempts=0, progress=0, error="", sent_at=Now(), edit=held.edit + 1
    )
    audit.record("report.asked_again", by=by, subject=held, place=held.unit.code)
    jobs.enqueue(BUILD, report_id=held.pk)
    held.refresh_from_db()
    return held


def check_period(unit: Unit, period: Period) -> None:
    """Refuse, with the day, what cannot be reported yet or at all."""
    if period.kind.value not in PeriodKind.values:
        raise Refused(_("A report is for a month, a quarter, a semester or a year."), field="kind")
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


def _newest(unit: Unit, period: Period) -> Report | None:
    found = Report.objects.filter(unit=unit, kind=period.kind.value, starts_on=period.start)
    return found.select_related("unit").order_by("-revision").first()


def _insert(by: User | None, unit: Unit, period: Period, scope: FigureScope, *, revision: int) -> Report:
    try:
        with transaction.atomic():
            report = Report.objects.create(
                unit=unit, scope=scope, kind=period.kind.value, starts_on=period.start, ends_on=period.end,
                revision=revision, asked_by=by, sent_at=timezone.now(),
            )  # fmt: skip
    except IntegrityError:
        # Someone asked in the same moment; theirs is the report.
        found = _newest(unit, period)
        if found is None:
            raise
        return found
    data = {"period": period.code, "scope": scope.value, "revision": revision}
    audit.record("report.asked", by=by, subject=report, place=unit.code, data=data)
    jobs.enqueue(BUILD, report_id=report.pk)
    return report
