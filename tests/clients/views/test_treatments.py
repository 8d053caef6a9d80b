from datetime import date

import pytest
from django.urls import reverse

from clients.actions import episodes
from clients.enums import EpisodeStatus, Setting
from clients.models import Treatment
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
PLAN = {"setting": "outpatient", "programme": "non_tc", "planned_on": "2019-02-10"}


@pytest.fixture
def counselor(client):
    user = factories.user(Role.COUNSELOR, factories.facility())
    client.force_login(user)
    return user


@pytest.fixture
def episode(counselor):
    return factories.episode(at=counselor.postings.get().facility)


def ready(by, episode):
    episodes.mark_facts(by=by, episode=episode, on=date(2019, 2, 5), main_substance="stimulants")
    episodes.mark_assessed(by=by, episode=episode, on=date(2019, 2, 5))


def test_a_treatment_is_planned_and_started(client, counselor, episode):
    url = reverse("clients:plan_treatment", args=[episode.client.code])
    assert client.get(url).status_code == 200
    assert client.post(url, PLAN).status_code == 302
    treatment = Treatment.objects.get()
    start = reverse("clients:start_treatment", args=[treatment.pk])
    assert "Enam fakta" in client.get(start).content.decode()
    page = client.post(start, {"started_on": "2019-03-01"})
    assert "PP 25/2011" in page.content.decode()
    ready(counselor, episode)
    assert client.post(start, {"started_on": "2019-01-01"}).context["form"].errors["started_on"]
    assert client.post(start, {"started_on": "2019-03-01"}).status_code == 302
    treatment.refresh_from_db()
    assert treatment.counted_on == date(2019, 3, 1)
    assert "dihitung" in client.get(reverse("clients:client", args=[episode.client.code])).content.decode()


def test_a_second_plan_at_the_facility_is_refused_in_words(client, counselor, episode):
    url = reverse("clients:plan_treatment", args=[episode.client.code])
    client.post(url, PLAN)
    page = client.post(url, PLAN)
    assert page.context["form"].errors
    assert Treatment.objects.count() == 1


def test_setting_changes_and_a_plan_is_withdrawn(client, counselor, episode):
    ready(counselor, episode)
    treatment = factories.treatment(episode, started_on=date(2019, 3, 1))
    url = reverse("clients:change_phase", args=[treatment.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"setting": "inpatient", "programme": "tc", "starts_on": "2019-04-01"}).status_code == 302
    assert treatment.phases.get().setting == Setting.INPATIENT
    other = factories.treatment(factories.episode(at=episode.responsible_facility, status=EpisodeStatus.PLANNED))
    url = reverse("clients:withdraw_treatment", args=[other.pk])
    assert "reason" in client.post(url, {"reason": ""}).context["form"].errors
    assert client.post(url, {"reason": "Klien batal"}).status_code == 302
    assert not Treatment.objects.filter(pk=other.pk).exists()


def test_a_plan_for_a_closed_episode_is_not_to_be_found(client, counselor, episode):
    episodes.close(by=counselor, episode=episode, closed_on=date(2019, 3, 1), outcome="moved")
    assert client.get(reverse("clients:plan_treatment", args=[episode.client.code])).status_code == 404


def test_what_waits_stands_on_the_page_of_the_day(client, counselor, episode):
    page = client.get(reverse("today")).content.decode()
    assert "belum diasesmen" in page
    factories.treatment(factories.episode(at=episode.responsible_facility, status=EpisodeStatus.PLANNED))
    assert "direncanakan: " in client.get(reverse("today")).content.decode()
