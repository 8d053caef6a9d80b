"""Marks for the floors above: a facility's term is not what it was, so count its rows again from a day on."""

from datetime import date

from facilities.enums import Recounting
from facilities.models import Facility, Recount
from rehab import jobs


def ask(facility: Facility, since: date) -> None:
    """Inside the caller's transaction, which writes the terms: one mark for each floor that counts by them."""
    Recount.objects.bulk_create(Recount(facility=facility, what=what, since=since) for what in Recounting)
    for what in Recounting:
        jobs.enqueue(what.value, facility_id=facility.pk)


def take(what: Recounting, facility_id: int) -> date | None:
    """Inside the caller's transaction: takes the marks away and gives the earliest of their days; None when there is none.

    What is marked while the caller counts stays, and is counted by the next.
    """
    marks = list(Recount.objects.select_for_update().filter(what=what, facility=facility_id).order_by("pk"))
    Recount.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return min((mark.since for mark in marks), default=None)


def send_again(what: Recounting) -> None:
    """Each minute: marks whose task never reached a worker, or died with it."""
    for facility_id in Recount.objects.filter(what=what).order_by().values_list("facility", flat=True).distinct():
        jobs.enqueue(what.value, facility_id=facility_id)
