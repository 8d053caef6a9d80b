import pytest
from django.urls import reverse

from aftercare.enums import SurveyElement
from aftercare.models import SatisfactionSheet, SatisfactionSurvey
from rehab.roles import Role
from tests import factories
from tests.aftercare import makers


@pytest.fixture
def treatment(clinic):
    return makers.under_way(clinic)


@pytest.fixture
def address(treatment):
    return reverse("aftercare:survey", args=[treatment.pk])


@pytest.fixture
def inside(client, counselor):
    client.force_login(counselor)
    return client


def answers(**changes):
    return dict.fromkeys(SurveyElement.values, "3") | {"form_token": "t"} | changes


def test_the_page_for_the_client_names_nobody_and_says_that_answers_are_anonymous(inside, address, treatment):
    page = inside.get(address).content.decode()
    assert "Jawaban Anda anonim" in page
    assert treatment.client.code not in page.split("<main")[1]
    assert page.count('type="radio"') == 36


def test_answers_are_kept_once_and_lead_back_to_closing(inside, address, treatment):
    first, second = inside.post(address, answers(cost="")), inside.post(address, answers(cost=""))
    assert first["Location"] == second["Location"] == reverse("aftercare:close", args=[treatment.pk])
    sheet = SatisfactionSheet.objects.get()
    assert (sheet.cost, sheet.time) == (None, 3)
    # Back button: the page shows that it was answered, never what.
    page = inside.get(address).content.decode()
    assert "checked" not in page
    assert "Survei sudah dijawab" in page


def test_two_tabs_answer_once(inside, address):
    inside.post(address, answers(form_token="a"))
    response = inside.post(address, answers(form_token="b"))
    assert response.status_code == 200
    assert SatisfactionSheet.objects.count() == 1


def test_declining_needs_no_answer(inside, address, treatment):
    inside.post(address, {"decline": "1", "form_token": "d"})
    assert SatisfactionSurvey.objects.get(treatment=treatment).given is False
    assert "tidak bersedia" in inside.get(reverse("aftercare:close", args=[treatment.pk])).content.decode()


@pytest.mark.parametrize("changes", [{"time": "5"}, {"time": "0"}, {"time": "-1"}, {"time": "4; DROP"}, {"time": "٤"}])
def test_what_is_out_of_range_is_said_at_its_question(inside, address, changes):
    response = inside.post(address, answers(**changes))
    assert response.context["form"].errors.keys() == {"time"}
    assert not SatisfactionSheet.objects.exists()


def test_too_few_answers_come_back_with_what_was_chosen(inside, address):
    posted = dict.fromkeys(list(SurveyElement.values)[:4], "2") | {"form_token": "x"}
    page = inside.post(address, posted).content.decode()
    assert "Sedikitnya lima" in page
    assert page.count(" checked") == 4


@pytest.mark.parametrize("role", [Role.CLERK, Role.COUNSELOR, Role.UNIT_STAFF])
def test_others_learn_nothing(client, clinic, address, role):
    elsewhere = clinic.unit if role == Role.UNIT_STAFF else clinic if role == Role.CLERK else factories.facility()
    client.force_login(factories.user(role, elsewhere))
    assert client.get(address).status_code == 404
    assert client.post(address, answers()).status_code == 404
    assert not SatisfactionSurvey.objects.exists()
