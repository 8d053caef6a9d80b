from datetime import date, timedelta

import pytest
from django.db import InternalError, transaction
from django.utils import timezone

from assessments.actions import assessments
from assessments.actions.assessments import Stale, Unfinished
from assessments.enums import AssessmentStatus
from assessments.models import Assessment, AssessmentScore
from rehab.errors import Refused
from rehab.models import AuditEvent
from tests import factories
from tests.assessments.makers import DAY, NOTHING, SABU, completed, counselor, draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def episode():
    return factories.episode()


@pytest.fixture
def by(episode):
    return counselor(episode)


def test_start_gives_the_draft_that_is_there_already(episode, by):
    first = draft(episode, by)
    assert draft(episode, by) == first
    assert first.version == "3.1"
    assert Assessment.objects.count() == 1
    assert AuditEvent.objects.filter(verb="assessment.started").count() == 1


@pytest.mark.parametrize(
    "day",
    [date(1899, 1, 1), date(1994, 12, 31), timezone.localdate() + timedelta(days=2)],
    ids=["1899", "unborn", "future"],
)
def test_a_day_that_cannot_be_is_refused(episode, by, day):
    with pytest.raises(Refused) as refusal:
        draft(episode, by, administered_on=day)
    assert refusal.value.field == "administered_on"


def test_an_unknown_instrument_is_refused(episode, by):
    with pytest.raises(Refused):
        draft(episode, by, instrument="horoskop")


def test_answers_are_saved_a_few_at_a_time(episode, by):
    saved = draft(episode, by, {"q1_e": True, "q1_a": False})
    again = assessments.save_answers(
        by=by, assessment=saved, answers={"q2_e": "daily", "q1_a": None}, edit=saved.edit, position="q2_e"
    )
    assert again.answers == {"q1_e": True, "q2_e": "daily"}
    assert (again.edit, again.position) == (2, "q2_e")


@pytest.mark.parametrize(
    ("answers", "item"),
    [
        ({"q2_z": "daily"}, "q2_z"),
        ({"q2_e": "sometimes"}, "q2_e"),
        ({"q1_e": "yes"}, "q1_e"),
        ({"q1_j_text": "x" * 10_000}, "q1_j_text"),
    ],
)
def test_what_the_instrument_does_not_know_is_refused_by_name(episode, by, answers, item):
    before = draft(episode, by, {"q1_a": True})
    with pytest.raises(Refused) as refusal:
        assessments.save_answers(by=by, assessment=before, answers={"q1_b": True} | answers, edit=before.edit)
    assert refusal.value.field == item
    assert item in refusal.value.messages[0]
    before.refresh_from_db()
    assert before.answers == {"q1_a": True}


def test_free_text_keeps_emoji_and_loses_what_the_database_cannot_hold(episode, by):
    saved = draft(episode, by, {"q1_j": True, "q1_j_text": "kecubung 🌼\x00\ud800"})
    saved.refresh_from_db()
    assert saved.answers["q1_j_text"] == "kecubung 🌼"


def test_a_second_tab_overwrites_nothing_and_is_told_what_differs(episode, by):
    start = draft(episode, by, {"q1_e": True})
    assessments.save_answers(by=by, assessment=start, answers={"q2_e": "weekly", "q1_b": False}, edit=start.edit)
    with pytest.raises(Stale) as stale:
        assessments.save_answers(by=by, assessment=start, answers={"q2_e": "never", "q1_b": False}, edit=start.edit)
    assert stale.value.items == ("q2_e",)
    assert (stale.value.stored["q2_e"], stale.value.edit) == ("weekly", 2)


def test_two_tabs_may_answer_different_items(episode, by):
    start = draft(episode, by, {"q1_e": True})
    assessments.save_answers(by=by, assessment=start, answers={"q2_e": "weekly"}, edit=start.edit)
    merged = assessments.save_answers(by=by, assessment=start, answers={"q1_b": True}, edit=start.edit)
    assert merged.answers == {"q1_e": True, "q2_e": "weekly", "q1_b": True}


def test_a_save_whose_answer_got_lost_may_be_sent_again(episode, by):
    start = draft(episode, by)
    assessments.save_answers(by=by, assessment=start, answers={"q1_e": True}, edit=0)
    again = assessments.save_answers(by=by, assessment=start, answers={"q1_e": True, "q1_a": False}, edit=0)
    assert again.answers == {"q1_e": True, "q1_a": False}


def test_an_answer_that_the_sender_knew_may_be_changed(episode, by):
    start = draft(episode, by, {"q1_e": True})
    assessments.save_answers(by=by, assessment=start, answers={"q1_b": True}, edit=start.edit)
    saved = assessments.save_answers(
        by=by, assessment=start, answers={"q1_e": False}, before={"q1_e": True}, edit=start.edit
    )
    assert saved.answers["q1_e"] is False


