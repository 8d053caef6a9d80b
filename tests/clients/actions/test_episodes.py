import threading
from datetime import date

import pytest
from django.db import connection

from clients.actions import episodes
from clients.enums import EpisodeStatus, Outcome, Substance
from clients.models import Episode
from rehab.errors import Refused
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def counselor():
    return factories.user(Role.COUNSELOR, factories.facility())


def again(by, client, place, opened_on=date(2020, 1, 1)):
    return episodes.open_again(by=by, client=client, facility=place, admission="voluntary", opened_on=opened_on)


def closed_episode(**fields) -> Episode:
    values = {"status": EpisodeStatus.CLOSED, "closed_on": date(2019, 6, 1), "outcome": Outcome.COMPLETED}
    return factories.episode(**(values | fields))


def test_a_client_who_comes_back_gets_the_next_number(counselor):
    before = closed_episode()
    episode = again(counselor, before.client, before.responsible_facility)
    assert (episode.number, episode.status) == (2, EpisodeStatus.REGISTERED)


def test_a_second_open_episode_is_refused(counselor):
    held = factories.episode()
    with pytest.raises(Refused, match="open|terbuka"):
        again(counselor, held.client, held.responsible_facility)


def test_an_episode_does_not_open_before_the_last_one_closed(counselor):
    before = closed_episode()
    with pytest.raises(Refused):
        again(counselor, before.client, before.responsible_facility, date(2019, 5, 1))


@pytest.mark.django_db(transaction=True)
def test_two_people_opening_at_once_make_one_episode():
    before = closed_episode()
    people = [factories.user(Role.COUNSELOR, before.responsible_facility) for _ in range(2)]
    ready, refused = threading.Barrier(2), []

    def work(by):
        ready.wait()
        try:
            again(by, before.client, before.responsible_facility)
        except Refused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Episode.objects.open().count() == 1
    assert len(refused) == 1


def test_facts_and_instrument_together_make_a_started_treatment_count(counselor):
    treatment = factories.treatment(started_on=date(2019, 3, 1))
    episode = episodes.mark_facts(
        by=counselor, episode=treatment.episode, on=date(2019, 2, 5), main_substance=Substance.STIMULANTS
    )
    treatment.refresh_from_db()
    assert (treatment.counted_on, treatment.main_substance) == (None, Substance.STIMULANTS)
    episode = episodes.mark_assessed(by=counselor, episode=episode, on=date(2019, 2, 6))
    treatment.refresh_from_db()
    assert treatment.counted_on == date(2019, 3, 1)
    assert episode.status == EpisodeStatus.ASSESSED
    episodes.mark_facts(by=counselor, episode=episode, on=None, main_substance="")
    treatment.refresh_from_db()
    assert treatment.counted_on is None


def test_an_assessment_during_treatment_leaves_the_status(counselor):
    episode = factories.episode(status=EpisodeStatus.IN_TREATMENT)
    marked = episodes.mark_assessed(by=counselor, episode=episode, on=date(2019, 2, 6))
    assert marked.status == EpisodeStatus.IN_TREATMENT


def test_an_episode_without_treatment_can_be_closed_and_one_with_an_open_treatment_cannot(counselor):
    episode = factories.episode()
    closed = episodes.close(by=counselor, episode=episode, closed_on=date(2019, 3, 1), outcome=Outcome.MOVED)
    assert (closed.status, closed.closed_on) == (EpisodeStatus.CLOSED, date(2019, 3, 1))
    treatment = factories.treatment()
    with pytest.raises(Refused):
        episodes.close(by=counselor, episode=treatment.episode, closed_on=date(2019, 3, 1), outcome=Outcome.MOVED)
    with pytest.raises(Refused):
        episodes.close(by=counselor, episode=closed, closed_on=date(2019, 3, 1), outcome=Outcome.MOVED)
