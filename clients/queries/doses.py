"""Doses of a day and of a client, and the days that were missed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import DateField, OuterRef, QuerySet, Subquery

from clients.models import Client, Dose, Prescription
from rehab import tunables
from rehab.models import User

MISSED_DOSES = "clients.missed_doses"


def missed_limit() -> int:
    return tunables.value(MISSED_DOSES)


def missed_before(prescription: Prescription, today: date) -> int:
    """Days in a row up to yesterday on which this prescription held and no dose was taken. One query."""
    last = prescription.doses.standing().order_by("-for_day").values_list("for_day", flat=True).first()
    return missed(prescription.starts_on, last, today)


def missed(starts_on: date, last: date | None, today: date) -> int:
    since = max(starts_on, last + timedelta(days=1)) if last else starts_on
    return max((today - since).days, 0)


@dataclass(frozen=True)
class DueDose:
    """A prescription that holds today; `covered` where the client has had the dose, or has it at home."""

    prescription: Prescription
    covered: bool
    missed: int


def due(facilities: Iterable[int], today: date) -> list[DueDose]:
    """Everybody who gets a dose at these facilities today, who still waits first. One query."""
    rows = Prescription.objects.on(today).filter(treatment__facility__in=facilities, treatment__ended_on=None)
    last = Dose.objects.standing().filter(prescription=OuterRef("pk")).order_by("-for_day").values("for_day")[:1]
    rows = rows.annotate(last_on=Subquery(last, output_field=DateField())).select_related("treatment__client")
    found = [
        DueDose(row, row.last_on is not None and row.last_on >= today, missed(row.starts_on, row.last_on, today))
        for row in rows.order_by("pk")
    ]
    return sorted(found, key=lambda each: (each.covered, -each.missed))


def prescriptions_of(user: User, client: Client) -> QuerySet[Prescription]:
    rows = Prescription.objects.visible_to(user).filter(treatment__client=client)
    return rows.select_related("prescribed_by", "treatment__facility__region").order_by("-starts_on", "-pk")


def doses_of(user: User, client: Client) -> QuerySet[Dose]:
    rows = Dose.objects.visible_to(user).filter(client=client)
    return rows.select_related("given_by", "prescription").order_by("-for_day", "-pk")
