from datetime import timedelta
from decimal import Decimal

import pytest

from clients.actions import doses
from clients.enums import DoseWay, Outcome
from clients.models import Dose, Prescription
from clients.queries import doses as queries
from facilities.enums import Service
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.meetings import DAY, in_treatment


@pytest.fixture
def clinic(db):
    return factories.facility(services=[Service.METHADONE])


@pytest.fixture
def maria(clinic):
    return factories.user(Role.DOCTOR, clinic)


@pytest.fixture
def today(clinic):
    return clinic.local_date()


@pytest.fixture
def treatment(clinic):
    return in_treatment(clinic)


def prescribed(by, treatment, **changes) -> Prescription:
    values = {"medicine": "methadone", "mg": Decimal("60"), "starts_on": treatment.facility.local_date()} | changes
    return doses.prescribe(by=by, treatment=treatment, **values)


def since(prescription: Prescription, days: int) -> Prescription:
    """As if it had begun that many days ago."""
    prescription.starts_on -= timedelta(days)
    prescription.save()
    return prescription


def refused(call, word: str) -> None:
    with pytest.raises(Refused, match=word):
        call()


def test_a_dose_is_given_once_a_day(maria, treatment, today):
    held = prescribed(maria, treatment)
    (dose,) = doses.give(by=maria, prescription=held)
    assert (dose.for_day, dose.way, dose.mg) == (today, DoseWay.WITNESSED, Decimal("60"))
    refused(lambda: doses.give(by=maria, prescription=held), "sudah mendapat dosis")
    assert Dose.objects.count() == 1
    event = AuditEvent.objects.get(verb="dose.given")
    assert (event.client_code, event.data["days"]) == (treatment.client.code, [today.isoformat()])


def test_another_facility_cannot_give_it_a_second_time(maria, treatment, clinic):
    doses.give(by=maria, prescription=prescribed(maria, treatment))
    other = factories.facility(services=[Service.METHADONE])
    there = factories.treatment(treatment.episode, facility=other, started_on=DAY)
    doctor = factories.user(Role.DOCTOR, other)
    second = prescribed(doctor, there)
    refused(lambda: doses.give(by=doctor, prescription=second), "sudah mendapat dosis")


def test_days_are_taken_home_as_far_as_the_doctor_allows(maria, treatment, today):
    held = prescribed(maria, treatment, take_home_most=2)
    refused(lambda: doses.give(by=maria, prescription=held, take_home=3), "paling banyak 2")
    given = doses.give(by=maria, prescription=held, take_home=2)
    assert [dose.for_day - today for dose in given] == [timedelta(0), timedelta(1), timedelta(2)]
    assert [dose.way for dose in given] == [DoseWay.WITNESSED, DoseWay.TAKE_HOME, DoseWay.TAKE_HOME]


def test_a_mistaken_record_is_taken_back_and_given_again(maria, treatment):
    held = prescribed(maria, treatment)
    (dose,) = doses.give(by=maria, prescription=held)
    refused(lambda: doses.void(by=maria, dose=dose, reason=" "), "mengapa")
    doses.void(by=maria, dose=dose, reason="Klien lain")
    refused(lambda: doses.void(by=maria, dose=dose, reason="Lagi"), "sudah ditarik")
    doses.give(by=maria, prescription=held)
    assert (Dose.objects.count(), Dose.objects.standing().count()) == (2, 1)


def test_after_three_missed_days_a_doctor_sets_the_dose_anew(maria, treatment, today):
    held = since(prescribed(maria, treatment), 2)
    assert queries.missed_before(held, today) == 2
    (due,) = queries.due([treatment.facility_id], today)
    assert (due.missed, due.covered) == (2, False)
    since(held, 1)
    refused(lambda: doses.give(by=maria, prescription=held), "3 hari berturut-turut")
    anew = prescribed(maria, treatment, mg=Decimal("30"))
    doses.give(by=maria, prescription=anew)
    held.refresh_from_db()
    assert held.ends_on == today
    assert queries.due([treatment.facility_id], today)[0].covered


def test_another_dose_begins_when_none_of_the_old_covers_the_day(maria, treatment, today):
    held = prescribed(maria, treatment, take_home_most=1)
    doses.give(by=maria, prescription=held, take_home=1)
    refused(lambda: prescribed(maria, treatment), "sudah diberikan")
    prescribed(maria, treatment, starts_on=today + timedelta(2))
    held.refresh_from_db()
    assert held.ends_on == today + timedelta(2)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"medicine": "buprenorphine"}, "tidak menyediakan"),
        ({"starts_on": DAY}, "paling cepat hari ini"),
        ({"mg": Decimal("0")}, "400 mg"),
        ({"mg": Decimal("401")}, "400 mg"),
        ({"take_home_most": 15}, "14 hari"),
    ],
)
def test_what_cannot_be_prescribed_is_refused(maria, treatment, changes, word):
    refused(lambda: prescribed(maria, treatment, **changes), word)
    assert Prescription.objects.count() == 0


def test_a_dose_belongs_to_a_treatment_under_way(maria, clinic, treatment):
    waits = in_treatment(clinic, "Belum Mulai", started_on=None)
    refused(lambda: prescribed(maria, waits), "sedang berjalan")
    held = prescribed(maria, treatment)
    treatment.ended_on, treatment.outcome = clinic.local_date(), Outcome.MOVED
    treatment.save()
    refused(lambda: doses.give(by=maria, prescription=held), "tidak berlaku")


def test_a_stopped_prescription_gives_no_more(maria, treatment, today):
    held = prescribed(maria, treatment)
    doses.give(by=maria, prescription=held)
    refused(lambda: doses.stop(by=maria, prescription=held, reason=""), "mengapa")
    stopped = doses.stop(by=maria, prescription=held, reason="Selesai tapering")
    assert stopped.ends_on == today + timedelta(1)
    refused(lambda: doses.stop(by=maria, prescription=held, reason="Lagi"), "sudah berakhir")
