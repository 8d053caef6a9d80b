from datetime import date

import pytest
from django.db import IntegrityError, transaction

from facilities.actions import qualifications
from facilities.actions.qualifications import QualificationData
from facilities.enums import CertificateResult, Qualifying
from facilities.models import Qualification
from facilities.queries import qualified
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

LICENCE = QualificationData(
    what=Qualifying.DOCTOR, number="STR 1", issuer="KKI", starts_on=date(2019, 1, 1), ends_on=date(2020, 1, 1)
)
CERTIFICATE = QualificationData(
    what=Qualifying.CERT_ASSESSOR, number="S 1", result=CertificateResult.COMPETENT, starts_on=date(2019, 1, 1)
)


@pytest.fixture
def place():
    return factories.facility()


@pytest.fixture
def admin(place):
    return factories.user(Role.FACILITY_ADMIN, place)


@pytest.fixture
def rina(place):
    return factories.user(Role.COUNSELOR, place, name="Rina Contoh")


def test_a_licence_holds_from_its_first_day_to_its_last(admin, rina):
    qualifications.record(by=admin, user=rina, data=LICENCE)
    days = [date(2018, 12, 31), date(2019, 1, 1), date(2019, 12, 31), date(2020, 1, 1)]
    assert [qualified(rina.pk, ["doctor", "nurse"], on=day) for day in days] == [False, True, True, False]
    assert not qualified(rina.pk, ["nurse"], on=date(2019, 5, 1))
    assert AuditEvent.objects.get(verb="qualification.recorded").data["what"] == "doctor"


def test_a_certificate_counts_only_when_its_result_is_competent(admin, rina):
    failed = QualificationData(
        what=Qualifying.CERT_ASSESSOR, number="S 2", result=CertificateResult.NOT_COMPETENT, starts_on=date(2019, 1, 1)
    )
    qualifications.record(by=admin, user=rina, data=failed)
    assert not qualified(rina.pk, ["cert_assessor"], on=date(2019, 5, 1))
    qualifications.record(by=admin, user=rina, data=CERTIFICATE)
    assert qualified(rina.pk, ["cert_assessor"], on=date(2019, 5, 1))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"number": " "}, "number"),
        ({"result": ""}, "result"),
        ({"result": "lulus"}, "result"),
        ({"what": "dukun"}, "what"),
        ({"ends_on": date(2018, 1, 1)}, "ends_on"),
        ({"starts_on": date(1900, 1, 1)}, "starts_on"),
        ({"number": "9" * 81}, "number"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(admin, rina, changed, field):
    with pytest.raises(Refused) as refused:
        qualifications.record(by=admin, user=rina, data=QualificationData(**(vars(CERTIFICATE) | changed)))
    assert refused.value.field == field
    assert not Qualification.objects.exists()


def test_nobody_records_corrects_or_removes_their_own(admin, rina, place):
    row = factories.qualification(admin)
    for act in (
        lambda: qualifications.record(by=admin, user=admin, data=LICENCE),
        lambda: qualifications.correct(by=admin, qualification=row, data=LICENCE, reason="uji"),
        lambda: qualifications.remove(by=admin, qualification=row, reason="uji"),
    ):
        with pytest.raises(Refused, match="sendiri"):
            act()


def test_a_correction_keeps_the_version_before_and_its_reason(admin, rina):
    row = qualifications.record(by=admin, user=rina, data=LICENCE)
    changed = QualificationData(**(vars(LICENCE) | {"number": "STR 2"}))
    with pytest.raises(Refused):
        qualifications.correct(by=admin, qualification=row, data=changed, reason=" ")
    qualifications.correct(by=admin, qualification=row, data=changed, reason="Salah ketik")
    assert [each.number for each in row.events.order_by("pgh_id")] == ["STR 1", "STR 2"]
    assert AuditEvent.objects.get(verb="qualification.corrected").reason == "Salah ketik"
    qualifications.remove(by=admin, qualification=row, reason="Orang lain")
    assert not Qualification.objects.exists()


def test_the_same_one_is_recorded_once(admin, rina):
    qualifications.record(by=admin, user=rina, data=LICENCE)
    with pytest.raises(Refused, match="sudah tercatat"):
        qualifications.record(by=admin, user=rina, data=LICENCE)


@pytest.mark.parametrize(
    "wrong", [{"what": "doctor", "result": "competent"}, {"what": "cert_assessor", "result": "", "number": "1"}]
)
def test_the_database_holds_certificates_and_licences_apart(rina, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Qualification.objects.create(user=rina, starts_on=date(2019, 1, 1), **wrong)
