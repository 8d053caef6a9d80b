from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from aftercare.actions import plans
from aftercare.enums import PlanStatus, Relapse, Urine
from aftercare.models import AftercarePlan
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.aftercare import makers

LIST = "/pasca/"


@pytest.fixture
def inside(client, counselor):
    client.force_login(counselor)
    return client


def shown(response) -> list[AftercarePlan]:
    return [row.plan for row in response.context["rows"]]


def test_filters_tell_plans_apart(inside, counselor, clinic):
    today = timezone.localdate()
    late = makers.plan(counselor, clinic, today - timedelta(days=45))
    calm = makers.plan(counselor, clinic, today)
    ready = makers.plan(counselor, clinic)
    for row in ready.follow_ups.all():
        makers.record(counselor, row, row.due_on)
    ended = makers.plan(counselor, clinic)
    makers.relapsed(counselor, ended.follow_ups.first(), date(2019, 9, 30))
    assert shown(inside.get(LIST)) == [late, calm]
    assert shown(inside.get(LIST, {"show": "overdue"})) == [late]
    assert shown(inside.get(LIST, {"show": "ready"})) == [ready]
    assert shown(inside.get(LIST, {"show": "ended"})) == [ended]
    assert shown(inside.get(LIST, {"show": "bukan saringan"})) == [late, calm]


def test_a_row_says_how_late_and_what_was_found_last(inside, counselor, clinic):
    plan = makers.plan(counselor, clinic, timezone.localdate() - timedelta(days=70))
    first = plan.follow_ups.first()
    makers.record(counselor, first, first.due_on, relapse=Relapse.NO)
    page = inside.get(LIST).content.decode()
    assert plan.client.code in page
    assert "A. C." in page
    assert "Andi Contoh" not in page
    assert "Tidak kambuh" in page
    assert "terlambat" in page


def test_the_list_takes_the_same_queries_for_one_ten_and_a_hundred(
    inside, counselor, clinic, django_assert_max_num_queries
):
    counts = []
    for wanted in (1, 10, 100):
        while AftercarePlan.objects.count() < wanted:
            makers.plan(counselor, clinic, date(2026, 3, 1))
        with django_assert_max_num_queries(12) as taken:
            response = inside.get(LIST)
        assert len(shown(response)) == min(wanted, 50)
        counts.append(len(taken))
    assert counts[0] == counts[1] == counts[2]


def test_pages_follow_each_other_without_a_gap(inside, counselor, clinic):
    made = [makers.plan(counselor, clinic, date(2026, 3, 1)) for _ in range(52)]
    first = inside.get(LIST)
    second = inside.get(first.context["page"].next_url)
    assert shown(first) + shown(second) == made


def test_nothing_to_show_says_what_to_expect(inside):
    assert "Tidak ada pascarehabilitasi yang berjalan" in inside.get(LIST).content.decode()


def test_the_plan_page_names_what_is_due_and_records_the_look(inside, counselor, clinic):
    plan = makers.plan(counselor, clinic)
    page = inside.get(reverse("aftercare:plan", args=[plan.pk])).content.decode()
    assert reverse("aftercare:follow_up", args=[plan.follow_ups.first().pk]) in page
    event = AuditEvent.objects.get(verb="aftercare.opened")
    assert (event.actor_id, event.client_code, event.subject_id) == (counselor.pk, plan.client.code, str(plan.pk))


def test_a_relapse_leads_to_a_new_episode(inside, counselor, clinic):
    plan = makers.plan(counselor, clinic)
    plan.client.episodes.update(status="closed", closed_on=makers.ENDED, outcome="completed")
    makers.relapsed(counselor, plan.follow_ups.first(), date(2019, 9, 30))
    page = inside.get(reverse("aftercare:plan", args=[plan.pk])).content.decode()
    assert "Kambuh membuka asesmen dan episode baru." in page
    assert reverse("clients:open_again", args=[plan.client.code]) in page


def test_unit_staff_see_a_summary_and_record_nothing(client, counselor, clinic):
    plan = makers.plan(counselor, clinic)
    row = makers.record(
        counselor, plan.follow_ups.first(), date(2019, 9, 30), urine=Urine.NEGATIVE, note="Rahasia kecil"
    )
    client.force_login(factories.user(Role.UNIT_STAFF, clinic.unit))
    page = client.get(reverse("aftercare:plan", args=[plan.pk])).content.decode()
    assert "Ada kontak" in page
    assert "Rahasia kecil" not in page
    assert "Negatif" not in page
    assert clinic.name in client.get(LIST, {"show": "running"}).content.decode()
    for name, pk in [("follow_up", row.pk), ("extra", plan.pk), ("end", plan.pk), ("reopen", plan.pk)]:
        assert client.get(reverse(f"aftercare:{name}", args=[pk])).status_code == 404
    assert reverse("aftercare:end", args=[plan.pk]) not in page


@pytest.mark.parametrize("role", [Role.COUNSELOR, Role.UNIT_STAFF])
def test_people_of_another_place_see_nothing(client, counselor, clinic, role):
    plan = makers.plan(counselor, clinic)
    other = factories.unit("BNNP-51")
    client.force_login(factories.user(role, other if role == Role.UNIT_STAFF else factories.facility(of=other)))
    assert shown(client.get(LIST)) == []
    for name in ("plan", "end", "reopen", "extra"):
        assert client.get(reverse(f"aftercare:{name}", args=[plan.pk])).status_code == 404
    assert client.get(reverse("aftercare:follow_up", args=[plan.follow_ups.first().pk])).status_code == 404


@pytest.mark.parametrize("role", [Role.CLERK, Role.CORRECTIONS, Role.FACILITY_ADMIN, Role.UNIT_ADMIN, Role.ANALYST])
def test_roles_without_clinical_sight_have_no_aftercare(client, counselor, clinic, role):
    plan = makers.plan(counselor, clinic)
    at_unit = role in (Role.UNIT_ADMIN, Role.ANALYST)
    client.force_login(factories.user(role, clinic.unit if at_unit else clinic))
    assert client.get(LIST).status_code == 403
    assert client.get(reverse("aftercare:plan", args=[plan.pk])).status_code == 404


def test_a_plan_is_ended_and_opened_again(inside, counselor, clinic):
    plan = makers.plan(counselor, clinic)
    end = reverse("aftercare:end", args=[plan.pk])
    refused = inside.post(end, {"status": "lost", "ended_on": "2020-03-01", "reason": ""})
    assert refused.context["form"].errors.keys() == {"reason"}
    inside.post(end, {"status": "lost", "ended_on": "2020-03-01", "reason": "Nomor mati"})
    plan.refresh_from_db()
    assert (plan.status, plan.end_note) == (PlanStatus.LOST, "Nomor mati")
    inside.post(reverse("aftercare:reopen", args=[plan.pk]), {"reason": "Menelepon kembali"})
    plan.refresh_from_db()
    assert plan.is_open


def test_a_second_plan_links_to_the_first(inside, counselor, clinic):
    plan = makers.plan(counselor, clinic)
    newer = plans.start(by=counselor, client=plan.client, facility=clinic, starts_on=date(2020, 1, 1))
    page = inside.get(reverse("aftercare:plan", args=[newer.pk])).content.decode()
    assert reverse("aftercare:plan", args=[plan.pk]) in page
