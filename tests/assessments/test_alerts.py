"""Safety alerts wait until a person answers them, whoever comes and goes meanwhile."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments import alert_panels
from assessments.actions import alerts, assessments
from assessments.models import SafetyAlert
from rehab import worklists
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.assessments.makers import NOTHING, SABU, completed, counselor
from tests.assessments.wajib_lapor import FILLED

pytestmark = pytest.mark.django_db

ANSWER = {"measure": "talked", "note": "Berbicara dengan klien; dilihat lagi besok."}


@pytest.fixture
def episode():
    return factories.episode()


@pytest.fixture
def by(episode, client):
    found = counselor(episode)
    client.force_login(found)
    return found


@pytest.fixture
def raised(episode, by):
    completed(episode, by)
    return SafetyAlert.objects.get()


def fresh(user):
    """As in the next request."""
    return type(user).objects.get(pk=user.pk)


def on_today(user):
    told = worklists.told(fresh(user), date(2026, 1, 1), "peringatan")
    return [str(item.title) for block in told for item in block.items]


def test_completing_raises_one_alert_for_each_answer_that_asks_for_it(episode, by):
    completed(episode, by, NOTHING)
    completed(episode, by, SABU)
    completed(episode, by, FILLED, instrument="wajib_lapor")
    assert list(SafetyAlert.objects.values_list("code", flat=True).order_by("pk")) == ["injecting", "self_harm"]
    assert AuditEvent.objects.filter(verb="alert.raised").count() == 2


def test_everyone_who_cares_there_has_it_at_once_and_until_it_is_answered(episode, by, raised):
    colleague = counselor(episode)
    for who in (by, colleague):
        assert len(on_today(who)) == 1
        assert "Menyuntik" in on_today(who)[0]
    alerts.take(by=colleague, alert=raised)
    assert len(on_today(by)) == 1
    alerts.answer(by=colleague, alert=raised, **ANSWER)
    assert on_today(by) == on_today(colleague) == []
    raised.refresh_from_db()
    assert (raised.answered_by, raised.handler, raised.is_open) == (colleague, colleague, False)


def test_it_is_not_lost_when_the_assessor_leaves(episode, by, raised):
    colleague = counselor(episode)
    alerts.take(by=by, alert=raised)
    by.postings.update(ends_on=episode.responsible_facility.local_date())
    by.is_active = False
    by.save()
    assert len(on_today(colleague)) == 1
    alerts.take(by=colleague, alert=raised)
    raised.refresh_from_db()
    assert raised.handler == colleague


def test_it_follows_the_client_to_the_facility_that_is_responsible_now(episode, by, raised):
    receiver = factories.user(Role.COUNSELOR, factories.facility())
    assert on_today(receiver) == []
    episode.responsible_facility = receiver.postings.get().facility
    episode.save()
    assert len(on_today(receiver)) == len(on_today(by)) == 1


@pytest.mark.parametrize("role", [Role.CLERK, Role.FACILITY_ADMIN, Role.UNIT_STAFF, Role.CORRECTIONS])
def test_who_sees_nothing_clinical_learns_nothing(client, episode, raised, role):
    place = episode.responsible_facility
    user = factories.user(role, place.unit if role == Role.UNIT_STAFF else place)
    assert on_today(user) == []
    assert alert_panels.tab(fresh(user), episode.client) == []
    client.force_login(user)
    for name, argument in (("alert", raised.pk), ("client_alerts", episode.client.code), ("take_alert", raised.pk)):
        where = reverse(f"assessments:{name}", args=[argument])
        assert client.post(where, ANSWER).status_code in {404, 405}
        assert client.get(where).status_code in {404, 405}
    assert client.get(reverse("assessments:alerts")).status_code == 403
    assert SafetyAlert.objects.open().count() == 1


def test_another_facility_neither_sees_nor_answers_it(client, raised):
    client.force_login(factories.user(Role.COUNSELOR, factories.facility()))
    where = reverse("assessments:alert", args=[raised.pk])
    assert {client.get(where).status_code, client.post(where, ANSWER).status_code} == {404}
    assert client.get(reverse("assessments:alerts")).context["count"].number == 0


def test_it_is_answered_on_its_page_with_what_was_done(client, episode, by, raised):
    where = reverse("assessments:alert", args=[raised.pk])
    text = client.get(where).content.decode()
    assert "Belum ada yang menangani" in text
    assert AuditEvent.objects.filter(verb="alert.opened").count() == 1
    client.post(reverse("assessments:take_alert", args=[raised.pk]))
    assert "Anda yang menangani" in client.get(where).content.decode()
    assert client.post(where, {"measure": "talked", "note": " "}).status_code == 422
    assert client.post(where, {"measure": "doa", "note": "x"}).status_code == 422
    assert client.post(where, ANSWER | {"form_token": "satu"}).url == where
    assert client.post(where, ANSWER | {"form_token": "satu"}).url == where
    text = client.get(where).content.decode()
    assert "dilihat lagi besok" in text
    assert by.name in text
    assert AuditEvent.objects.filter(verb="alert.answered").count() == 1


def test_who_comes_second_learns_who_was_quicker_and_overwrites_nothing(client, episode, by, raised):
    quick = factories.user(Role.NURSE, episode.responsible_facility, name="Agus Contoh")
    alerts.answer(by=quick, alert=raised, **ANSWER)
    where = reverse("assessments:alert", args=[raised.pk])
    response = client.post(where, ANSWER | {"note": "Lain"}, follow=True)
    assert "Agus Contoh sudah menjawab" in response.content.decode()
    raised.refresh_from_db()
    assert raised.note == ANSWER["note"]
    with pytest.raises(Refused):
        alerts.take(by=by, alert=raised)


def test_a_correction_raises_no_second_alert_and_closes_none(episode, by, raised):
    old = raised.assessment
    same = assessments.complete(by=by, assessment=assessments.correct(by=by, assessment=old, reason="Salah dengar"))
    assert same.alerts == ["injecting"]
    assert SafetyAlert.objects.count() == 1
    draft = assessments.correct(by=by, assessment=same, reason="Salah dengar lagi")
    mended = {"q8": "never", "q8_pattern": None}
    draft = assessments.save_answers(by=by, assessment=draft, answers=mended, edit=draft.edit)
    assert assessments.complete(by=by, assessment=draft).alerts == []
    assert SafetyAlert.objects.open().count() == 1


def test_the_head_of_the_client_leads_to_it_first(client, episode, by, raised):
    text = client.get(reverse("clients:client", args=[episode.client.code])).content.decode()
    assert "Jawab peringatan keselamatan" in text
    assert reverse("assessments:client_alerts", args=[episode.client.code]) in text
    alerts.answer(by=by, alert=raised, **ANSWER)
    text = client.get(reverse("clients:client", args=[episode.client.code])).content.decode()
    assert "Jawab peringatan keselamatan" not in text
    assert "Peringatan keselamatan dijawab" in text


def test_the_number_beside_today_is_fetched_after_the_page(client, episode, by, raised):
    where = reverse("assessments:alert_count")
    assert f'hx-get="{where}"' in client.get(reverse("today")).content.decode()
    assert ">1<" in client.get(where).content.decode()
    alerts.answer(by=by, alert=raised, **ANSWER)
    assert client.get(where).content.strip() == b""
    client.force_login(factories.user(Role.CLERK, episode.responsible_facility))
    assert where not in client.get(reverse("today")).content.decode()
    assert client.get(where).status_code == 403


def test_safety_stands_before_all_else_that_needs_attention(client, episode, by, raised):
    (block,) = client.get(reverse("today")).context["groups"]["attention"].leading
    first = block.items[0]
    assert (first.urgent, first.url) == (True, reverse("assessments:alert", args=[raised.pk]))


def test_beyond_a_dozen_one_line_leads_to_the_rest(client, episode, by, raised):
    for _ in range(13):
        completed(episode, by)
    (block,) = worklists.told(fresh(by), date(2026, 1, 1), "peringatan")
    assert (len(block.items), block.left, block.more) == (12, 2, reverse("assessments:alerts"))
    assert client.get(block.more).context["count"].number == 14


def test_the_list_takes_the_same_queries_at_one_and_three(client, episode, by, raised, django_assert_max_num_queries):
    where = reverse("assessments:alerts")
    client.get(where)
    with django_assert_max_num_queries(12) as one:
        client.get(where)
    for _ in range(2):
        other = factories.episode(at=episode.responsible_facility)
        completed(other, by)
    with django_assert_max_num_queries(len(one.captured_queries)):
        assert len(client.get(where).context["alerts"]) == 3


@pytest.mark.parametrize(
    "half", [{"measure": "talked"}, {"note": "x"}, {"answered_at": date(2020, 1, 1)}, {"taken_at": date(2020, 1, 1)}]
)
def test_the_database_takes_no_half_answer(raised, half):
    if "answered_at" in half or "taken_at" in half:
        half = {name: raised.raised_at + timedelta(hours=1) for name in half}
    with pytest.raises(IntegrityError), transaction.atomic():
        SafetyAlert.objects.filter(pk=raised.pk).update(**half)
