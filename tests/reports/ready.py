"""Reports as tests need them: NTT with a few treatments, and its report of 2019 as far as the test wants it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from unittest import mock

from django.db import connection
from django.utils import timezone

from facilities.models import Facility, Unit
from rehab import jobs, periods
from rehab.models import User
from rehab.roles import Role
from reports.actions import asking, building, cutting, sealing, workflow
from reports.models import Report, ReportRun
from tests.factories import facility, unit, user
from tests.reports.makers import counted

YEAR = periods.year(2019)


def province(treatments: int = 3) -> tuple[Unit, Facility]:
    where = unit("BNNP-53")
    clinic = facility("Klinik Pratama BNNP Nusa Tenggara Timur", of=where)
    for number in range(treatments):
        counted(clinic, date(2019, 3 + number, 5))
    return where, clinic


def people(where: Unit) -> tuple[User, User]:
    """Staff who builds, signatory who seals."""
    return user(Role.UNIT_STAFF, where), user(Role.SIGNATORY, where, name="Theresia Contoh")


def ready(where: Unit, period: periods.Period = YEAR) -> Report:
    """Asked for, cut and built here and now."""
    report = asking.ask(by=None, unit=where, period=period)
    cut(report.run)
    building.build(report_id=report.pk)
    return Report.objects.select_related("unit").get(pk=report.pk)


def cut(run: ReportRun) -> None:
    """Its reports wait to be built. Inside a test's transaction without a moment of its own."""
    if connection.in_atomic_block:
        with mock.patch.object(cutting, "moment", _this_transaction):
            cutting.cut(run_id=run.pk)
    else:
        cutting.cut(run_id=run.pk)


@contextmanager
def _this_transaction() -> Iterator[datetime]:
    yield timezone.now()


def submitted(where: Unit, report: Report | None = None) -> Report:
    """Put before the signatory by some member of the unit's staff."""
    report = report or ready(where)
    return workflow.submit(by=user(Role.UNIT_STAFF, where), report=report, edit=report.edit)


def approved(where: Unit, by: User, report: Report | None = None) -> Report:
    report = submitted(where, report)
    return workflow.approve(by=by, report=report, edit=report.edit)


def sealed(where: Unit, by: User, report: Report | None = None) -> Report:
    report = approved(where, by, report)
    return sealing.seal(by=by, report=report, edit=report.edit)


def quiet(monkeypatch) -> list[tuple[str, dict]]:
    """Nothing reaches the broker; gives what would have."""
    calls: list[tuple[str, dict]] = []
    monkeypatch.setattr(jobs, "_send", lambda task, keys: calls.append((task, keys)))
    return calls
