from datetime import date

import pytest
import time_machine
from django.utils import timezone

from aftercare.actions import closing
from aftercare.enums import PlanStatus
from aftercare.measures import missing_measures
from aftercare.models import AftercarePlan, SkippedMeasure
from aftercare.schedule import OUTCOMES_WITH_PLAN, WINDOW_MONTHS
from assessments.enums import AssessmentStatus
from assessments.models import Assessment
from clients.actions import attendance
from clients.actions.attendance import Mark
from clients.enums import DoseWay, EpisodeStatus, Outcome, Presence
from clients.models import Dose, Prescription
from rehab import tunables
from rehab.errors import Refused
from rehab.models import AuditEvent
from tests import factories
from tests.aftercare import makers
from tests.clients import meetings

ON = date(2019, 8, 31)


@pytest.fixture
def treatment(clinic):
    return makers.under_way(clinic)


def test_completing_ends_the_treatment_closes_the_episode_and_starts_the_plan(counselor, treatment):
    closed = closing.close(by=counselor, treatment=treatment, ended_on=ON, outcome=Outcome.COMPLETED)
    treatment.refresh_from_db()
    treatment.episode.refresh_from_db()
    assert (treatment.ended_on, treatment.outcome) == (ON, Outcome.COMPLETED)
    assert (treatment.episode.status, treatment.episode.closed_on) == (EpisodeStatus.CLOSED, ON)
    assert (closed.plan.starts_on, closed.plan.window_ends_on) == (ON, date(2020, 2, 29))
    assert (closed.plan.treatment, closed.plan.facility, closed.plan.client) == (
        treatment, treatment.facility, treatment.client,
    )  # fmt: skip
    assert [row.due_on for row in closed.plan.follow_ups.all()][-1] == date(2020, 2, 29)
    verbs = AuditEvent.objects.filter(client_code=treatment.client.code).values_list("verb", flat=True)
    assert set(verbs) == {"treatment.ended", "episode.closed", "aftercare.started"}


@pytest.mark.parametrize("outcome", [each for each in Outcome if each != Outcome.COMPLETED])
def test_other_outcomes_need_a_reason_and_start_no_plan(counselor, treatment, outcome):
    with pytest.raises(Refused) as refused:
        closing.close(by=counselor, treatment=treatment, ended_on=ON, outcome=outcome, note="  ")
    assert refused.value.field == "note"
    closed = closing.close(by=counselor, treatment=treatment, ended_on=ON, outcome=outcome, note="Tidak datang lagi")
    assert closed.plan is None
    assert AftercarePlan.objects.count() == 0


def test_a_completed_treatment_goes_without_a_plan_only_with_a_reason(counselor, treatment):
    facts = {"by": counselor, "treatment": treatment, "ended_on": ON, "outcome": Outcome.COMPLETED, "start_plan": False}
    with pytest.raises(Refused) as refused:
        closing.close(**facts)
    assert refused.value.field == "note"
    assert closing.close(**facts, note="Dilanjutkan rumah damping").plan is None


def test_a_plan_may_follow_another_outcome_when_one_says_so(counselor, treatment):
    closed = closing.close(
        by=counselor,
        treatment=treatment,
        ended_on=ON,
        outcome=Outcome.DROP_OUT,
        note="Tiga kali absen",
        start_plan=True,
    )
    assert closed.plan.is_open


def test_no_plan_for_a_person_who_died_and_nothing_is_written(counselor, treatment):
    with pytest.raises(Refused) as refused:
        closing.close(
            by=counselor, treatment=treatment, ended_on=ON, outcome=Outcome.DIED, note="Sakit", start_plan=True
        )
    assert refused.value.field == "start_plan"
    treatment.refresh_from_db()
    assert treatment.is_open


def test_a_death_ends_an_open_plan_as_well(counselor, clinic, treatment):
    plan = AftercarePlan.objects.create(
        client=treatment.client, facility=clinic, starts_on=date(2019, 1, 31), window_ends_on=date(2019, 7, 31)
    )
    closing.close(by=counselor, treatment=treatment, ended_on=ON, outcome=Outcome.DIED, note="Sakit")
    plan.refresh_from_db()
    assert (plan.status, plan.ended_on) == (PlanStatus.DIED, ON)


def test_when_the_plan_is_refused_the_treatment_stays_open(counselor, clinic, treatment):
    AftercarePlan.objects.create(
        client=treatment.client, facility=clinic, starts_on=date(2019, 12, 1), window_ends_on=date(2020, 6, 1)
    )
    with pytest.raises(Refused):
        closing.close(by=counselor, treatment=treatment, ended_on=ON, outcome=Outcome.COMPLETED)
    treatment.refresh_from_db()
    assert treatment.is_open


def test_a_second_closing_is_refused(counselor, treatment):
    closing.close(by=counselor, treatment=treatment, ended_on=ON, outcome=Outcome.COMPLETED)
    with pytest.raises(Refused):
        closing.close(by=counselor, treatment=treatment, ended_on=ON, outcome=Outcome.COMPLETED)
    assert AftercarePlan.objects.count() == 1


