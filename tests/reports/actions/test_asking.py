"""A report is one row by unit, period and revision, however often it is asked for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from rehab import periods
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from reports.actions import asking
from reports.enums import FigureScope, ReportStatus
from reports.models import Report
from tests.factories import unit, user
from tests.reports.ready import YEAR, people, quiet, ready, sealed


@pytest.fixture
def sent(monkeypatch):
    return quiet(monkeypatch)


@pytest.mark.django_db(transaction=True)
def test_asking_makes_the_row_and_sends_the_work_on_commit(sent):
    where = unit()
    staff, _ = people(where)
    with transaction.atomic():
        report = asking.ask(by=staff, unit=where, period=YEAR)
        assert sent == []
    assert sent == [("reports.cut", {"run_id": report.run_id})]
    assert (report.status, report.scope, report.revision) == (ReportStatus.ASKED, FigureScope.OWN, 1)
    assert AuditEvent.objects.get(verb="report.asked").data == {"period": "2019", "scope": "own", "revision": 1}


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one_report_and_one_build(sent):
    where = unit()

    def ask(_: int) -> int:
        try:
            return asking.ask(by=None, unit=where, period=YEAR).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        found = set(pool.map(ask, range(20)))
    assert len(found) == Report.objects.count() == len(sent) == 1


@pytest.mark.django_db
def test_the_nation_counts_its_tree(sent):
    assert asking.ask(by=None, unit=unit("BNN"), period=YEAR).scope == FigureScope.TREE


@pytest.mark.django_db
def test_another_scope_of_the_same_report_is_refused(sent):
    where = unit()
    asking.ask(by=None, unit=where, period=YEAR)
    with pytest.raises(Refused, match="sudah ada") as refused:
        asking.ask(by=None, unit=where, period=YEAR, scope=FigureScope.TREE)
    assert refused.value.field == "scope"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("period", "told"),
    [
        (periods.month(2019, 11), "November 2019 masih berjalan sampai 30 November 2019"),
        (periods.year(2019), "masih berjalan sampai 31 Desember 2019"),
        (periods.month(2019, 12), "belum dimulai: mulai 1 Desember 2019"),
        (periods.year(2001), "belum ada"),
        (periods.week(2019, 46), "masih berjalan sampai 17 November 2019"),
    ],
)
def test_what_cannot_be_reported_is_refused_with_its_day(sent, period, told):
    with time_machine.travel(datetime(2019, 11, 12, 3, tzinfo=UTC), tick=False), pytest.raises(Refused, match=told):
        asking.ask(by=None, unit=unit(), period=period)
    assert not Report.objects.exists()


@pytest.mark.django_db
def test_a_month_is_over_by_the_clocks_of_the_unit(sent):
    jayapura, jakarta = unit("BNNP-94"), unit("BNNP-31")
    with time_machine.travel(datetime(2019, 10, 31, 15, 30, tzinfo=UTC), tick=False):
        assert asking.ask(by=None, unit=jayapura, period=periods.month(2019, 10)).pk
        with pytest.raises(Refused):
            asking.ask(by=None, unit=jakarta, period=periods.month(2019, 10))


@pytest.mark.django_db
def test_a_unit_that_was_dissolved_before_is_refused(sent):
    where = unit()
    where.ends_on = date(2018, 12, 31)
    with pytest.raises(Refused) as refused:
        asking.ask(by=None, unit=where, period=YEAR)
    assert refused.value.field == "unit"


@pytest.mark.django_db
def test_a_ready_report_is_counted_again_but_a_sealed_one_is_not(sent):
    where = unit()
    staff, head = people(where)
    report = ready(where)
    again = asking.rebuild(by=staff, report=report)
    assert (again.status, again.attempts) == (ReportStatus.ASKED, 0)
    assert again.run_id != report.run_id, "what was counted is not touched: it is counted anew beside it"
    assert asking.rebuild(by=staff, report=again).edit == again.edit

    done = sealed(where, head)
    with pytest.raises(Refused, match="disegel"):
        asking.rebuild(by=staff, report=done)


@pytest.mark.django_db
def test_a_sealed_report_gets_one_new_revision(sent):
    where = unit()
    staff, head = people(where)
    first = sealed(where, head)
    second = asking.revise(by=staff, report=first)
    assert second.revision == 2
    assert asking.revise(by=staff, report=first).pk == second.pk
    assert asking.ask(by=staff, unit=where, period=YEAR).pk == second.pk
    with pytest.raises(Refused):
        asking.revise(by=staff, report=second)


@pytest.mark.django_db
def test_who_does_not_build_reports_counts_nothing_again(sent):
    where = unit()
    report = ready(where)
    with pytest.raises(PermissionDenied):
        asking.rebuild(by=user(Role.UNIT_ADMIN, where), report=report)
    with pytest.raises(PermissionDenied):
        asking.rebuild(by=user(Role.UNIT_STAFF, unit("BNNP-51")), report=report)
