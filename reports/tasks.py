"""Work on reports in the background."""

from celery import shared_task

from rehab import jobs
from reports.actions import building, cells, clock, cutting


@shared_task(name="reports.cut")
def cut(run_id: int) -> None:
    cutting.cut(run_id=run_id)


@shared_task(name="reports.build")
def build(report_id: int) -> None:
    building.build(report_id=report_id)


@jobs.every_minute
def due_reports() -> None:
    clock.ask_for_due()


@jobs.every_minute
def waiting_work() -> None:
    clock.send_again()


@jobs.every_minute
def counts_to_fold() -> None:
    cells.fold()
