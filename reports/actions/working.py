"""All the work of a run in this process, for a command and for measuring: beside workers it takes only what they leave."""

from collections.abc import Callable

from reports.actions import building, cutting
from reports.models import ReportRun
from reports.queries.due import waiting_reports


def work_off(*, run: ReportRun, tell: Callable[[], object] = lambda: None) -> None:
    """Cut the run and build its reports one after the other; `tell` is called after each step."""
    cutting.cut(run_id=run.pk)
    tell()
    tried: set[int] = set()
    while waiting := waiting_reports().filter(run=run).exclude(pk__in=tried).order_by("pk").first():
        tried.add(waiting.pk)
        building.build(report_id=waiting.pk)
        tell()