def test_settings_decide_which_outcomes_have_a_plan_and_how_long_it_runs(counselor, treatment):
    tunables.change(by=counselor, key=OUTCOMES_WITH_PLAN, value=["completed", "moved"], source_note="contoh")
    tunables.change(by=counselor, key=WINDOW_MONTHS, value=3, source_note="contoh")
    closed = closing.close(by=counselor, treatment=treatment, ended_on=ON, outcome=Outcome.MOVED, note="Ke Bali")
    assert closed.plan.window_ends_on == date(2019, 11, 30)


@pytest.mark.parametrize(("key", "value"), [(WINDOW_MONTHS, 5), (OUTCOMES_WITH_PLAN, ["died"])])
def test_settings_take_no_other_value(counselor, key, value):
    with pytest.raises(Refused):
        tunables.change(by=counselor, key=key, value=value, source_note="contoh")


def close(by, treatment, **facts):
    return closing.close(by=by, treatment=treatment, **({"ended_on": ON, "outcome": Outcome.COMPLETED} | facts))


def measured(treatment, *days, key="whoqol_bref"):
    return [
        Assessment.objects.create(
            client=treatment.client, episode=treatment.episode, facility=treatment.facility, instrument=key, version="1",
            status=AssessmentStatus.COMPLETED, administered_on=day, completed_at=timezone.now(), completed_by=factories.user(),
        )
        for day in days
    ]  # fmt: skip


@time_machine.travel("2019-09-02 04:00", tick=False)
def test_what_was_measured_before_is_measured_again_or_skipped_with_a_reason(counselor, treatment):
    measured(treatment, makers.STARTED)
    measured(treatment, makers.STARTED, makers.ENDED, key="bam")
    measured(treatment, makers.STARTED, key="assist")
    assert [each.key for each in missing_measures(treatment)] == ["whoqol_bref"]
    with pytest.raises(Refused) as refusal:
        close(counselor, treatment)
    assert refusal.value.field == "skip_reason"
    assert "WHOQOL" in refusal.value.messages[0]
    close(counselor, treatment, skip_reason=" Klien pulang mendadak ")
    skipped = SkippedMeasure.objects.get()
    assert (skipped.instrument, skipped.reason, skipped.skipped_by) == (
        "whoqol_bref",
        "Klien pulang mendadak",
        counselor,
    )
    assert AuditEvent.objects.get(verb="aftercare.measure_skipped").reason == "Klien pulang mendadak"


@time_machine.travel("2019-09-02 04:00", tick=False)
@pytest.mark.parametrize("outcome", [Outcome.ABSCONDED, Outcome.DIED, Outcome.DROP_OUT])
def test_who_has_gone_is_not_asked(counselor, treatment, outcome):
    measured(treatment, makers.STARTED)
    close(counselor, treatment, outcome=outcome, note="Begitu adanya")
    assert not SkippedMeasure.objects.exists()


@time_machine.travel("2019-09-02 04:00", tick=False)
def test_an_old_second_measure_does_not_tell_of_the_end(treatment):
    measured(treatment, makers.STARTED, date(2019, 6, 1))
    assert [each.since for each in missing_measures(treatment)] == [date(2019, 6, 1)]
    measured(treatment, date(2019, 8, 20))
    assert missing_measures(treatment) == []


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_closes(counselor, treatment, outcome):
    closed = close(counselor, treatment, outcome=outcome, note="" if outcome == Outcome.COMPLETED else "Begitu adanya")
    assert (closed.treatment.outcome, closed.treatment.episode.outcome) == (outcome, outcome)
    assert (closed.plan is not None) == (outcome == Outcome.COMPLETED)


@time_machine.travel("2019-09-02 04:00", tick=False)
@pytest.mark.parametrize(
    "ended_on", [date(2019, 1, 31), date(2019, 2, 28), date(2019, 9, 3), date(2019, 6, 30)]
)  # before admission, before the first service, ahead, before the last session
def test_a_day_that_cannot_be_is_said_at_its_field(counselor, clinic, treatment, ended_on):
    meeting = meetings.planned(counselor, clinic, treatment, held_on=date(2019, 7, 1))
    attendance.record(
        by=counselor, session=meeting, edit=meeting.edit, marks={treatment.pk: Mark(Presence.PRESENT, None)}
    )
    with pytest.raises(Refused) as refusal:
        close(counselor, treatment, ended_on=ended_on)
    assert refusal.value.field == "ended_on"


@time_machine.travel("2019-09-02 04:00", tick=False)
def test_not_before_the_last_dose_but_doses_taken_home_may_be_for_later(counselor, treatment):
    prescription = Prescription.objects.create(
        treatment=treatment, medicine="methadone", mg=40, starts_on=makers.STARTED, prescribed_by=counselor
    )
    for day, way in ((date(2019, 8, 30), DoseWay.WITNESSED), (date(2019, 9, 1), DoseWay.TAKE_HOME)):
        Dose.objects.create(
            prescription=prescription, client=treatment.client, for_day=day, way=way, mg=40, given_at=timezone.now(),
            given_by=counselor,
        )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        close(counselor, treatment, ended_on=date(2019, 8, 29))
    assert (refusal.value.field, "30 Agustus 2019" in refusal.value.messages[0]) == ("ended_on", True)
    close(counselor, treatment, ended_on=date(2019, 8, 30))
