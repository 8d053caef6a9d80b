import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from clients.actions import exports
from clients.enums import Admission
from clients.models import ChosenColumns
from rehab.models import AuditEvent
from rehab.roles import ROLES, Permission, Role
from tests import factories
from tests.clients.people import NIK

URL = reverse("clients:export")
ASKED = {"purpose": "care", "purpose_note": "kunjungan rumah minggu depan", "form": "csv"}
IDENTIFIED = ASKED | {"identity": "on", "identity_reason": "nama diperlukan untuk surat tugas"}


@pytest.fixture
def clinic(db):
    return factories.facility("Klinik Ekspor Contoh")


@pytest.fixture
def sri(clinic, client):
    user = factories.user(Role.COUNSELOR, clinic, name="=Sri Contoh")
    client.force_login(user)
    return user


def taken(answer) -> str:
    assert answer.status_code == 200, answer.content[:400]
    return b"".join(answer).decode("utf-8-sig")


def test_a_list_leaves_without_names_and_is_recorded(client, sri, clinic):
    wanted = factories.episode(factories.client("Rahasia Sekali", nik=NIK), clinic, admission="court").client
    other = factories.episode(at=clinic).client
    stranger = factories.episode(at=factories.facility()).client
    ChosenColumns.objects.create(user=sri, columns=["status", "admission"])
    text = taken(client.post(f"{URL}?admission=court", ASKED))
    assert wanted.code in text
    assert other.code not in text
    assert stranger.code not in text
    assert "Rahasia" not in text
    assert NIK not in text
    head = text.split("\r\n\r\n")[0]
    for said in ("'=Sri Contoh", "Klinik Ekspor Contoh", "kunjungan rumah", str(Admission.COURT.label)):
        assert said in head
    event = AuditEvent.objects.get(verb="clients.exported")
    assert event.data == {
        "purpose": "care", "form": "csv", "filter": "admission=court", "columns": ["status", "admission"], "rows": 1,
        "identity": False,
    }  # fmt: skip
    assert "kunjungan rumah" in event.reason


def test_names_leave_with_a_second_tick_and_a_reason_and_the_client_can_see_it(client, sri, clinic):
    wanted = factories.episode(factories.client("=Rahasia Sekali", nik=NIK), clinic).client
    refused = client.post(URL, ASKED | {"identity": "on"})
    assert refused.status_code == 422
    assert refused.context["export"].errors["identity_reason"]
    assert not AuditEvent.objects.filter(verb__in=["clients.exported", "identity.exported"]).exists()
    text = taken(client.post(URL, IDENTIFIED))
    assert "'=Rahasia Sekali" in text
    assert NIK in text
    assert AuditEvent.objects.get(verb="identity.exported").client_code == wanted.code
    looks = client.get(reverse("clients:who_looked", args=[wanted.code])).content.decode()
    assert "surat tugas" in looks


def test_a_workbook_says_first_who_and_why(client, sri, clinic):
    code = factories.episode(at=clinic).client.code
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(client.post(URL, ASKED | {"form": "xlsx"}))))
    about, rows = (sheet.to_python() for sheet in map(book.get_sheet_by_index, range(2)))
    assert "kunjungan rumah" in str(about)
    assert "Klinik Ekspor Contoh" in str(about)
    assert [row[0] for row in rows][1:] == [code]


@pytest.mark.parametrize("changed", [{"purpose": ""}, {"purpose": "x"}, {"purpose_note": ""}, {"purpose_note": "x" * 10_000}, {"form": "pdf"}, {"purpose_note": "\x00"}])  # fmt: skip
def test_without_a_purpose_nothing_leaves(client, sri, clinic, changed):
    factories.episode(at=clinic)
    assert client.post(URL, ASKED | changed).status_code == 422
    assert not AuditEvent.objects.filter(verb="clients.exported").exists()


def test_too_many_and_none_are_refused(client, sri, clinic, monkeypatch):
    assert client.post(URL, ASKED).status_code == 422
    factories.episode(at=clinic), factories.episode(at=clinic)
    monkeypatch.setattr(exports, "MOST_IDENTITIES", 1)
    monkeypatch.setattr(exports, "MOST_OF_FORM", {"xlsx": 1})
    assert client.post(URL, IDENTIFIED).context["export"].errors["identity"]
    assert client.post(URL, ASKED | {"form": "xlsx"}).context["export"].errors["form"]
    assert taken(client.post(URL, ASKED))


@pytest.mark.parametrize("role", list(Role))
def test_who_may_take_a_list_along(client, clinic, role):
    wanted = factories.episode(factories.client("Rahasia Sekali", nik=NIK), clinic).client
    client.force_login(factories.user(role, clinic if ROLES[role].at_facility else clinic.unit))
    answer = client.post(URL, IDENTIFIED)
    may = {Permission.SEE_CLIENTS, Permission.SEE_MEMBERS} <= ROLES[role].permissions
    assert answer.status_code == (200 if may else 403)
    text = b"".join(answer).decode() if answer.streaming else answer.content.decode()
    assert (wanted.code in text) == may
    assert ("Rahasia" in text) == (role in {Role.COUNSELOR, Role.DOCTOR, Role.NURSE})  # the region's staff have codes


def test_the_nations_staff_take_codes_and_others_nothing(client, clinic):
    wanted = factories.episode(factories.client("Rahasia Sekali"), clinic).client
    client.force_login(factories.user(Role.UNIT_STAFF, factories.unit("BNN")))
    text = taken(client.post(URL, IDENTIFIED))
    assert wanted.code in text
    assert "Rahasia" not in text
    for role, at in ((Role.COUNSELOR, factories.facility()), (Role.UNIT_STAFF, factories.unit("BNNP-51"))):
        client.force_login(factories.user(role, at))
        assert client.post(f"{URL}?facility={clinic.pk}", IDENTIFIED).status_code == 422  # nobody fits


def test_whoever_downloads_without_end_waits(client, sri, clinic, monkeypatch):
    monkeypatch.setattr("clients.views.exports.EXPORTS_AN_HOUR", 1)
    factories.episode(at=clinic)
    answers = [client.post(URL, ASKED).status_code for _ in range(3)]
    assert answers[-1] == 422
