"""Work on reports in the background."""

from celery import shared_task

from rehab import jobs
from reports.actions import building, clock


@shared_task(name="reports.build")
def build(report_id: int) -> None:
    building.build(report_id=report_id)


@jobs.every_minute
def due_reports() -> None:
    clock.ask_for_due()


@jobs.every_minute
def waiting_reports() -> None:
    clock.send_again()
