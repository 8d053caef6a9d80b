import json

import pytest
from django.urls import reverse

from assessments.actions import assessments
from assessments.enums import AssessmentStatus
from assessments.models import Assessment
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.assessments.makers import SABU, completed, counselor, draft

pytestmark = pytest.mark.django_db
POSTED = {code: str(value).lower() if isinstance(value, bool) else value for code, value in SABU.items()}


@pytest.fixture
def episode():
    return factories.episode()


@pytest.fixture
def by(episode, client):
    found = counselor(episode)
    client.force_login(found)
    return found


def save(client, assessment, body) -> tuple[int, dict]:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    response = client.post(reverse("assessments:save", args=[assessment.pk]), text, content_type="application/json")
    return response.status_code, response.json()


def page(client, assessment, query=""):
    return client.get(reverse("assessments:fill", args=[assessment.pk]) + query)


def post(client, assessment, answers, **more):
    data = answers | {"edit": str(assessment.edit), "bagian": "q1", "go": "next"} | more
    return client.post(reverse("assessments:fill", args=[assessment.pk]), data)


def test_the_page_shows_the_form_and_records_the_look(client, episode, by):
    response = page(client, draft(episode, by, {"q1_e": True, "q2_e": "weekly"}))
    text = response.content.decode()
    assert response.status_code == 200
    assert 'name="q2_e" id="q2_e-4" value="weekly" checked' in text
    assert "Hanya label singkat" in text
    assert AuditEvent.objects.filter(verb="assessment.opened", client_code=episode.client.code).count() == 1


def test_a_page_opens_at_the_item_where_one_stopped(client, episode, by):
    begun = draft(episode, by, {"q1_e": True, "q2_e": "weekly"})
    assessments.save_answers(by=by, assessment=begun, answers={"q3_e": "daily"}, edit=begun.edit, position="q3_e")
    context = page(client, begun).context
    assert (context["questionnaire"].current, context["questionnaire"].landing) == ("q3", "q3_e")


def test_autosave_answers_with_scores_and_time(client, episode, by):
    begun = draft(episode, by)
    status, told = save(client, begun, {"answers": {code: SABU[code] for code in SABU}, "edit": 0, "at": "q8"})
    assert status == 200
    assert told["edit"] == 1
    assert told["answered"] == told["total"] == 18
    assert told["scores"]["e"] == {"shown": "31", "band": "Risiko tinggi", "tone": "danger", "asked": True}
    assert told["scores"]["c"]["asked"] is False
    assert len(told["saved"]) == 5


@pytest.mark.parametrize(
    "body",
    [
        "{", "[]", "null", '{"answers": 3, "edit": 0}', '{"answers": {}, "edit": "x"}', '{"answers": {}}', b"\xff",
        "[" * 100_000, '{"answers": {}, "edit": true}', '{"answers": {}, "before": 1, "edit": 0}',
    ],
)  # fmt: skip
def test_what_the_script_never_sends_is_refused(client, episode, by, body):
    assert save(client, draft(episode, by), body)[0] == 400


@pytest.mark.parametrize(
    "answers",
    [{"q2_e": "often"}, {"q9_z": True}, {"\ud800": 1}, {"q1_e": [1]}, {"q1_e": {"a": 1}}, {"q1_j_text": "🌶" * 10_000}],
)
def test_an_answer_that_is_not_understood_is_named(client, episode, by, answers):
    status, told = save(client, draft(episode, by), {"answers": answers, "edit": 0})
    assert status == 422
    assert told["item"] in answers or told["item"].encode("utf-8", "replace")
    assert told["message"]


def test_a_second_tab_is_told_what_differs(client, episode, by):
    begun = draft(episode, by, {"q1_e": True})
    save(client, begun, {"answers": {"q2_e": "weekly"}, "edit": 1})
    status, told = save(client, begun, {"answers": {"q2_e": "never"}, "edit": 1})
    assert status == 409
    assert told["differing"] == [
        {
            "item": "q2_e",
            "label": "Frekuensi, 3 bulan terakhir: Jenis amfetamin (sabu, ekstasi)",
            "stored": "Mingguan",
            "mine": "Tidak pernah",
        }
    ] or [each["item"] for each in told["differing"]] == ["q2_e"]
    assert told["edit"] == 2


def test_nothing_is_saved_to_a_completed_one(client, episode, by):
    done = completed(episode, by)
    assert save(client, done, {"answers": {"q2_e": "never"}, "edit": done.edit})[0] == 423
    assert post(client, done, POSTED | {"q2_e": "never"}, go="complete").url == reverse(
        "assessments:result", args=[done.pk]
    )
    done.refresh_from_db()
    assert done.answers["q2_e"] == "weekly"


