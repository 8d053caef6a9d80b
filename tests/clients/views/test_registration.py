from datetime import date

import pytest
from django.urls import reverse

from clients.models import Client, Identity
from clients.queries import identity_of
from rehab.models import AuditEvent, Draft
from rehab.roles import Role
from tests import factories
from tests.clients.people import NIK, andi, registered
from tests.drafting import hidden, keep

pytestmark = pytest.mark.django_db
URL = reverse("clients:register")


@pytest.fixture
def clinic():
    return factories.facility()


@pytest.fixture
def clerk(clinic, client):
    user = factories.user(Role.CLERK, clinic)
    client.force_login(user)
    return user


def typed(**changes) -> dict:
    values = {
        "nik": "5371 0117 0595 0001",
        "name": "Andi Contoh",
        "sex": "M",
        "birth_date": "1995-05-17",
        "admission": "voluntary",
        "opened_on": "2019-02-01",
        "consent_scope": "care",
    }
    return values | changes


def test_the_form_opens_and_a_complete_one_leads_to_the_client(client, clerk):
    assert client.get(URL).status_code == 200
    response = client.post(URL, typed())
    made = Client.objects.get()
    assert response.url == reverse("clients:client", args=[made.code])
    assert identity_of(made).nik == NIK


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nik": "123"}, "nik"),
        ({"nik": "0071011705950001"}, "nik"),
        ({"nik": "5300011705950001"}, "nik"),
        ({"nik": "5371019902950001"}, "nik"),
        ({"nik": "5371011705950000"}, "nik"),
        ({"nik": ""}, "nik"),
        ({"name": "x" * 10_000}, "name"),
        ({"name": "\x00"}, "name"),
        ({"name": "😀"}, "name"),
        ({"name": "Andi 😀"}, "name"),
        ({"address": "x" * 10_000}, "address"),
        ({"phone": "nol delapan"}, "phone"),
        ({"birth_date": "1899-01-01"}, "birth_date"),
        ({"birth_date": "2999-01-01"}, "birth_date"),
        ({"birth_date": "31-02-1995"}, "birth_date"),
        ({"birth_date": ""}, "birth_date"),
        ({"birth_date": "", "age": "-1"}, "age"),
        ({"opened_on": "1999-12-31"}, "opened_on"),
        ({"opened_on": "2999-12-31"}, "opened_on"),
        ({"admission": "court"}, "referrer"),
        ({"admission": "window"}, "admission"),
        ({"consent_scope": ""}, "consent_scope"),
        ({"birth_date": "2005-05-17"}, "guardian_name"),
        ({"sex": "X"}, "sex"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_nothing_typed_is_lost(client, clerk, changes, field):
    response = client.post(URL, typed(mother_name="Ibu Contoh", **changes))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert "Ibu Contoh" in response.content.decode()
    assert not Client.objects.exists()


def test_an_age_alone_and_nothing_at_all_are_enough(client, clerk):
    client.post(URL, typed(birth_date="", age="30", nik="", no_nik_reason="not_brought"))
    assert Client.objects.get().birth_year == date.today().year - 30
    client.post(URL, typed(birth_date="", birth_unknown="on", nik="", no_nik_reason="unknown", name="Budi Contoh"))
    assert Client.objects.first().birth_year is None


def test_a_nik_that_says_something_else_only_warns(client, clerk):
    response = client.post(URL, typed(sex="F", birth_date="1990-01-01"), follow=True)
    assert Client.objects.count() == 1
    assert len([message for message in response.context["messages"] if message.level_tag == "warning"]) == 2


def test_a_double_click_registers_one_client(client, clerk):
    page = client.get(URL).content.decode()
    token = page.split('name="form_token" value="')[1].split('"')[0]
    answers = [client.post(URL, typed(form_token=token)) for _ in range(2)]
    assert Client.objects.count() == 1
    assert answers[0].url == answers[1].url


def test_a_known_client_is_shown_and_asked_about_before_a_second_registration(client, clerk, clinic):
    known = registered(clerk, clinic, andi()).client
    response = client.post(URL, typed())
    assert known.code in response.content.decode()
    assert "different" in response.context["form"].errors
    assert client.post(URL, typed(different="on")).status_code == 302
    assert Client.objects.count() == 2


def test_a_client_of_another_facility_is_never_shown(client, clerk):
    there = factories.facility()
    other = registered(factories.user(Role.CLERK, there), there, andi()).client
    response = client.post(
        reverse("clients:check_matches"), {"nik": NIK, "name": "Andi Contoh", "birth_date": "1995-05-17"}
    )
    assert response.content.strip() == b""
    response = client.post(URL, typed(), follow=True)
    page = response.content.decode()
    assert "Mungkin ada kecocokan" in page
    assert other.code not in page
    assert there.name not in page


def test_live_checks_answer_with_a_sentence_each(client, clerk, clinic):
    registered(clerk, clinic, andi())
    url = reverse("clients:check_nik")
    assert "laki-laki, lahir 17 Mei 1995" in client.post(url, {"nik": NIK}).content.decode()
    assert "chip-attention" in client.post(url, {"nik": NIK, "sex": "F"}).content.decode()
    assert "invalid-feedback" in client.post(url, {"nik": "12"}).content.decode()
    assert client.post(url, {"nik": ""}).content.strip() == b""
    page = client.post(reverse("clients:check_matches"), {"nik": NIK, "birth_date": "x"}).content.decode()
    assert "NIK sama" in page
    assert client.get(url).status_code == 405


def test_the_comparison_tires_of_too_many_questions(client, clerk, monkeypatch):
    monkeypatch.setattr("clients.views.registration.CHECKS_A_MINUTE", 1)
    url = reverse("clients:check_matches")
    client.post(url, {"name": "Andi"})
    assert "berkali-kali" in client.post(url, {"name": "Andi"}).content.decode()


def test_what_is_typed_is_kept_encrypted_restored_and_gone_after_saving(client, clerk):
    page = client.get(URL).content.decode()
    assert keep(client, page, typed(mother_name="Ibu Contoh\x00")).status_code == 200
    assert b"Contoh" not in bytes(Draft.objects.get().content)
    assert "Ibu Contoh" in client.get(URL).content.decode()
    client.post(URL, typed(draft=hidden(page, "draft")))
    assert not Draft.objects.exists()


@pytest.mark.parametrize("role", [Role.UNIT_STAFF, Role.ANALYST, Role.UNIT_ADMIN])
def test_only_a_post_at_a_facility_registers(client, role):
    client.force_login(factories.user(role, factories.unit()))
    assert client.get(URL).status_code == 403
    assert client.post(URL, typed()).status_code == 403
    assert not Identity.objects.exists()


def test_no_identity_ends_in_the_audit_trail(client, clerk):
    client.post(URL, typed())
    written = " ".join(str(row) for row in AuditEvent.objects.values_list("data", "reason", "subject_id"))
    assert NIK not in written
    assert "Andi" not in written
