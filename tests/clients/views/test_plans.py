from datetime import date

import pytest
from django.urls import reverse

from clients import plan_panels
from clients.actions import plans
from clients.enums import PlanStatus
from clients.models import TreatmentPlan
from rehab import worklists
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.actions.test_plans import AGREED, SABU, WORK, agreed
from tests.clients.meetings import in_treatment

pytestmark = pytest.mark.django_db
SECRET = WORK.problem


@pytest.fixture
def treatment():
    return in_treatment(factories.facility())


@pytest.fixture
def sri(client, treatment):
    user = factories.user(Role.COUNSELOR, treatment.facility)
    client.force_login(user)
    return user


def goals(*rows: dict, initial: int = 0) -> dict:
    fields = {"goal-TOTAL_FORMS": str(len(rows)), "goal-INITIAL_FORMS": str(initial)}
    for number, row in enumerate(rows):
        fields |= {f"goal-{number}-{name}": value for name, value in row.items()}
    return fields


TYPED = {
    "area": "work", "problem": SECRET, "goal": "Bekerja lagi", "measures": "Pelatihan las", "due_on": "2199-01-01",
}  # fmt: skip
EMPTY = {"area": "substance", "problem": "", "goal": "", "measures": "", "due_on": ""}


def test_a_plan_is_written_agreed_and_shown(client, sri, treatment):
    page = reverse("clients:plans", args=[treatment.client.code])
    assert "Belum ada rencana" in client.get(page).content.decode()
    start = reverse("clients:draft_plan", args=[treatment.pk])
    answers = [client.post(start, {"form_token": "satu"}) for _ in range(2)]
    assert len({answer["Location"] for answer in answers}) == 1
    plan = TreatmentPlan.objects.get()
    write = reverse("clients:write_plan", args=[plan.pk])
    assert client.get(write).status_code == 200
    typed = goals({**TYPED, "due_on": "2027-01-01"}, EMPTY) | {"edit": "1", "review_on": "2026-12-24"}
    assert client.post(write, typed | {"more": "1"})["Location"] == write
    agree = reverse("clients:agree_plan", args=[plan.pk])
    assert client.post(write, typed | {"edit": "2"})["Location"] == agree
    assert SECRET in client.get(agree).content.decode()
    assert client.post(agree, {"edit": "3", "agreed_on": f"{treatment.facility.local_date()}"})["Location"] == page
    plan.refresh_from_db()
    assert (plan.status, plan.goals.count()) == (PlanStatus.AGREED, 1)
    assert "berlaku" in client.get(page).content.decode()


def test_what_is_missing_is_said_and_what_was_typed_stays(client, sri, treatment):
    plan = plans.draft(by=sri, treatment=treatment)
    write = reverse("clients:write_plan", args=[plan.pk])
    page = client.post(write, goals({**TYPED, "problem": ""}) | {"edit": "1"})
    assert page.context["goals"].forms[0].errors["problem"]
    assert "Pelatihan las" in page.content.decode()
    plans.write(by=sri, plan=plan, edit=1, goals=[SABU], review_on=None)
    text = client.post(write, goals({**TYPED, "due_on": "2027-01-01"}) | {"edit": "1"}).content.decode()
    assert "Rekan Anda" in text
    assert SABU.problem in text
    assert SECRET in text
    client.post(write, {"edit": "2", "goal-TOTAL_FORMS": "9999", "goal-INITIAL_FORMS": "x"})
    assert plan.goals.count() == 1


def test_a_plan_is_revised_and_a_goal_judged(client, sri, treatment):
    plan = agreed(sri, treatment)
    judge = reverse("clients:judge_goal", args=[plan.goals.first().pk])
    page = client.post(judge, {"result": "reached", "note": ""}, follow=True).content.decode()
    assert "tercapai" in page
    assert "Sebutkan mengapa" in client.post(judge, {"result": "missed"}, follow=True).content.decode()
    assert "Pilih hasilnya" in client.post(judge, {"result": "perhaps"}, follow=True).content.decode()
    revise = reverse("clients:revise_plan", args=[plan.pk])
    assert client.get(revise).status_code == 200
    answer = client.post(revise, {"reason": "Pindah kerja"})
    draft = TreatmentPlan.objects.get(version=2)
    assert answer["Location"] == reverse("clients:write_plan", args=[draft.pk])
    assert client.get(answer["Location"]).context["form"]["reason"].value() == "Pindah kerja"
    client.post(reverse("clients:discard_plan", args=[draft.pk]))
    assert TreatmentPlan.objects.get() == plan


