"""How far the reports of a run are."""

from dataclasses import dataclass

from django.db.models import Count, Q

from reports.enums import ReportStatus, RunStatus
from reports.models import ReportRun

UNFINISHED = (ReportStatus.ASKED, ReportStatus.BUILDING)


@dataclass(frozen=True)
class Progress:
    """`done` are the reports that can be read, `failed` those that could not be built."""

    status: RunStatus
    total: int
    done: int
    failed: int

    @property
    def running(self) -> bool:
        return self.done + self.failed < self.total

    @property
    def percent(self) -> int:
        return 100 * (self.done + self.failed) // self.total if self.total else 100


def progress(run: ReportRun) -> Progress:
    """As of now, one query."""
    failed = Count("reports", filter=Q(reports__status=ReportStatus.FAILED))
    waiting = Count("reports", filter=Q(reports__status__in=UNFINISHED))
    runs = ReportRun.objects.filter(pk=run.pk).annotate(total=Count("reports"), failed=failed, waiting=waiting)
    found = runs.values("status", "total", "failed", "waiting").get()
    done = found["total"] - found["failed"] - found["waiting"]
    return Progress(RunStatus(found["status"]), found["total"], done, found["failed"])