def test_completion_stores_scores_alerts_and_what_was_ignored(episode, by):
    done = completed(episode, by, SABU | {"q2_c": "daily"})
    assert (done.status, done.completed_by) == (AssessmentStatus.COMPLETED, by)
    assert (done.alerts, done.ignored) == (["injecting"], ["q2_c"])
    assert list(done.scores.filter(scale__in="ce").values_list("scale", "value", "band")) == [
        ("c", 0, "low"),
        ("e", 31, "high"),
    ]
    assert done.scores.count() == 10
    episode.refresh_from_db()
    assert (episode.assessed_on, episode.status) == (DAY, "assessed")


def test_the_episode_keeps_the_date_of_its_first_instrument(episode, by):
    completed(episode, by)
    completed(episode, by, administered_on=date(2019, 12, 1))
    episode.refresh_from_db()
    assert episode.assessed_on == DAY
    completed(episode, by, administered_on=date(2019, 11, 1))
    episode.refresh_from_db()
    assert episode.assessed_on == date(2019, 11, 1)


def test_nobody_who_used_nothing_is_asked_further(episode, by):
    assert completed(episode, by, NOTHING).alerts == []


def test_open_questions_are_listed_and_nothing_is_completed(episode, by):
    unfinished = draft(episode, by, {code: value for code, value in SABU.items() if code not in {"q3_e", "q8_pattern"}})
    with pytest.raises(Unfinished) as refusal:
        assessments.complete(by=by, assessment=unfinished)
    assert [item.code for item in refusal.value.items] == ["q3_e", "q8_pattern"]
    unfinished.refresh_from_db()
    assert unfinished.status == AssessmentStatus.DRAFT


def test_a_completed_assessment_takes_no_more_answers(episode, by):
    done = completed(episode, by)
    for attempt in (
        lambda: assessments.save_answers(by=by, assessment=done, answers={"q2_e": "never"}, edit=done.edit),
        lambda: assessments.complete(by=by, assessment=done),
        lambda: assessments.discard(by=by, assessment=done),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.code == "frozen"


@pytest.mark.parametrize(
    "change",
    [{"answers": {}}, {"status": "draft"}, {"administered_on": date(2020, 1, 1)}, {"alerts": ["injecting"]}],
    ids=lambda change: next(iter(change)),
)
def test_the_database_itself_keeps_a_completed_assessment(episode, by, change):
    done = completed(episode, by, SABU | {"q8": "before", "q8_pattern": None})
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        Assessment.objects.filter(pk=done.pk).update(**change)
    with pytest.raises(InternalError, match="Cannot .*delete"), transaction.atomic():
        Assessment.objects.filter(pk=done.pk).delete()
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        AssessmentScore.objects.filter(assessment=done).update(value=0)


def test_a_correction_is_a_new_version_and_the_old_one_stays(episode, by):
    old = completed(episode, by)
    new = assessments.correct(by=by, assessment=old, reason="Salah dengar")
    assert (new.answers, new.status, new.corrects) == (old.answers, AssessmentStatus.DRAFT, old)
    old.refresh_from_db()
    assert old.status == AssessmentStatus.COMPLETED
    new = assessments.save_answers(by=by, assessment=new, answers={"q2_e": "monthly"}, edit=new.edit)
    assessments.complete(by=by, assessment=new)
    old.refresh_from_db()
    assert (old.status, old.answers["q2_e"]) == (AssessmentStatus.CORRECTED, "weekly")
    assert new.scores.get(scale="e").value == 30
    assert old.scores.get(scale="e").value == 31
    with pytest.raises(Refused):
        assessments.correct(by=by, assessment=old, reason="Sekali lagi")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1001])
def test_a_correction_needs_a_reason_of_sensible_length(episode, by, reason):
    with pytest.raises(Refused) as refusal:
        assessments.correct(by=by, assessment=completed(episode, by), reason=reason)
    assert refusal.value.field == "reason"


def test_a_correction_begun_twice_is_one_and_may_be_taken_up_again(episode, by):
    old = completed(episode, by)
    first = assessments.correct(by=by, assessment=old, reason="Salah dengar")
    assert assessments.correct(by=by, assessment=old, reason="Salah dengar") == first
    assessments.discard(by=by, assessment=first)
    again = assessments.correct(by=by, assessment=old, reason="Ternyata memang salah")
    assert (again, again.status, again.reason) == (first, AssessmentStatus.DRAFT, "Ternyata memang salah")


def test_a_correction_waits_for_another_draft_of_the_instrument(episode, by):
    old = completed(episode, by)
    draft(episode, by)
    with pytest.raises(Refused, match="draf|draft"):
        assessments.correct(by=by, assessment=old, reason="Salah dengar")


def test_a_discarded_draft_comes_back_unless_another_was_begun(episode, by):
    first = draft(episode, by, {"q1_e": True})
    assessments.discard(by=by, assessment=first)
    with pytest.raises(Refused):
        assessments.save_answers(by=by, assessment=first, answers={"q1_e": False}, edit=first.edit)
    back = assessments.restore(by=by, assessment=first)
    assert (back.status, back.answers) == (AssessmentStatus.DRAFT, {"q1_e": True})
    assessments.discard(by=by, assessment=first)
    draft(episode, by)
    with pytest.raises(Refused):
        assessments.restore(by=by, assessment=first)