def test_without_a_script_a_section_is_posted_and_the_next_one_shown(client, episode, by):
    begun = draft(episode, by)
    response = post(client, begun, {code: value for code, value in POSTED.items() if code.startswith("q1")})
    assert response.url.endswith("?bagian=q2")
    begun.refresh_from_db()
    assert begun.answers["q1_e"] is True
    response = post(client, begun, POSTED, bagian="q2", go="back")
    assert response.url.endswith("?bagian=q1")


def test_without_a_script_sections_that_ask_nothing_are_passed_over(client, episode, by):
    nothing = {code: "false" for code in POSTED if code.startswith("q1")}
    assert post(client, draft(episode, by), nothing).url.endswith("?bagian=periksa")


def test_completing_leads_to_the_result_and_a_second_click_changes_nothing(client, episode, by):
    begun = draft(episode, by)
    result = reverse("assessments:result", args=[begun.pk])
    assert post(client, begun, POSTED, go="complete").url == result
    assert post(client, begun, POSTED, go="complete").url == result
    done = Assessment.objects.get()
    assert (done.status, done.scores.count()) == (AssessmentStatus.COMPLETED, 10)
    assert AuditEvent.objects.filter(verb="assessment.completed").count() == 1


def test_completing_too_early_lists_what_is_open(client, episode, by):
    begun = draft(episode, by)
    some = {code: value for code, value in POSTED.items() if code != "q7_e"}
    response = client.get(post(client, begun, some, go="complete").url)
    assert [code for code, _, _ in response.context["questionnaire"].open_items] == ["q7_e"]
    assert "?bagian=q7#item-q7_e" in response.content.decode()


def test_a_posted_option_that_does_not_exist_is_refused_in_place(client, episode, by):
    begun = draft(episode, by)
    response = post(client, begun, POSTED | {"q2_e": "often"})
    assert response.status_code == 422
    assert "q2_e" in response.content.decode()
    begun.refresh_from_db()
    assert begun.answers == {}


def test_a_stale_post_shows_both_and_overwrites_nothing(client, episode, by):
    begun = draft(episode, by, {"q1_e": True, "q2_e": "weekly"})
    response = post(client, begun, POSTED | {"q2_e": "daily"}, edit="0")
    assert response.status_code == 409
    assert "di halaman ini" in response.content.decode()
    begun.refresh_from_db()
    assert begun.answers["q2_e"] == "weekly"
    assert 'name="q2_e" id="q2_e-5" value="daily" checked' in response.content.decode()


@pytest.mark.parametrize("name", ["fill", "result", "feedback", "correct"])
def test_another_facility_learns_nothing(client, episode, by, name):
    begun = draft(episode, by) if name == "fill" else completed(episode, by)
    client.force_login(factories.user(Role.COUNSELOR, factories.facility()))
    assert client.get(reverse(f"assessments:{name}", args=[begun.pk])).status_code == 404
    for posted in ("save", "fill", "discard", "restore"):
        assert client.post(reverse(f"assessments:{posted}", args=[begun.pk])).status_code == 404


def test_a_clerk_of_the_same_facility_sees_no_answers(client, episode, by):
    begun = draft(episode, by)
    client.force_login(factories.user(Role.CLERK, episode.responsible_facility))
    assert page(client, begun).status_code == 404
    assert client.get(reverse("assessments:choose", args=[episode.client.code])).status_code == 404


def test_the_page_takes_few_queries_however_much_is_answered(client, episode, by, django_assert_max_num_queries):
    begun = draft(episode, by, SABU)
    page(client, begun)
    with django_assert_max_num_queries(14):
        assert page(client, begun, "?bagian=q2").status_code == 200


@pytest.mark.parametrize("instrument", ["dast10", "asi", "whoqol_bref", "urica", "srq20", "audit", "socrates", "bam"])
def test_every_instrument_has_its_page(client, episode, by, instrument):
    assert page(client, draft(episode, by, instrument=instrument)).status_code == 200


def test_being_shown_the_stored_answers_on_a_refusal_is_a_recorded_look(client, episode, by):
    kept = draft(episode, by, {"q1_a": True})
    looks = AuditEvent.objects.filter(verb="assessment.opened", actor_id=by.pk)
    status, told = save(client, kept, {"answers": {"q1_a": False}, "before": {}, "edit": 0})
    assert (status, told["answers"]) == (409, {"q1_a": True})
    assert looks.count() == 1
    assert post(client, kept, {"q1_a": "tidak"}).status_code in {409, 422}
    assert looks.count() == 2


@pytest.mark.parametrize("edit", ["9" * 5000, "٣", "-1", "x", "\x00"])
def test_an_edit_that_is_no_number_is_no_fault(client, episode, by, edit):
    assert post(client, draft(episode, by), {}, edit=edit).status_code < 500


def test_a_refused_start_lists_the_assessments_and_is_a_recorded_look(client, episode, by):
    where = reverse("assessments:start", args=[episode.client.code, "assist"])
    assert client.post(where, {"administered_on": "x", "form_token": "t"}).status_code == 422
    assert AuditEvent.objects.filter(verb="assessments.listed", actor_id=by.pk).count() == 1
