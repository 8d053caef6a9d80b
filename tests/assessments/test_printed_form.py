import pytest
from django.urls import reverse
from django.utils import translation

from assessments.instruments import registry
from assessments.printed_form import form_data, form_pdf
from clients.actions import identity
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.assessments.makers import SABU, completed, counselor
from tests.assessments.wajib_lapor import FILLED

pytestmark = pytest.mark.django_db
NIK = "5371011705959001"


@pytest.fixture
def episode():
    return factories.episode(factories.client("Budi Contoh", nik=NIK))


@pytest.fixture
def by(episode, client):
    found = counselor(episode)
    client.force_login(found)
    return found


@pytest.fixture
def done(episode, by):
    return completed(episode, by, FILLED, instrument="wajib_lapor")


def part(data, title):
    return next(each for each in data["parts"] if each["title"] == title)


def test_the_ministrys_form_stands_in_its_tables(done):
    data = form_data(done)
    used = part(data, "Pernah memakai")
    assert used["columns"] == [
        "Pernah memakai", "Hari pakai dalam 30 hari terakhir", "Tahun pakai sepanjang hidup", "Cara pakai",
    ]  # fmt: skip
    assert ["Heroin", "Tidak", "", "", ""] in used["rows"]
    assert ["Amfetamin", "Ya", "12", "2,5", "Dihisap/dibakar"] in used["rows"]
    assert len(part(data, "Konflik serius")["rows"]) == 9
    assert data["notices"][0] == "Pikiran atau percobaan bunuh diri"
    assert len(part(data, "Keparahan masalah")["rows"]) == 6
    assert data["scores"] == []


def test_no_name_stands_on_it_unless_it_was_revealed(done, by):
    assert "Budi" not in str(form_data(done))
    known = identity.reveal(by=by, client=done.client, reason="uji")
    facts = dict(form_data(done, known)["facts"])
    assert (facts["Nama"], facts["NIK"]) == ("Budi Contoh", NIK)


def test_it_is_indonesian_whatever_the_screen_is(done):
    with translation.override("en"):
        assert form_data(done)["title"] == "Formulir asesmen wajib lapor"


def test_it_can_be_printed_and_is_the_same_each_time(done):
    first = form_pdf(done)
    assert first.startswith(b"%PDF-")
    assert first == form_pdf(done)


@pytest.mark.parametrize("key", ["assist"])
def test_any_instrument_has_its_form(episode, by, key):
    assert registry.get(key).scales
    data = form_data(completed(episode, by, SABU))
    assert len(data["parts"][0]["columns"]) == 7
    assert data["scores"]


def test_printing_is_recorded_and_with_the_name_only_by_post(client, done):
    where = reverse("assessments:form", args=[done.pk])
    assert client.get(where)["Content-Type"] == "application/pdf"
    assert not AuditEvent.objects.filter(verb="identity.revealed").exists()
    assert client.post(where).content.startswith(b"%PDF-")
    assert AuditEvent.objects.filter(verb="identity.revealed").count() == 1
    assert AuditEvent.objects.filter(verb="assessment.printed").count() == 2


def test_a_stranger_prints_nothing(client, done):
    client.force_login(factories.user(Role.COUNSELOR, factories.facility()))
    where = reverse("assessments:form", args=[done.pk])
    assert {client.get(where).status_code, client.post(where).status_code} == {404}


def test_a_form_without_scores_has_a_result_page_and_no_feedback_sheet(client, done):
    text = client.get(reverse("assessments:result", args=[done.pk])).content.decode()
    assert reverse("assessments:feedback", args=[done.pk]) not in text
    assert "Pikiran atau percobaan bunuh diri" in text
    assert client.get(reverse("assessments:feedback", args=[done.pk])).status_code == 302
