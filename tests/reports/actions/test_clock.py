"""The clock asks for what is due and sends again what hangs; two of them make no second report."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from facilities.models import Unit
from rehab import jobs
from reports import tasks
from reports.actions import asking, clock, cutting, leases
from reports.enums import ReportStatus
from reports.models import Report, ReportRun
from reports.queries import due
from tests.factories import unit
from tests.reports.ready import YEAR, quiet

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(monkeypatch):
    return quiet(monkeypatch)


def at(monkeypatch, moment: datetime) -> None:
    """The database's clock cannot be turned, so its `now()` is written into the statement."""
    monkeypatch.setattr(due, "_DUE", due._DUE.replace("now()", f"'{moment.isoformat()}'::timestamptz"))


def active(code: str, since: date) -> Unit:
    where = unit(code)
    Unit.objects.exclude(pk=where.pk).update(activated_on=None)
    Unit.objects.filter(pk=where.pk).update(activated_on=since)
    return Unit.objects.get(pk=where.pk)


def found() -> list[str]:
    return [period.code for period in due.due_reports()]


def long(monkeypatch, days: int = 400) -> None:
    monkeypatch.setattr(due.tunables, "values", lambda *keys: {due.DUE_FOR: days, due.WEEKLY: 0})


def test_a_period_is_due_at_six_on_the_clocks_of_the_unit_and_of_the_nation(monkeypatch):
    """23.00 UTC is 06.00 in Jakarta and 07.00 in Kupang: all units of a period are counted at one moment."""
    active("BNNP-53", date(2019, 9, 15))
    original = due._DUE
    at(monkeypatch, datetime(2019, 9, 30, 22, 59, tzinfo=UTC))
    assert found() == []
    monkeypatch.setattr(due, "_DUE", original)
    at(monkeypatch, datetime(2019, 9, 30, 23, 0, tzinfo=UTC))
    assert found() == ["2019-09", "2019-B09"]


def test_periods_that_ended_before_the_unit_came_are_not_due(monkeypatch):
    active("BNNP-53", date(2019, 7, 1))
    long(monkeypatch)
    at(monkeypatch, datetime(2020, 1, 2, tzinfo=UTC))
    assert found() == [
        "2019-12",
        "2019-B12",
        "2019-S2",
        "2019",
        "2019-11",
        "2019-10",
        "2019-09",
        "2019-B09",
        "2019-08",
        "2019-07",
    ]


def test_what_ended_long_ago_is_left_to_people(monkeypatch):
    active("BNNP-53", date(2010, 1, 1))
    at(monkeypatch, datetime(2019, 9, 1, tzinfo=UTC))
    assert found() == ["2019-08", "2019-07"]


def test_weeks_are_due_only_where_the_setting_says_so(monkeypatch):
    active("BNNP-53", date(2019, 8, 1))
    at(monkeypatch, datetime(2019, 8, 20, 12, tzinfo=UTC))
    assert found() == []
    monkeypatch.setattr(due.tunables, "values", lambda *keys: {due.DUE_FOR: 45, due.WEEKLY: 1})
    assert found() == ["2019-W33", "2019-W32", "2019-W31"]


def test_the_last_day_of_a_period_is_day_enough(monkeypatch):
    active("BNNP-53", date(2019, 6, 30))
    at(monkeypatch, datetime(2019, 7, 2, tzinfo=UTC))
    assert found() == ["2019-06", "2019-B06", "2019-S1"]


def test_what_is_due_is_asked_for_once_a_little_at_a_time(sent, monkeypatch):
    where = active("BNNP-53", date(2019, 1, 1))
    long(monkeypatch)
    monkeypatch.setattr(clock, "PERIODS_AT_ONCE", 3)
    assert clock.ask_for_due() == 3
    newest = max(each.ends_on for each in Report.objects.all())
    assert newest <= where.local_date()
    assert clock.ask_for_due() == 3
    assert Report.objects.count() == len(sent) == 6
    assert Report.objects.first().asked_by is None


def test_all_units_that_are_due_have_one_moment(sent):
    where = [unit("BNNP-53"), unit("BNNK-5371"), unit("BNNP-94")]
    assert clock.ask_for_due() >= 4
    newest = Report.objects.first()
    together = Report.objects.filter(kind=newest.kind, starts_on=newest.starts_on)
    assert set(together.values_list("unit", flat=True)) == {unit("BNN").pk, *(each.pk for each in where)}
    assert len(set(together.values_list("run", flat=True))) == 1


def test_two_clocks_at_once_make_one_report_each(sent):
    unit("BNNK-5371")

    def tick(_: int) -> None:
        try:
            clock.ask_for_due()
        finally:
            connection.close()

    due_now = list(due.due_reports().values())[: clock.PERIODS_AT_ONCE]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(tick, range(2)))
    assert Report.objects.count() == sum(map(len, due_now))
    assert ReportRun.objects.count() == len(sent) == len(due_now)


def test_a_broker_that_is_down_loses_nothing(sent, monkeypatch):
    with monkeypatch.context() as down:
        down.setattr(jobs, "_send", lambda task, keys: None)
        report = asking.ask(by=None, unit=unit(), period=YEAR)
    assert clock.send_again() == 0
    ReportRun.objects.update(sent_at=Now() - timedelta(seconds=61))
    assert clock.send_again() == 1
    assert sent == [("reports.cut", {"run_id": report.run_id})]
    assert clock.send_again() == 0
    with monkeypatch.context() as down:
        down.setattr(jobs, "_send", lambda task, keys: None)
        cutting.cut(run_id=report.run_id)
    Report.objects.update(sent_at=Now() - timedelta(seconds=61))
    assert clock.send_again() == 1
    assert sent[1:] == [("reports.build", {"report_id": report.pk})]


def test_what_a_dead_worker_left_is_sent_when_its_lease_runs_out(sent):
    report = asking.ask(by=None, unit=unit(), period=YEAR)
    leases.claim(leases.RUN, report.run_id)
    assert clock.send_again() == 0
    ReportRun.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert clock.send_again() == 1
    cutting.cut(run_id=report.run_id)
    leases.claim(leases.REPORT, report.pk)
    assert clock.send_again() == 0
    Report.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert clock.send_again() == 1
    assert Report.objects.get().status == ReportStatus.BUILDING


def test_a_finished_report_is_not_sent_again(sent):
    report = asking.ask(by=None, unit=unit(), period=YEAR)
    tasks.cut(run_id=report.run_id)
    tasks.build(report_id=report.pk)
    Report.objects.update(sent_at=Now() - timedelta(hours=1))
    assert clock.send_again() == 0


def test_both_works_are_done_each_minute():
    assert {tasks.due_reports, tasks.waiting_work} <= set(jobs.due_work())
