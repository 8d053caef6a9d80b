from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from aftercare import panels
from aftercare.models import AftercarePlan
from assessments.enums import AssessmentStatus
from assessments.models import Assessment
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


def begun(treatment):
    return Assessment.objects.create(
        client=treatment.client, episode=treatment.episode, facility=treatment.facility, instrument="whoqol_bref",
        version="26", status=AssessmentStatus.COMPLETED, administered_on=date(2019, 3, 1), completed_at=timezone.now(),
        completed_by=factories.user(),
    )  # fmt: skip


def test_going_to_measure_once_more_keeps_what_was_typed_and_leads_back(inside, address, treatment, counselor):
    begun(treatment)
    assert "Ukur sekarang" in inside.get(address).content.decode()
    response = inside.post(address, posted(first="whoqol_bref", note="Selesai dengan baik"))
    draft = Assessment.objects.get(status=AssessmentStatus.DRAFT)
    assert response["Location"] == reverse("assessments:fill", args=[draft.pk])
    assert (draft.instrument, draft.episode, draft.facility) == ("whoqol_bref", treatment.episode, treatment.facility)
    # A double click begins nothing twice.
    assert inside.post(address, posted(first="whoqol_bref"))["Location"] == response["Location"]
    assert Assessment.objects.count() == 2
    page = inside.get(address).content.decode()
    assert "Selesai dengan baik" in page
    assert "Lanjutkan pengukuran" in page
    onwards = panels.closing_under_way(counselor, treatment.client)
    assert [each.url for each in onwards] == [address]
    assert panels.closing_under_way(factories.user(Role.COUNSELOR, treatment.facility), treatment.client) == []


@pytest.mark.parametrize("what", ["assist", "bam", "no-such", "survey\u202e"])
def test_only_what_is_asked_for_can_be_begun_from_here(inside, address, what):
    assert inside.post(address, posted(first=what)).status_code == 404
    assert not Assessment.objects.exists()


def test_the_survey_is_offered_and_what_was_typed_stays(inside, address, treatment):
    response = inside.post(address, posted(first="survey", note="Catatan yang tidak hilang"))
    assert response["Location"] == reverse("aftercare:survey", args=[treatment.pk])
    assert "Catatan yang tidak hilang" in inside.get(address).content.decode()


def test_a_missing_measure_is_said_at_its_field_and_can_be_skipped(inside, address, treatment):
    begun(treatment)
    assert inside.post(address, posted()).context["form"].errors.keys() == {"skip_reason"}
    assert inside.post(address, posted(skip_reason="Klien tidak bersedia", form_token="b")).status_code == 302


def test_of_two_tabs_the_second_learns_that_it_has_ended(inside, address, treatment):
    inside.post(address, posted())
    response = inside.post(address, posted(form_token="b", outcome="moved", note="Pindah"))
    assert response.status_code == 200
    assert "Layanan ini sudah berakhir" in response.content.decode()
    treatment.refresh_from_db()
    assert treatment.outcome == Outcome.COMPLETED
    # The back button shows the page as it is now.
    assert 'name="ended_on"' not in inside.get(address).content.decode()


@pytest.mark.parametrize("day", ["2019-01-01", "2099-01-01", "31-13-2019", "kemarin", ""])
def test_a_day_that_cannot_be_is_told_at_its_field(inside, address, treatment, day):
    assert inside.post(address, posted(ended_on=day)).context["form"].errors.keys() == {"ended_on"}
    treatment.refresh_from_db()
    assert treatment.is_open
