"""How far each episode has come: kept by the database, whoever changes what it rests on and however."""

from datetime import date, timedelta

import pytest
from django.db import connection

from aftercare.actions import ways
from aftercare.models import AftercarePlan, EpisodeWay, Reached
from clients.enums import EpisodeStatus, Outcome
from clients.models import Episode, Treatment
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2019, 2, 1)


def reached(episode):
    return EpisodeWay.objects.get(episode=episode).reached


@pytest.fixture
def episode():
    return factories.episode()


def test_it_follows_the_way_step_by_step_and_back(episode):
    assert reached(episode) == Reached.REGISTERED
    Episode.objects.update(assessed_on=DAY)
    assert reached(episode) == Reached.ASSESSED
    Episode.objects.update(facts_on=DAY)
    assert reached(episode) == Reached.FACTS
    treatment = factories.treatment(episode)
    assert reached(episode) == Reached.PLANNED
    Treatment.objects.update(started_on=DAY)
    assert reached(episode) == Reached.STARTED
    Treatment.objects.update(counted_on=DAY)
    assert reached(episode) == Reached.COUNTED
    Treatment.objects.update(ended_on=DAY, outcome=Outcome.COMPLETED)
    assert reached(episode) == Reached.COMPLETED
    plan = AftercarePlan.objects.create(
        client=episode.client,
        treatment=treatment,
        facility=episode.responsible_facility,
        starts_on=DAY,
        window_ends_on=DAY + timedelta(days=180),
    )
    assert reached(episode) == Reached.AFTERCARE
    plan.delete()
    assert reached(episode) == Reached.COMPLETED
    treatment.delete()
    assert reached(episode) == Reached.FACTS


def test_a_step_left_out_holds_the_way_back(episode):
    factories.treatment(episode, started_on=DAY)
    assert reached(episode) == Reached.REGISTERED
    Episode.objects.update(assessed_on=DAY)
    assert reached(episode) == Reached.ASSESSED


def test_raw_statements_and_moves_are_followed(episode):
    other = factories.facility()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clients_episode SET responsible_facility_id = %s, opened_on = %s", [other.pk, DAY])
    way = EpisodeWay.objects.get()
    assert (way.facility, way.opened_on, way.closed) == (other, DAY, False)
    Episode.objects.update(status=EpisodeStatus.CLOSED, closed_on=DAY, outcome=Outcome.MOVED)
    assert EpisodeWay.objects.get().closed
    second = factories.episode()
    treatment = factories.treatment(episode)
    Episode.objects.update(assessed_on=DAY, facts_on=DAY)
    Treatment.objects.filter(pk=treatment.pk).update(episode=second)
    assert (reached(episode), reached(second)) == (Reached.FACTS, Reached.PLANNED)


def test_computed_anew_nothing_changes(episode):
    factories.treatment(episode, started_on=DAY)
    factories.episode(assessed_on=DAY)
    before = list(EpisodeWay.objects.order_by("pk").values())
    ways.rebuild_all()
    assert list(EpisodeWay.objects.order_by("pk").values()) == before
    EpisodeWay.objects.all().delete()
    ways.rebuild_all()
    assert list(EpisodeWay.objects.order_by("pk").values()) == before
