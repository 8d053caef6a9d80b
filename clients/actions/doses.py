"""Methadone and buprenorphine: prescribed by a doctor, given day by day, never twice."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.enums import DoseWay
from clients.models import Client, Dose, Prescription, Treatment
from clients.queries.doses import missed_before, missed_limit
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User


@action
def prescribe(
    *, by: User, treatment: Treatment, medicine: str, mg: Decimal, take_home_most: int = 0, starts_on: date
) -> Prescription:
    """A daily dose from `starts_on` on; the one before ends with it.

    Raises Refused where the facility does not offer the medicine, for a treatment that is not under way, and for a day gone
    by or one on which the dose before was given already.
    """
    found = _lock_treatment(treatment)
    if found.started_on is None or not found.is_open:
        raise Refused(_("A dose is prescribed in a treatment that is under way."))
    if medicine not in found.facility.services:
        raise Refused(_("This facility does not offer this medicine."), field="medicine")
    if starts_on < found.facility.local_date():
        raise Refused(_("A prescription begins today at the earliest."), field="starts_on")
    before = found.prescriptions.filter(ends_on=None).first()
    if before:
        if before.doses.standing().filter(for_day__gte=starts_on).exists():
            raise Refused(_("The dose of this day was given already; begin on the day after."), field="starts_on")
        before.ends_on = max(starts_on, before.starts_on)
        before.save(update_fields=["ends_on"])
    made = Prescription.objects.create(
        treatment=found, medicine=medicine, mg=mg, take_home_most=take_home_most, starts_on=starts_on, prescribed_by=by
    )
    _record("dose.prescribed", by, made, {"medicine": str(medicine), "mg": str(mg)})
    return made


@action
def stop(*, by: User, prescription: Prescription, reason: str) -> Prescription:
    """No dose from today on, or from tomorrow where today's was given. Raises Refused without a reason."""
    found = _lock(prescription)
    if found.ends_on is not None:
        raise Refused(_("This prescription has ended already."))
    if not reason.strip():
        raise Refused(_("Say why the prescription stops."), field="reason")
    last = found.doses.standing().order_by("-for_day").values_list("for_day", flat=True).first()
    today = found.treatment.facility.local_date()
    found.ends_on = max(today, found.starts_on, last + timedelta(days=1) if last else today)
    found.stop_reason = reason.strip()
    found.save(update_fields=["ends_on", "stop_reason"])
    _record("dose.stopped", by, found, {}, reason=found.stop_reason)
    return found


@action
def give(*, by: User, prescription: Prescription, take_home: int = 0) -> list[Dose]:
    """Today's dose before staff's eyes, and those of the next `take_home` days to take along.

    Raises Refused for a dose given already, at whatever facility; for a prescription that does not hold today; for more days
    than the doctor allows; and after so many missed days in a row that a doctor has to set the dose anew.
    """
    found = _lock(prescription)
    facility = found.treatment.facility
    today = facility.local_date()
    if not found.treatment.is_open or found.starts_on > today or (found.ends_on and found.ends_on <= today):
        raise Refused(_("This prescription does not hold today."))
    if not 0 <= take_home <= found.take_home_most:
        raise Refused(
            _("The doctor allows at most %(most)s days to take home."),
            field="take_home",
            params={"most": found.take_home_most},
        )
    Client.objects.select_for_update().get(pk=found.treatment.client_id)
    missed = missed_before(found, today)
    if missed >= missed_limit():
        raise Refused(
            _("%(days)s days in a row were missed: a doctor sets the dose anew first."),
            params={"days": missed},
            code="missed",
        )
    days = [today + timedelta(days=ahead) for ahead in range(take_home + 1)]
    now = timezone.now()
    made = [
        Dose.objects.create(
            prescription=found,
            client=found.treatment.client,
            for_day=day,
            way=DoseWay.TAKE_HOME if ahead else DoseWay.WITNESSED,
            mg=found.mg,
            given_at=now,
            given_by=by,
        )
        for ahead, day in enumerate(days)
    ]
    _record("dose.given", by, found, {"mg": str(found.mg), "days": [day.isoformat() for day in days]})
    return made


@action
def void(*, by: User, dose: Dose, reason: str) -> Dose:
    """The record was a mistake, the dose was not given. Raises Refused without a reason, or when it was taken back already."""
    _lock(dose.prescription)
    found = Dose.objects.select_for_update().get(pk=dose.pk)
    if found.void_reason:
        raise Refused(_("This record was taken back already."))
    if not reason.strip():
        raise Refused(_("Say why the record is taken back."), field="reason")
    found.void_reason = reason.strip()
    found.save(update_fields=["void_reason"])
    _record("dose.voided", by, dose.prescription, {"day": found.for_day.isoformat()}, reason=found.void_reason)
    return found


@action
def uphold(*, by: User, dose: Dose) -> Dose:
    """Undo `void`: the dose was given after all. Raises Refused when another one was recorded for the day since."""
    _lock(dose.prescription)
    found = Dose.objects.select_for_update().get(pk=dose.pk)
    if not found.void_reason:
        raise Refused(_("This record stands already."))
    found.void_reason = ""
    found.save(update_fields=["void_reason"])
    _record("dose.restored", by, dose.prescription, {"day": found.for_day.isoformat()})
    return found


def _lock_treatment(treatment: Treatment) -> Treatment:
    rows = Treatment.objects.select_related("client", "facility__region").select_for_update(of=("self",))
    return rows.get(pk=treatment.pk)


def _lock(prescription: Prescription) -> Prescription:
    """Treatment before prescription, always in this order, so that two people never wait for each other."""
    treatment = _lock_treatment(prescription.treatment)
    found = treatment.prescriptions.select_for_update().get(pk=prescription.pk)
    found.treatment = treatment
    return found


def _record(verb: str, by: User, prescription: Prescription, data: dict, reason: str = "") -> None:
    treatment = prescription.treatment
    audit.record(
        verb, by=by, subject=prescription, place=treatment.facility.code, client_code=treatment.client.code,
        reason=reason, data=data,
    )  # fmt: skip
