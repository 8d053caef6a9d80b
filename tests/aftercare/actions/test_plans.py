from datetime import date, timedelta

import pytest

from aftercare.actions import plans
from aftercare.enums import PlanStatus
from clients.enums import Outcome
from rehab.errors import Refused
from tests import factories
from tests.aftercare import makers


@pytest.fixture
def plan(counselor, clinic):
    return makers.plan(counselor, clinic)


def test_a_plan_may_be_served_by_a_unit(counselor):
    unit = factories.unit("BNNK-5371")
    plan = plans.start(by=counselor, client=factories.client(), unit=unit, starts_on=date(2019, 8, 1))
    assert (plan.place, plan.facility) == (unit, None)


def test_not_by_both_and_not_by_nobody(counselor, clinic):
    client = factories.client()
    for places in ({}, {"facility": clinic, "unit": clinic.unit}):
        with pytest.raises(Refused):
            plans.start(by=counselor, client=client, starts_on=date(2019, 8, 1), **places)


def test_an_earlier_open_plan_gives_way_to_the_new_one(counselor, clinic, plan):
    new = plans.start(by=counselor, client=plan.client, facility=clinic, starts_on=date(2019, 12, 1))
    plan.refresh_from_db()
    assert (plan.status, plan.ended_on, new.is_open) == (PlanStatus.REPLACED, date(2019, 12, 1), True)


def test_a_later_open_plan_is_not_pushed_aside(counselor, clinic, plan):
    with pytest.raises(Refused):
        plans.start(by=counselor, client=plan.client, facility=clinic, starts_on=date(2019, 5, 1))
    plan.refresh_from_db()
    assert plan.is_open


def test_impossible_starts_are_refused(counselor, clinic):
    treatment = makers.completed(clinic)
    tomorrow = clinic.local_date() + timedelta(days=1)
    for client, starts_on in [
        (treatment.client, tomorrow), (treatment.client, date(2019, 8, 30)), (factories.client(), makers.ENDED),
    ]:  # fmt: skip
        with pytest.raises(Refused):
            plans.start(by=counselor, client=client, treatment=treatment, facility=clinic, starts_on=starts_on)
    died = makers.under_way(clinic, ended_on=makers.ENDED, outcome=Outcome.DIED)
    with pytest.raises(Refused):
        plans.start(by=counselor, client=died.client, treatment=died, facility=clinic, starts_on=makers.ENDED)


def test_completed_at_the_end_of_the_window_needs_no_reason(counselor, plan):
    makers.record(counselor, plan.follow_ups.first(), date(2019, 9, 30))
    ended = plans.end(by=counselor, plan=plan, status=PlanStatus.COMPLETED, ended_on=plan.window_ends_on)
    assert (ended.status, ended.ended_on, ended.first_contact_on) == (
        PlanStatus.COMPLETED, plan.window_ends_on, date(2019, 9, 30),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "ended_on", "reason", "field"),
    [
        (PlanStatus.COMPLETED, date(2019, 11, 1), "", "reason"),
        (PlanStatus.LOST, date(2020, 2, 29), " ", "reason"),
        (PlanStatus.RELAPSED, date(2020, 2, 29), "kambuh", "status"),
        (PlanStatus.REPLACED, date(2020, 2, 29), "x", "status"),
        (PlanStatus.LOST, date(2019, 9, 1), "pindah", "ended_on"),
        (PlanStatus.LOST, date(2150, 1, 1), "pindah", "ended_on"),
    ],
)
def test_ends_that_are_refused(counselor, plan, status, ended_on, reason, field):
    makers.record(counselor, plan.follow_ups.first(), date(2019, 9, 30))
    with pytest.raises(Refused) as refused:
        plans.end(by=counselor, plan=plan, status=status, ended_on=ended_on, reason=reason)
    assert refused.value.field == field


def test_nobody_completes_a_plan_without_any_contact(counselor, plan):
    with pytest.raises(Refused) as refused:
        plans.end(by=counselor, plan=plan, status=PlanStatus.COMPLETED, ended_on=plan.window_ends_on)
    assert refused.value.field == "status"


def test_an_end_by_mistake_is_taken_back_with_a_reason(counselor, plan):
    plans.end(by=counselor, plan=plan, status=PlanStatus.LOST, ended_on=date(2020, 3, 1), reason="Nomor mati")
    with pytest.raises(Refused):
        plans.end(by=counselor, plan=plan, status=PlanStatus.LOST, ended_on=date(2020, 3, 1), reason="lagi")
    with pytest.raises(Refused):
        plans.reopen(by=counselor, plan=plan, reason="")
    again = plans.reopen(by=counselor, plan=plan, reason="Menelepon kembali")
    assert (again.is_open, again.ended_on, again.end_note) == (True, None, "")


def test_a_plan_is_not_opened_again_beside_a_newer_one(counselor, clinic, plan):
    plans.end(by=counselor, plan=plan, status=PlanStatus.LOST, ended_on=date(2020, 3, 1), reason="Nomor mati")
    plans.start(by=counselor, client=plan.client, facility=clinic, starts_on=date(2020, 6, 1))
    with pytest.raises(Refused):
        plans.reopen(by=counselor, plan=plan, reason="Menelepon kembali")
