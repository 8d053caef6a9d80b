"""Work on aftercare in the background."""

from celery import shared_task

from aftercare.actions import counting, windows
from aftercare.schedule import FOLLOW_SETTINGS
from facilities.actions import recounts
from facilities.enums import Recounting
from facilities.models import Facility
from rehab import jobs


@shared_task(name=Recounting.AFTERCARE.value)
def recount(facility_id: int) -> None:
    counting.recount_facility(facility=Facility.objects.get(pk=facility_id))


@jobs.every_minute
def recounts_left_over() -> None:
    recounts.send_again(Recounting.AFTERCARE)


@shared_task(name=FOLLOW_SETTINGS)
def follow_settings() -> None:
    windows.follow_settings()


@jobs.every_minute
def settings_changed() -> None:
    windows.follow_settings()
