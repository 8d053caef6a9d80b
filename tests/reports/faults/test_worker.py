"""A real worker, killed in the middle: the report appears all the same, and once."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from reports.actions import asking, clock
from reports.enums import ReportStatus, RunStatus
from reports.models import Report, ReportRun, RunMember
from tests.reports.ready import YEAR, people, province

pytestmark = pytest.mark.django_db(transaction=True)


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, Report.objects.values().first()
        time.sleep(0.05)


def now_is(status: ReportStatus) -> Callable[[], bool]:
    return lambda: Report.objects.get().status == status


@contextmanager
def counting_stands_still() -> Iterator[None]:
    """Whoever counts treatments waits here, in the middle of the work."""
    apart = connection.copy()
    apart.set_autocommit(False)
    try:
        with apart.cursor() as cursor:
            cursor.execute("LOCK TABLE clients_treatment IN ACCESS EXCLUSIVE MODE")
        yield
    finally:
        apart.rollback()
        apart.close()


def killed_in_the_middle(worker) -> Report:
    where, _ = province(3)
    with counting_stands_still():
        asking.ask(by=None, unit=where, period=YEAR)
        until(lambda: ReportRun.objects.get().status == RunStatus.CUTTING)
        worker.kill()
    run = ReportRun.objects.get()
    assert (run.status, run.attempts, run.members.count()) == (RunStatus.CUTTING, 1, 0)
    return Report.objects.get()


def test_a_killed_worker_loses_nothing(celery_worker_process):
    killed_in_the_middle(celery_worker_process)
    assert clock.send_again() == 0, "its lease still holds: nobody may build beside it"
    celery_worker_process.start()
    ReportRun.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert clock.send_again() == 1
    until(now_is(ReportStatus.READY))
    assert ReportRun.objects.get().attempts == 2
    assert RunMember.objects.count() == 3


@pytest.mark.long
def test_the_lease_of_a_killed_worker_runs_out_by_itself(celery_worker_process):
    killed_in_the_middle(celery_worker_process)
    celery_worker_process.start()
    until(lambda: clock.send_again() == 1, seconds=40)
    until(now_is(ReportStatus.READY))
    assert RunMember.objects.count() == 3


@pytest.mark.long
def test_killed_again_and_again_it_fails_in_words_and_can_be_asked_for_anew(celery_worker_process):
    report = killed_in_the_middle(celery_worker_process)
    ReportRun.objects.update(attempts=5, lease_until=Now() - timedelta(seconds=1))
    celery_worker_process.start()
    assert clock.send_again() == 1
    until(now_is(ReportStatus.FAILED))
    assert Report.objects.get().error == "killed"
    asking.rebuild(by=people(report.unit)[0], report=report)
    until(now_is(ReportStatus.READY))


@pytest.mark.long
def test_from_button_to_ready_takes_less_than_five_seconds(celery_worker_process):
    """With an idle worker; a province's year of the demo's size is measured in docs/performance.md."""
    where, _ = province(3)
    begun = time.monotonic()
    asking.ask(by=None, unit=where, period=YEAR)
    until(now_is(ReportStatus.READY))
    assert time.monotonic() - begun < 5
