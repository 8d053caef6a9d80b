import pytest
from django.urls import reverse

from assessments.actions import assessments
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.assessments.makers import NOTHING, SABU, completed, counselor, draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def episode():
    return factories.episode()


@pytest.fixture
def by(episode, client):
    found = counselor(episode)
    client.force_login(found)
    return found


def get(client, name, *args):
    return client.get(reverse(f"assessments:{name}", args=args))


def start(client, code, day, instrument="assist", **more):
    return client.post(reverse("assessments:start", args=[code, instrument]), {"administered_on": day} | more)


def test_an_assessment_is_begun_once_however_often_one_clicks(client, episode, by):
    first = start(client, episode.client.code, "2019-11-12", form_token="abc")
    again = start(client, episode.client.code, "2019-11-12", form_token="abc")
    assert first.url == again.url
    assert episode.assessments.count() == 1
    assert episode.assessments.get().episode == episode


@pytest.mark.parametrize("day", ["1899-01-01", "2999-01-01", "", "kemarin", "31-02-2019"])
def test_a_day_that_cannot_be_stays_on_the_form(client, episode, by, day):
    response = start(client, episode.client.code, day)
    assert response.status_code == 422
    assert response.context["form"].errors["administered_on"]
    assert not episode.assessments.exists()


def test_an_unknown_instrument_begins_nothing(client, episode, by):
    assert start(client, episode.client.code, "2019-11-12", "horoskop").status_code == 422


def test_who_only_treated_the_client_once_may_read_but_begins_nothing_elsewhere(client, episode):
    client.force_login(factories.user(Role.COUNSELOR, factories.facility()))
    assert get(client, "choose", episode.client.code).status_code == 404
    assert start(client, episode.client.code, "2019-11-12").status_code == 404


def test_the_list_shows_levels_and_takes_the_same_queries_at_one_and_three(
    client, episode, by, django_assert_max_num_queries
):
    completed(episode, by)
    draft(episode, by)
    get(client, "choose", episode.client.code)
    with django_assert_max_num_queries(18) as one:  # the head and tabs of the client are ten of them
        text = get(client, "choose", episode.client.code).content.decode()
    assert "Risiko tinggi" in text
    assert "Menyuntik dalam 3 bulan terakhir" in text
    for answers in (SABU, NOTHING):
        assessments.discard(by=by, assessment=episode.assessments.drafts().get())
        completed(episode, by, answers)
        draft(episode, by)
    with django_assert_max_num_queries(len(one.captured_queries)):
        get(client, "choose", episode.client.code)


def test_the_result_says_what_it_means_and_what_comes_next(client, episode, by):
    done = completed(episode, by, SABU | {"q2_c": "daily"})
    text = get(client, "result", done.pk).content.decode()
    for words in (
        "Risiko tinggi",
        "Rujukan untuk asesmen lanjutan",
        "Menyuntik dalam 3 bulan terakhir",
        "Lanjut ke enam fakta",
        "1 jawaban diabaikan",
    ):
        assert words in text
    assert AuditEvent.objects.filter(verb="assessment.opened", subject_id=str(done.pk)).count() == 1


def test_who_used_nothing_gets_a_result_as_well(client, episode, by):
    assert "tidak pernah memakai" in get(client, "result", completed(episode, by, NOTHING).pk).content.decode()


def test_a_draft_has_no_result_and_no_sheet(client, episode, by):
    begun = draft(episode, by)
    for name in ("result", "feedback"):
        assert get(client, name, begun.pk).url == reverse("assessments:fill", args=[begun.pk])


def test_the_sheet_is_a_pdf_without_a_name_and_its_printing_is_recorded(client, episode, by):
    response = get(client, "feedback", completed(episode, by).pk)
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert AuditEvent.objects.filter(verb="assessment.printed").count() == 1


def test_a_correction_leaves_the_old_version_readable(client, episode, by):
    old = completed(episode, by)
    page = reverse("assessments:correct", args=[old.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"reason": " "}).status_code == 422
    response = client.post(page, {"reason": "Salah dengar 👂"})
    new = old.correction
    assert response.url == reverse("assessments:fill", args=[new.pk])
    assessments.complete(by=by, assessment=new)
    text = get(client, "result", old.pk).content.decode()
    assert "digantikan oleh perbaikan" in text
    assert "Salah dengar 👂" in text
    assert "Perbaiki kesalahan" not in text
    assert "Perbaiki kesalahan" in get(client, "result", new.pk).content.decode()


def test_a_discarded_draft_is_brought_back_with_one_click(client, episode, by):
    begun = draft(episode, by, {"q1_e": True})
    response = client.post(reverse("assessments:discard", args=[begun.pk]), follow=True)
    assert "Pulihkan" in response.content.decode()
    assert get(client, "fill", begun.pk).url == reverse("assessments:choose", args=[episode.client.code])
    response = client.post(reverse("assessments:restore", args=[begun.pk]))
    assert response.url == reverse("assessments:fill", args=[begun.pk])
    begun.refresh_from_db()
    assert (begun.status, begun.answers) == ("draft", {"q1_e": True})
