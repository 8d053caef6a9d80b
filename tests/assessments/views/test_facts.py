import pytest
from django.urls import reverse

from assessments.models import CaseFacts
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.assessments.makers import completed, counselor, six_facts

pytestmark = pytest.mark.django_db
WHOLE = {
    "identity_checked": "on", "substance": "stimulants", "substance_note": "sabu", "years": "2", "months": "6",
    "route": "smoked", "icd_group": "F15", "icd_state": "2", "history": "none", "edit": "0",
}  # fmt: skip


@pytest.fixture
def episode():
    return factories.episode()


@pytest.fixture
def by(episode, client):
    found = counselor(episode)
    client.force_login(found)
    return found


def post(client, episode, **changes):
    return client.post(reverse("assessments:facts", args=[episode.client.code]), WHOLE | changes)


def test_the_page_shows_what_assist_suggests_and_fills_in_nothing(client, episode, by):
    completed(episode, by)
    response = client.get(reverse("assessments:facts", args=[episode.client.code]))
    text = response.content.decode()
    assert "skor tertinggi Jenis amfetamin" in text
    assert "menyuntik dalam 3 bulan terakhir" in text
    assert response.context["form"]["substance"].value() is None
    assert not CaseFacts.objects.exists()


def test_saving_all_six_lets_the_treatment_start(client, episode, by):
    assert post(client, episode).status_code == 302
    row = CaseFacts.objects.get()
    assert (row.months_of_use, row.substance_note, row.diagnosis) == (30, "sabu", "F15.2")
    episode.refresh_from_db()
    assert episode.facts_on


def test_saving_some_says_how_many_are_open(client, episode, by):
    response = client.post(
        reverse("assessments:facts", args=[episode.client.code]), {"edit": "0", "identity_checked": "on"}, follow=True
    )
    assert "Belum lengkap: 5 dari enam" in response.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("years", "81"), ("years", "-1"), ("months", "12"), ("months", "x"), ("substance", "kopi"), ("route", "telinga"),
        ("icd_group", "F99"), ("substance_note", "x" * 10_000), ("edit", ""), ("edit", "-4"),
    ],
)  # fmt: skip
def test_bad_input_stays_on_the_form_and_saves_nothing(client, episode, by, field, value):
    response = post(client, episode, **{field: value})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not CaseFacts.objects.exists()


def test_two_people_see_what_differs_and_the_second_chooses(client, episode, by):
    six_facts(episode, factories.user(Role.DOCTOR, episode.responsible_facility, name="Dewi Contoh"))
    response = post(client, episode, route="injected_iv", years="3", months="", substance_note="")
    text = response.content.decode()
    assert response.status_code == 409
    assert "Dewi Contoh" in text
    assert [row.field for row in response.context["conflicts"]] == ["months_of_use", "route"]
    edit = response.context["form"]["edit"].value()
    kept = {"keep-months_of_use": "theirs", "keep-route": "yours", "edit": edit}
    assert post(client, episode, route="injected_iv", years="3", months="", **kept).status_code == 302
    row = CaseFacts.objects.get()
    assert (row.months_of_use, row.route, row.edit) == (30, "injected_iv", 2)


def test_only_care_staff_of_the_responsible_facility_open_it(client, episode):
    for role, place in (
        (Role.CLERK, episode.responsible_facility),
        (Role.COUNSELOR, factories.facility()),
        (Role.UNIT_STAFF, factories.unit()),
    ):
        client.force_login(factories.user(role, place))
        assert client.get(reverse("assessments:facts", args=[episode.client.code])).status_code == 404
        assert post(client, episode).status_code == 404


def test_without_an_open_episode_there_is_nothing_to_record(client, episode, by):
    episode.status, episode.closed_on, episode.outcome = "closed", episode.opened_on, "completed"
    episode.save()
    assert post(client, episode).status_code == 404


def test_a_post_that_is_refused_shows_what_is_known_and_is_a_recorded_look(client, episode, by):
    CaseFacts.objects.create(episode=episode, substance_note="sabu")
    assert post(client, episode, edit="0").status_code == 409
    assert AuditEvent.objects.filter(verb="facts.opened", actor_id=by.pk).count() == 1
