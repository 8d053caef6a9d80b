"""Asking for a report: one row by unit, period and revision, however often and by however many it is asked for."""

from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Unit
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User
from rehab.periods import Period
from reports.actions import runs
from reports.actions.checks import locked, require, require_builder
from reports.enums import FigureScope, ReportStatus
from reports.models import Report
from reports.queries import default_scope


@action
def ask(*, by: User | None, unit: Unit, period: Period, scope: FigureScope | None = None) -> Report:
    """The unit's report of the period, its newest revision; the first to ask makes it and has it built.

    `by=None` is Titian itself (the clock). Raises Refused for a period that is not over on the unit's clocks, for one in
    which the unit did not exist, and where the report is there with another scope.
    """
    scope = FigureScope(scope or default_scope(unit.kind))
    runs.check_period(unit, period)
    runs.one_at_a_time(period)
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
    runs.one_at_a_time(report.period)
    newest = _newest(report.unit, report.period)
    if newest is not None and newest.revision > report.revision:
        return newest
    return _insert(by, report.unit, report.period, FigureScope(report.scope), revision=report.revision + 1)


@action
def rebuild(*, by: User, report: Report) -> Report:
    """Count again, in a run of its own: a report that is ready or returned, or one that failed. What was typed stays."""
    held = locked(report)
    if held.is_building:
        return held
    require(by, held, ReportStatus.ASKED)
    runs.again([held], runs.begin(by=by, unit=held.unit, period=held.period))
    audit.record("report.asked_again", by=by, subject=held, place=held.unit.code)
    held.refresh_from_db()
    return held


def _newest(unit: Unit, period: Period) -> Report | None:
    found = Report.objects.filter(unit=unit, kind=period.kind.value, starts_on=period.start)
    return found.select_related("unit").order_by("-revision").first()


def _insert(by: User | None, unit: Unit, period: Period, scope: FigureScope, *, revision: int) -> Report:
    run = runs.begin(by=by, unit=unit, period=period)
    report = Report.objects.create(
        run=run, unit=unit, scope=scope, kind=run.kind, starts_on=run.starts_on, ends_on=run.ends_on, revision=revision,
        asked_by=by, sent_at=timezone.now(),
    )  # fmt: skip
    data = {"period": period.code, "scope": scope.value, "revision": revision}
    audit.record("report.asked", by=by, subject=report, place=unit.code, data=data)
    return report
