"""Who made an assessment without being known as qualified is said wherever it is shown, and nothing is blocked."""

from datetime import date

import pytest
from django.urls import reverse

from assessments.exports import feedback_data
from assessments.paper import paper
from assessments.printed_form import form_data
from assessments.queries import qualification_flag
from rehab import tunables
from rehab.roles import Role
from tests import factories
from tests.assessments.makers import DAY, completed, counselor
from tests.assessments.wajib_lapor import FILLED

pytestmark = pytest.mark.django_db


@pytest.fixture
def episode():
    return factories.episode()


@pytest.fixture
def by(episode, client):
    found = counselor(episode)
    client.force_login(found)
    return found


def result(client, done):
    return client.get(reverse("assessments:result", args=[done.pk])).content.decode()


def test_without_a_recorded_qualification_it_is_completed_and_flagged(client, episode, by):
    done = completed(episode, by)
    assert "12 November 2019" in qualification_flag(done)
    assert "belum tercatat atau tidak berlaku" in result(client, done)
    assert any("belum tercatat" in words for words in form_data(done)["notices"])
    assert "belum tercatat" in dict(paper(feedback_data(done))["facts"])["Catatan"]


def test_one_that_is_recorded_later_takes_the_flag_away(client, episode, by):
    done = completed(episode, by)
    factories.qualification(by, "counselor")
    assert qualification_flag(done) == ""
    assert "belum tercatat" not in result(client, done)
    assert "Catatan" not in dict(paper(feedback_data(done))["facts"])


def test_it_must_have_been_valid_on_the_day_of_the_assessment(episode, by):
    factories.qualification(by, "counselor", ends_on=DAY)
    assert qualification_flag(completed(episode, by))
    factories.qualification(by, "counselor", starts_on=date(2019, 11, 12), ends_on=date(2019, 11, 13))
    assert qualification_flag(episode.assessments.get()) == ""


def test_a_clinical_interview_asks_for_more_than_a_screening(episode, by):
    factories.qualification(by, "counselor")
    form = completed(episode, by, FILLED, instrument="wajib_lapor")
    assert qualification_flag(form)
    factories.qualification(by, "cert_assessor", result="not_competent")
    assert qualification_flag(form)
    factories.qualification(by, "cert_assessor")
    assert qualification_flag(form) == ""


def test_the_rule_is_a_setting(episode, by):
    factories.qualification(by, "counselor")
    bnn = factories.user(Role.UNIT_ADMIN, factories.unit("BNN"))
    tunables.change(by=bnn, key="assessments.assist.qualified", value=["psychiatrist"], source_note="uji")
    assert qualification_flag(completed(episode, by))
    tunables.change(by=bnn, key="assessments.assist.qualified", value=[], source_note="uji")
    assert qualification_flag(episode.assessments.get()) == ""
