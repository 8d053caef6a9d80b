from datetime import date

import pytest
from django.urls import reverse

from assessments.queries.problems import problems_of
from clients.actions import plans
from clients.enums import ProblemArea
from clients.models import TreatmentPlan
from rehab.roles import Role
from tests import factories
from tests.assessments.makers import completed

pytestmark = pytest.mark.django_db


@pytest.fixture
def treatment():
    episode = factories.episode()
    return factories.treatment(episode, started_on=date(2019, 3, 1))


@pytest.fixture
def sri(client, treatment):
    user = factories.user(Role.COUNSELOR, treatment.facility)
    client.force_login(user)
    return user


def test_a_plan_is_drafted_from_what_assessments_found(client, sri, treatment):
    completed(treatment.episode, sri, administered_on=date(2019, 2, 2))
    found = problems_of(treatment)
    assert {problem.area for problem in found} == {ProblemArea.SUBSTANCE}
    page = client.get(reverse("clients:plans", args=[treatment.client.code])).content.decode()
    url = reverse("assessments:draft_plan", args=[treatment.pk])
    assert url in page
    assert found[0].text in client.get(url).content.decode()
    answers = [client.post(url, {"problems": ["0"], "form_token": "satu"}) for _ in range(2)]
    plan = TreatmentPlan.objects.get()
    assert {answer["Location"] for answer in answers} == {reverse("clients:write_plan", args=[plan.pk])}
    assert [(goal.area, goal.problem) for goal in plan.goals.all()] == [(found[0].area, found[0].text)]
    assert "2 Februari 2019" in plan.source


def test_where_nothing_was_found_the_plan_begins_empty(client, sri, treatment):
    assert problems_of(treatment) == []
    url = reverse("assessments:draft_plan", args=[treatment.pk])
    assert url not in client.get(reverse("clients:plans", args=[treatment.client.code])).content.decode()
    assert client.post(url, {"problems": ["7"]}).context["form"].errors
    assert client.post(url, {}).status_code == 302
    assert TreatmentPlan.objects.get().goals.count() == 0


def test_a_treatment_with_a_plan_is_not_drafted_for_again(client, sri, treatment):
    plans.draft(by=sri, treatment=treatment)
    answer = client.post(reverse("assessments:draft_plan", args=[treatment.pk]), {}, follow=True)
    assert "Revisi saja" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.CLERK, Role.CORRECTIONS])
def test_only_who_treats_drafts_a_plan(client, treatment, role):
    client.force_login(factories.user(role, treatment.facility))
    assert client.get(reverse("assessments:draft_plan", args=[treatment.pk])).status_code == 404