@pytest.mark.parametrize("role", [Role.CLERK, Role.CORRECTIONS, Role.FACILITY_ADMIN])
def test_a_plan_is_for_care_staff_only(client, sri, treatment, role):
    plan = agreed(sri, treatment)
    client.force_login(factories.user(role, treatment.facility))
    assert client.get(reverse("clients:plans", args=[treatment.client.code])).status_code == 404
    for name in ("write_plan", "agree_plan", "revise_plan", "discard_plan"):
        assert client.post(reverse(f"clients:{name}", args=[plan.pk])).status_code in {404, 405}
    assert SECRET not in client.get(reverse("clients:client", args=[treatment.client.code])).content.decode()


def test_a_stranger_and_the_unit_learn_nothing(client, sri, treatment):
    plan = agreed(sri, treatment)
    for user in (
        factories.user(Role.COUNSELOR, factories.facility()),
        factories.user(Role.UNIT_STAFF, treatment.facility.unit),
    ):
        client.force_login(user)
        assert client.get(reverse("clients:plans", args=[treatment.client.code])).status_code == 404
        assert client.get(reverse("clients:agree_plan", args=[plan.pk])).status_code == 404


def test_every_look_is_recorded(client, sri, treatment):
    client.get(reverse("clients:plans", args=[treatment.client.code]))
    assert AuditEvent.objects.filter(verb="treatment_plan.opened", client_code=treatment.client.code).count() == 1


def test_the_way_asks_for_a_plan_and_tells_when_it_was_agreed(sri, treatment):
    client, episode = treatment.client, treatment.episode
    (step,) = plan_panels.steps(sri, client, episode)
    assert step.label == "Tulis rencana terapi"
    plan = agreed(sri, treatment)
    assert plan_panels.steps(sri, client, episode) == []
    (entry,) = plan_panels.timeline(sri, client)
    assert (entry.on, entry.title, entry.chip) == (AGREED, "Rencana terapi disetujui", "berlaku")
    plans.revise(by=sri, plan=plan, reason="Baru")
    (step,) = plan_panels.steps(sri, client, episode)
    assert step.label == "Selesaikan rencana terapi"
    assert plan_panels.timeline(factories.user(Role.CLERK, treatment.facility), client) == []


def test_a_plan_to_look_at_again_is_due(sri, treatment):
    plan = agreed(sri, treatment)
    plan.review_on = date(2019, 4, 1)
    plan.save()
    for day, urgent in ((date(2019, 4, 2), False), (date(2019, 4, 9), True)):
        ((item,),) = [block.items for block in worklists.told(sri, day, "tinjau-rencana")]
        assert item.title.startswith(treatment.client.code)
        assert (item.when, item.urgent) == (date(2019, 4, 1), urgent)
    assert worklists.told(sri, date(2019, 3, 20), "tinjau-rencana") == []
    assert worklists.told(factories.user(Role.CLERK, treatment.facility), date(2019, 4, 2), "tinjau-rencana") == []


def test_the_page_takes_as_many_queries_for_one_goal_as_for_three(client, sri, treatment, django_assert_num_queries):
    url = reverse("clients:plans", args=[treatment.client.code])
    plan = agreed(sri, treatment, WORK)
    client.get(url)
    with django_assert_num_queries(17):
        client.get(url)
    second = plans.revise(by=sri, plan=plan, reason="Lagi")
    second = plans.write(by=sri, plan=second, edit=1, goals=[WORK, SABU, WORK], review_on=None, reason="Lagi")
    plans.agree(by=sri, plan=second, edit=second.edit, agreed_on=date(2019, 3, 9))
    with django_assert_num_queries(17):
        client.get(url)
