from datetime import date

import pytest
from django.urls import reverse

from aftercare.models import AftercarePlan
from clients.enums import Outcome
from rehab.roles import Role
from tests import factories
from tests.aftercare import makers


@pytest.fixture
def treatment(clinic):
    return makers.under_way(clinic)


@pytest.fixture
def address(treatment):
    return reverse("aftercare:close", args=[treatment.pk])


@pytest.fixture
def inside(client, counselor):
    client.force_login(counselor)
    return client


def posted(**changes) -> dict[str, str]:
    return {"outcome": "completed", "ended_on": "2019-08-31", "note": "", "start_plan": "", "form_token": "a"} | changes


def test_the_page_says_what_each_outcome_means_and_what_follows(inside, address):
    page = inside.get(address).content.decode()
    assert "Klien meninggalkan tempat layanan tanpa izin." in page
    assert page.count("Rencana pascarehabilitasi 6 bulan dibuat.") == 1
    assert "Ini layanan terakhir yang masih terbuka" in page


def test_completing_leads_to_the_new_plan(inside, address, treatment):
    response = inside.post(address, posted())
    plan = AftercarePlan.objects.get()
    assert response["Location"] == reverse("aftercare:plan", args=[plan.pk])
    treatment.refresh_from_db()
    assert treatment.outcome == Outcome.COMPLETED


def test_a_double_click_closes_once_and_leads_to_the_same_place(inside, address):
    first, second = inside.post(address, posted()), inside.post(address, posted())
    assert first["Location"] == second["Location"]
    assert AftercarePlan.objects.count() == 1


def test_without_a_reason_the_form_comes_back_with_what_was_typed(inside, address, treatment):
    response = inside.post(address, posted(outcome="drop_out"))
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"note"}
    assert 'value="drop_out" id="id_outcome_1" checked' in " ".join(response.content.decode().split()).replace(
        " required", ""
    )
    treatment.refresh_from_db()
    assert treatment.is_open


def test_another_outcome_leads_back_to_the_client(inside, address, treatment):
    response = inside.post(address, posted(outcome="moved", note="Ke Bali"))
    assert response["Location"] == reverse("clients:client", args=[treatment.client.code])


@pytest.mark.parametrize("fields", [{"started_on": None}, {"ended_on": date(2019, 8, 31), "outcome": Outcome.MOVED}])
def test_what_cannot_be_closed_offers_no_form(inside, clinic, fields):
    treatment = makers.under_way(clinic, **fields)
    response = inside.get(reverse("aftercare:close", args=[treatment.pk]))
    assert response.status_code == 200
    assert b'name="outcome"' not in response.content


@pytest.mark.parametrize("role", [Role.COUNSELOR, Role.CLERK, Role.UNIT_STAFF, Role.FACILITY_ADMIN])
def test_others_learn_nothing(client, clinic, address, role):
    place = {Role.COUNSELOR: factories.facility(), Role.UNIT_STAFF: clinic.unit}.get(role, clinic)
    client.force_login(factories.user(role, place))
    assert client.get(address).status_code == 404
    assert client.post(address, posted()).status_code == 404
    assert AftercarePlan.objects.count() == 0
