from datetime import date

import pytest
import time_machine
from django.urls import reverse

from clients.models import DropOutDelay, WarningLetter
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients import meetings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def thirty_days_later():
    with time_machine.travel("2019-03-31 04:00", tick=False):
        yield


@pytest.fixture
def clinic():
    return factories.facility(of=factories.unit("BNNP-53"))


@pytest.fixture
def inside(client, clinic):
    client.force_login(factories.user(Role.COUNSELOR, clinic, name="Sri Contoh"))
    return client


@pytest.fixture
def treatment(clinic):
    return meetings.in_treatment(clinic)


def at(name, treatment):
    return reverse(f"clients:{name}", args=[treatment.pk])


def test_from_the_list_to_the_facts_the_letter_and_its_paper(inside, treatment):
    assert at("silence", treatment) in inside.get(reverse("clients:out_of_touch")).content.decode()
    page = inside.get(at("silence", treatment)).content.decode()
    assert "30 hari yang lalu" in page
    assert "Buat SP-1" in page
    assert "Tutup sebagai drop out" in page
    posted = {"level": "1", "addressee": "family", "form_token": "a"}
    first, second = (
        inside.post(at("write_letter", treatment), posted),
        inside.post(at("write_letter", treatment), posted),
    )
    assert first["Location"] == second["Location"] == at("silence", treatment)
    letter = WarningLetter.objects.get()
    page = inside.get(at("silence", treatment)).content.decode()
    assert letter.reference in page
    assert "SP-2 dapat dibuat mulai 7 April 2019" in page
    paper = inside.get(reverse("clients:letter", args=[letter.pk]))
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    assert AuditEvent.objects.get(verb="letter.printed").client_code == treatment.client.code
    timeline = inside.get(reverse("clients:client", args=[treatment.client.code])).content.decode()
    assert "Surat peringatan SP-1" in timeline


def test_of_two_tabs_the_second_letter_is_refused_with_a_sentence(inside, treatment):
    posted = {"level": "1", "addressee": "client"}
    inside.post(at("write_letter", treatment), posted)
    response = inside.post(at("write_letter", treatment), posted)
    assert response.status_code == 422
    assert "SP-1 sudah dibuat" in response.content.decode()


@pytest.mark.parametrize("posted", [{}, {"level": "3"}, {"level": "9", "addressee": "client"},
                                    {"level": "1", "addressee": "polisi"}, {"level": "satu", "addressee": "client"}])  # fmt: skip
def test_what_nobody_offered_is_not_written(inside, treatment, posted):
    assert inside.post(at("write_letter", treatment), posted).status_code == 422
    assert not WarningLetter.objects.exists()


def test_not_yet_needs_a_day_and_a_reason_and_then_stands_there(inside, treatment):
    response = inside.post(at("put_off", treatment), {"silent_until": "2019-03-31", "reason": ""})
    assert response.status_code == 422
    assert response.context["delay_form"].errors.keys() == {"reason"}
    response = inside.post(at("put_off", treatment), {"silent_until": "2099-01-01", "reason": "Sakit"})
    assert response.context["delay_form"].errors.keys() == {"silent_until"}
    inside.post(at("put_off", treatment), {"silent_until": "2019-04-10", "reason": "Menjaga ibunya"})
    assert DropOutDelay.objects.get().silent_until == date(2019, 4, 10)
    page = inside.get(at("silence", treatment)).content.decode()
    assert "Sri Contoh" in page
    assert "Menjaga ibunya" in page
    assert at("silence", treatment) not in inside.get(reverse("clients:out_of_touch")).content.decode()
    steps = inside.get(reverse("clients:client", args=[treatment.client.code])).content.decode()
    assert "Putuskan drop out" not in steps
    assert "Belum drop out sebelum 10 April 2019" in steps


def test_a_treatment_that_ended_shows_its_letters_and_asks_nothing(inside, treatment):
    inside.post(at("write_letter", treatment), {"level": "1", "addressee": "client"})
    treatment.ended_on, treatment.outcome = date(2019, 3, 31), "drop_out"
    treatment.save()
    page = inside.get(at("silence", treatment)).content.decode()
    assert "Layanan ini tidak sedang berjalan" in page
    assert "001/SP-1" in page
    assert inside.post(at("write_letter", treatment), {"level": "2", "addressee": "client"}).status_code == 422


@pytest.mark.parametrize("role", [Role.CLERK, Role.UNIT_STAFF, Role.COUNSELOR])
def test_others_learn_nothing(client, clinic, inside, treatment, role):
    inside.post(at("write_letter", treatment), {"level": "1", "addressee": "client"})
    elsewhere = {Role.CLERK: clinic, Role.UNIT_STAFF: clinic.unit}.get(role) or factories.facility()
    client.force_login(factories.user(role, elsewhere))
    assert client.get(at("silence", treatment)).status_code == 404
    assert client.post(at("put_off", treatment), {}).status_code == 404
    assert client.post(at("write_letter", treatment), {}).status_code == 404
    assert client.get(reverse("clients:letter", args=[WarningLetter.objects.get().pk])).status_code == 404


def test_the_page_costs_the_same_with_many_letters(inside, treatment, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        inside.get(at("silence", treatment))
