"""Work on clients in the background."""

from celery import shared_task

from clients.actions import counting, documents
from facilities.actions import recounts
from facilities.enums import Recounting
from facilities.models import Facility
from rehab import jobs


@shared_task(name=Recounting.TREATMENTS.value)
def recount(facility_id: int) -> None:
    counting.recount_facility(facility=Facility.objects.get(pk=facility_id))


@jobs.every_minute
def recounts_left_over() -> None:
    recounts.send_again(Recounting.TREATMENTS)


@jobs.every_minute
def files_left_over() -> None:
    documents.sweep()
