from dataclasses import replace

import pytest

from assessments.actions import facts
from assessments.actions.facts import FactsData, StaleFacts
from clients.enums import Substance
from rehab.errors import Refused
from rehab.models import AuditEvent
from tests import factories
from tests.assessments.makers import ALL_SIX, completed, counselor

pytestmark = pytest.mark.django_db


@pytest.fixture
def episode():
    return factories.episode()


@pytest.fixture
def by(episode):
    return counselor(episode)


def test_some_facts_may_be_saved_and_the_episode_waits(episode, by):
    row = facts.record(
        by=by, episode=episode, facts=FactsData(identity_checked=True, substance=Substance.OPIOIDS), edit=0
    )
    episode.refresh_from_db()
    assert (row.edit, row.is_complete, row.diagnosis) == (1, False, "")
    assert (episode.facts_on, episode.main_substance) == (None, Substance.OPIOIDS)


def test_all_six_tell_the_episode_the_local_date(episode, by):
    row = facts.record(by=by, episode=episode, facts=ALL_SIX, edit=0)
    episode.refresh_from_db()
    assert (row.is_complete, row.diagnosis) == (True, "F15.2")
    assert episode.facts_on == episode.responsible_facility.local_date()
    assert episode.main_substance == Substance.STIMULANTS
    assert AuditEvent.objects.filter(verb="facts.recorded", client_code=episode.client.code).count() == 1


@pytest.mark.parametrize(
    "less",
    [
        {"identity_checked": False}, {"substance": ""}, {"months_of_use": None}, {"route": ""}, {"icd_group": ""},
        {"icd_state": ""}, {"history": ""},
    ],
    ids=lambda less: next(iter(less)),
)  # fmt: skip
def test_each_of_the_six_is_needed_and_may_be_taken_back(episode, by, less):
    facts.record(by=by, episode=episode, facts=ALL_SIX, edit=0)
    facts.record(by=by, episode=episode, facts=replace(ALL_SIX, **less), edit=1)
    episode.refresh_from_db()
    assert episode.facts_on is None


def test_no_use_yet_counted_in_months_is_a_length(episode, by):
    assert facts.record(by=by, episode=episode, facts=replace(ALL_SIX, months_of_use=0), edit=0).is_complete


def test_a_treatment_counts_once_facts_and_instrument_stand(episode, by):
    treatment = factories.treatment(episode, started_on=episode.opened_on)
    completed(episode, by)
    facts.record(by=by, episode=episode, facts=ALL_SIX, edit=0)
    treatment.refresh_from_db()
    assert (treatment.counted_on, treatment.main_substance) == (episode.opened_on, Substance.STIMULANTS)


def test_who_saves_second_overwrites_nothing(episode, by):
    facts.record(by=by, episode=episode, facts=ALL_SIX, edit=0)
    for edit in (0, 7):
        with pytest.raises(StaleFacts) as stale:
            facts.record(by=by, episode=episode, facts=FactsData(), edit=edit)
    assert stale.value.current.route == ALL_SIX.route
    episode.refresh_from_db()
    assert episode.facts_on


def test_a_closed_episode_takes_no_facts(by, episode):
    closed = factories.episode(
        at=episode.responsible_facility, status="closed", closed_on=episode.opened_on, outcome="completed"
    )
    with pytest.raises(Refused):
        facts.record(by=by, episode=closed, facts=ALL_SIX, edit=0)
