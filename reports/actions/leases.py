"""Who works on a report or cuts a run now: a lease that a live worker renews and a dead one leaves to run out.

All times are the database's, so the clocks of workers do not matter.
"""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from rehab import audit
from reports.enums import ReportStatus, RunStatus
from reports.models import Report, ReportRun
from reports.queries.due import waiting_reports, waiting_runs

LEASE = timedelta(seconds=30)
RENEWED_EVERY = 5.0
ATTEMPTS = 5


class Lost(Exception):
    """The lease ran out and someone else may be at it; what was counted is thrown away."""


Row = TypeVar("Row", bound=Report | ReportRun)


@dataclass(frozen=True)
class Work(Generic[Row]):
    """A kind of row that is worked on. `waiting` are those that can be claimed, but for their leases."""

    model: type[Row]
    verb: str
    working: str
    asked: str
    failed: str
    waiting: Callable[[], QuerySet]


REPORT = Work(
    Report, "report", ReportStatus.BUILDING, ReportStatus.ASKED, ReportStatus.FAILED, waiting_reports
)  # fmt: skip
RUN = Work(ReportRun, "run", RunStatus.CUTTING, RunStatus.ASKED, RunStatus.FAILED, waiting_runs)


@dataclass(frozen=True)
class Lease(Generic[Row]):
    work: Work[Row]
    pk: int
    token: uuid.UUID

    @property
    def mine(self) -> QuerySet:
        return self.work.model.objects.filter(pk=self.pk, lease_token=self.token)


@transaction.atomic
def claim(work: Work[Row], pk: int) -> Lease[Row] | None:
    """Take the row, or nothing: it is done, being worked on, or was tried too often (then it is marked as failed)."""
    free = work.waiting().filter(Q(lease_until=None) | Q(lease_until__lte=Now()), pk=pk)
    row = free.select_for_update(skip_locked=True, of=("self",), no_key=True).first()
    if row is None:
        return None
    if row.attempts >= ATTEMPTS:
        _fail(work, row)
        return None
    lease = Lease(work, row.pk, uuid.uuid4())
    work.model.objects.filter(pk=row.pk).update(
        status=work.working,
        lease_token=lease.token,
        lease_until=Now() + LEASE,
        attempts=F("attempts") + 1,
        error="",
    )
    return lease


def held(lease: Lease[Row]) -> Row:
    """The row, locked, while the lease holds. Raises Lost. Inside the transaction of the final write."""
    mine = lease.mine.filter(lease_until__gt=Now(), status=lease.work.working)
    row = mine.select_for_update(no_key=True).first()
    if row is None:
        raise Lost
    return row


@transaction.atomic
def give_back(lease: Lease, why: str) -> None:
    """After an error: free again for the tick, or failed when it was the last attempt."""
    row = lease.mine.select_for_update(no_key=True).first()
    if row is None:
        return
    row.error = why[:250]
    if row.attempts >= ATTEMPTS:
        _fail(lease.work, row)
        return
    lease.mine.update(
        status=lease.work.asked, error=row.error, lease_token=None, lease_until=None, sent_at=Now()
    )  # fmt: skip


def _fail(work: Work, row: Report | ReportRun) -> None:
    """With a run that cannot be cut its reports fail, each saying why."""
    ended = {"error": row.error or "killed", "lease_token": None, "lease_until": None}
    work.model.objects.filter(pk=row.pk).update(status=work.failed, **ended)
    if isinstance(row, ReportRun):
        waiting = row.reports.filter(status=ReportStatus.ASKED)
        waiting.update(status=ReportStatus.FAILED, attempts=row.attempts, **ended)
    audit.record(f"{work.verb}.failed", by=None, subject=row, data={"attempts": row.attempts, "error": row.error})


class Keeper(threading.Thread):
    """Renews the lease from a connection of its own: the work's transaction stays undisturbed."""

    def __init__(self, lease: Lease):
        super().__init__(name=f"lease of {lease.work.verb} {lease.pk}", daemon=True)
        self._lease = lease
        self._over = threading.Event()

    def stop(self) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        try:
            while not self._over.wait(RENEWED_EVERY):
                self._renew()
        finally:
            connection.close()

    def _renew(self) -> None:
        try:
            with transaction.atomic():
                # The final write holds the row: then there is nothing left to renew, and nobody must wait for anybody.
                if self._lease.mine.select_for_update(skip_locked=True, no_key=True).first() is not None:
                    self._lease.mine.update(lease_until=Now() + LEASE)
        except DatabaseError:
            # A lease that could not be renewed runs out; the final write will find that.
            connection.close()


@contextmanager
def kept(lease: Lease) -> Iterator[None]:
    keeper = Keeper(lease)
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()
