"""Severities are judged by a person, with name and time; diagnoses stand beside the main one."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from assessments.actions import facts, severities
from assessments.instruments import registry
from assessments.models import CaseFacts, ProblemSeverity
from assessments.printed_form import form_data
from assessments.queries import severities_of
from rehab import tunables
from rehab.errors import Refused
from rehab.roles import Role
from tests import factories
from tests.assessments.makers import ALL_SIX, completed, counselor, draft
from tests.assessments.wajib_lapor import FILLED

pytestmark = pytest.mark.django_db

ASI = {item.code: 0 for item in registry.get("asi") if item.code != "usd_rate"}
AREAS = ["medical", "employment", "alcohol", "drug", "legal", "family", "psychiatric"]


@pytest.fixture
def episode():
    return factories.episode()


@pytest.fixture
def by(episode, client):
    found = counselor(episode)
    client.force_login(found)
    return found


@pytest.fixture
def asi(episode, by):
    return completed(episode, by, ASI, instrument="asi")


def test_the_asi_has_seven_areas_and_the_form_six(episode, by, asi):
    assert [each.area for each in severities_of(asi)] == AREAS
    assert {each.value for each in severities_of(asi)} == {None}
    form = completed(episode, by, FILLED, instrument="wajib_lapor")
    assert [(each.area, each.value, each.word) for each in severities_of(form)][2] == ("drug", 7, "cukup berat")
    assert len(severities_of(form)) == 6


def test_a_judgement_has_a_name_and_an_earlier_one_stays(episode, by, asi):
    severities.rate(by=by, assessment=asi, values={"drug": 6, "legal": None})
    other = counselor(episode)
    assert severities.rate(by=other, assessment=asi, values={"drug": 6}) == []
    severities.rate(by=other, assessment=asi, values={"drug": 8})
    drug = severities_of(asi)[3]
    assert (drug.value, drug.word, drug.by) == (8, "sangat berat", other.name)
    assert [row.value for row in asi.severities.all()] == [6, 8]


@pytest.mark.parametrize(("area", "value"), [("drug", 10), ("drug", -1), ("jiwa", 3)])
def test_what_cannot_be_is_refused(by, asi, area, value):
    with pytest.raises(Refused) as refused:
        severities.rate(by=by, assessment=asi, values={area: value})
    assert refused.value.field == area
    assert not ProblemSeverity.objects.exists()


def test_a_draft_has_no_severities(episode, by):
    with pytest.raises(Refused):
        severities.rate(by=by, assessment=draft(episode, by, instrument="asi"), values={"drug": 3})


def test_the_page_takes_them_and_refuses_what_was_posted_by_hand(client, by, asi):
    where = reverse("assessments:severities", args=[asi.pk])
    assert client.get(where).status_code == 200
    assert client.post(where, {"drug": "12"}).status_code == 422
    assert client.post(where, {"drug": "x"}).status_code == 422
    assert client.post(where, {"drug": "5", "jiwa": "9"}).url == reverse("assessments:result", args=[asi.pk])
    assert ProblemSeverity.objects.get().value == 5
    text = client.get(reverse("assessments:result", args=[asi.pk])).content.decode()
    assert "Dinilai oleh" in text
    assert "sedang" in text
    assert any(part["title"] == "Keparahan masalah" for part in form_data(asi)["parts"])


def test_only_care_staff_of_the_facility_judge(client, episode, by, asi):
    where = reverse("assessments:severities", args=[asi.pk])
    for role, place in ((Role.COUNSELOR, factories.facility()), (Role.CLERK, episode.responsible_facility)):
        client.force_login(factories.user(role, place))
        assert {client.get(where).status_code, client.post(where, {"drug": "5"}).status_code} == {404}
    client.force_login(by)
    screening = completed(episode, by)
    assert client.get(reverse("assessments:severities", args=[screening.pk])).status_code == 404


def test_the_database_keeps_judgements_in_range_and_as_they_were(by, asi):
    with pytest.raises(DatabaseError), transaction.atomic():
        ProblemSeverity.objects.create(assessment=asi, area="drug", value=10)
    severities.rate(by=by, assessment=asi, values={"drug": 6})
    with pytest.raises(DatabaseError), transaction.atomic():
        ProblemSeverity.objects.update(value=2)


def record(by, episode, others, edit=0):
    return facts.record(
        by=by, episode=episode, facts=type(ALL_SIX)(**(vars(ALL_SIX) | {"other_diagnoses": others})), edit=edit
    )


def test_other_diagnoses_stand_beside_the_main_one_each_once(episode, by):
    row = record(by, episode, "f10.1;  F17.2,F10.1 F15.2")
    assert (row.diagnosis, row.other_diagnoses) == ("F15.2", "F10.1, F17.2")


@pytest.mark.parametrize("typed", ["F20.0", "F10", "sabu", "F10.10", "F11.0 F12.0 F13.0 F14.0 F16.0 F17.0"])
def test_what_is_no_diagnosis_is_refused_by_name(client, episode, by, typed):
    with pytest.raises(Refused) as refused:
        record(by, episode, typed)
    assert refused.value.field == "other_diagnoses"
    posted = {"edit": "0", "other_diagnoses": typed}
    response = client.post(reverse("assessments:facts", args=[episode.client.code]), posted)
    assert response.status_code == 422
    assert "other_diagnoses" in response.context["form"].errors
    assert not CaseFacts.objects.exists()


def test_a_new_asi_begins_with_the_rate_that_is_set(episode, by):
    assert draft(episode, by, instrument="asi").answers == {}
    bnn = factories.user(Role.UNIT_ADMIN, factories.unit("BNN"))
    tunables.change(by=bnn, key="assessments.usd_rate", value=16000, source_note="Kurs tengah BI")
    other = factories.episode(at=episode.responsible_facility)
    assert draft(other, by, instrument="asi").answers == {"usd_rate": 16000}
    assert draft(other, by).answers == {}
