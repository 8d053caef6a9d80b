"""Who builds a report now: a lease that a live worker renews and a dead one leaves to run out.

All times are the database's, so the clocks of workers do not matter.
"""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from rehab import audit
from reports.enums import ReportStatus
from reports.models import Report

LEASE = timedelta(seconds=30)
RENEWED_EVERY = 5.0
ATTEMPTS = 5


class Lost(Exception):
    """The lease ran out and someone else may be building; what was counted is thrown away."""


@dataclass(frozen=True)
class Lease:
    report_id: int
    token: uuid.UUID


@transaction.atomic
def claim(report_id: int) -> Lease | None:
    """Take the report, or nothing: it is built, being built, or was tried too often (then it is marked as failed)."""
    free = Q(lease_until=None) | Q(lease_until__lte=Now())
    waiting = Report.objects.filter(free, pk=report_id, status__in=[ReportStatus.ASKED, ReportStatus.BUILDING])
    report = waiting.select_for_update(skip_locked=True).first()
    if report is None:
        return None
    if report.attempts >= ATTEMPTS:
        _fail(report)
        return None
    lease = Lease(report.pk, uuid.uuid4())
    Report.objects.filter(pk=report.pk).update(
        status=ReportStatus.BUILDING,
        lease_token=lease.token,
        lease_until=Now() + LEASE,
        attempts=F("attempts") + 1,
        progress=0,
        error="",
    )
    return lease


def held(lease: Lease) -> Report:
    """The report, locked, while the lease holds. Raises Lost. Inside the transaction of the final write."""
    mine = Report.objects.filter(pk=lease.report_id, lease_token=lease.token, lease_until__gt=Now())
    report = mine.select_for_update().filter(status=ReportStatus.BUILDING).first()
    if report is None:
        raise Lost
    return report


@transaction.atomic
def give_back(lease: Lease, why: str) -> None:
    """After an error: free again for the tick, or failed when it was the last attempt."""
    mine = Report.objects.select_for_update().filter(pk=lease.report_id, lease_token=lease.token).first()
    if mine is None:
        return
    mine.error = why[:250]
    if mine.attempts >= ATTEMPTS:
        _fail(mine)
        return
    Report.objects.filter(pk=mine.pk).update(
        status=ReportStatus.ASKED, error=mine.error, lease_token=None, lease_until=None, sent_at=Now()
    )


def _fail(report: Report) -> None:
    Report.objects.filter(pk=report.pk).update(
        status=ReportStatus.FAILED, error=report.error or "killed", lease_token=None, lease_until=None
    )
    audit.record("report.failed", by=None, subject=report, data={"attempts": report.attempts, "error": report.error})


class Keeper(threading.Thread):
    """Renews the lease and tells the progress, from a connection of its own: the work's transaction stays undisturbed."""

    def __init__(self, lease: Lease):
        super().__init__(name=f"lease of report {lease.report_id}", daemon=True)
        self._lease = lease
        self._progress = 0
        self._wake = threading.Event()
        self._over = False

    def tell(self, progress: int) -> None:
        self._progress = progress
        self._wake.set()

    def stop(self) -> None:
        self._over = True
        self._wake.set()
        self.join()

    def run(self) -> None:
        try:
            while not self._over:
                self._renew()
                self._wake.wait(RENEWED_EVERY)
                self._wake.clear()
        finally:
            connection.close()

    def _renew(self) -> None:
        try:
            with transaction.atomic():
                # The final write holds the row: then there is nothing left to renew, and nobody must wait for anybody.
                mine = Report.objects.filter(pk=self._lease.report_id, lease_token=self._lease.token)
                if mine.select_for_update(skip_locked=True).first() is not None:
                    mine.update(lease_until=Now() + LEASE, progress=self._progress)
        except DatabaseError:
            # A lease that could not be renewed runs out; the final write will find that.
            connection.close()


@contextmanager
def kept(lease: Lease) -> Iterator[Keeper]:
    keeper = Keeper(lease)
    keeper.start()
    try:
        yield keeper
    finally:
        keeper.stop()
