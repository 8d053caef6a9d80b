from datetime import date

import pytest

from aftercare.actions import closing
from aftercare.enums import PlanStatus
from aftercare.models import AftercarePlan
from aftercare.schedule import OUTCOMES_WITH_PLAN, WINDOW_MONTHS
from clients.enums import EpisodeStatus, Outcome
from rehab import tunables
from rehab.errors import Refused
from rehab.models import AuditEvent
from tests.aftercare import makers

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
