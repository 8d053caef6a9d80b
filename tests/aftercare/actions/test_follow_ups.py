import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection

from aftercare.actions import follow_ups, plans
from aftercare.enums import ContactWay, FollowUpKind, PlanStatus, Productive, Relapse, Urine
from aftercare.models import FollowUp
from facilities.models import FacilityTerm
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.aftercare import makers


@pytest.fixture
def plan(counselor, clinic):
    return makers.plan(counselor, clinic)


def test_the_first_contact_makes_the_plan_count_for_the_unit_of_that_day(counselor, clinic, plan):
    other = factories.unit("BNNK-5371")
    FacilityTerm.objects.filter(facility=clinic).update(ends_on=date(2019, 10, 1))
    FacilityTerm.objects.create(facility=clinic, unit=other, ownership=clinic.ownership, starts_on=date(2019, 10, 1))
    first, second, *_ = plan.follow_ups.all()
    makers.record(counselor, second, date(2019, 10, 31))
    plan.refresh_from_db()
    assert (plan.first_contact_on, plan.counted_unit) == (date(2019, 10, 31), other)
    makers.record(counselor, first, date(2019, 9, 30))  # entered late
    plan.refresh_from_db()
    assert (plan.first_contact_on, plan.counted_unit) == (date(2019, 9, 30), clinic.unit)


def test_a_unit_that_serves_counts_itself(counselor):
    unit = factories.unit("BNNK-5371")
    plan = plans.start(by=counselor, client=factories.client(), unit=unit, starts_on=date(2019, 8, 1))
    makers.record(counselor, plan.follow_ups.first(), date(2019, 8, 20))
    plan.refresh_from_db()
    assert plan.counted_unit == unit


def test_without_contact_the_plan_does_not_count_and_nothing_is_known(counselor, plan):
    row = plan.follow_ups.first()
    makers.record(counselor, row, date(2019, 9, 30), contact_made=False, way="", note="Telepon tidak diangkat")
    plan.refresh_from_db()
    row.refresh_from_db()
    assert (plan.first_contact_on, plan.counted_unit) == (None, None)
    assert (row.contact_made, row.relapse) == (False, Relapse.UNKNOWN)


@pytest.mark.parametrize(
    "known", [{"relapse": Relapse.NO}, {"productive": Productive.YES}, {"urine": Urine.NEGATIVE}], ids=str
)
def test_nothing_is_known_without_contact(counselor, plan, known):
    with pytest.raises(Refused) as refused:
        makers.record(counselor, plan.follow_ups.first(), date(2019, 9, 30), contact_made=False, **known)
    assert refused.value.field == "relapse"
    with pytest.raises(IntegrityError):
        FollowUp.objects.filter(plan=plan).update(done_on=date(2019, 9, 30), contact_made=False, **known)


def test_a_correction_that_takes_the_contact_back_takes_the_count_back(counselor, plan):
    row = makers.record(counselor, plan.follow_ups.first(), date(2019, 9, 30))
    makers.record(counselor, row, date(2019, 9, 30), contact_made=False)
    plan.refresh_from_db()
    row.refresh_from_db()
    assert (plan.first_contact_on, plan.counted_unit, row.edit) == (None, None, 3)
    verbs = AuditEvent.objects.filter(subject_id=str(plan.pk)).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["aftercare.started", "follow_up.recorded", "follow_up.corrected"]


def test_a_relapse_ends_the_plan_and_its_correction_opens_it_again(counselor, plan):
    row = makers.relapsed(counselor, plan.follow_ups.first(), date(2019, 9, 30))
    plan.refresh_from_db()
    assert (plan.status, plan.ended_on) == (PlanStatus.RELAPSED, date(2019, 9, 30))
    assert FollowUp.objects.open().filter(plan=plan).count() == 0
    makers.record(counselor, row, date(2019, 9, 30), relapse=Relapse.NO)
    plan.refresh_from_db()
    assert (plan.status, plan.ended_on) == (PlanStatus.OPEN, None)


def test_a_corrected_relapse_leaves_the_newer_plan_alone(counselor, clinic, plan):
    row = makers.relapsed(counselor, plan.follow_ups.first(), date(2019, 9, 30))
    newer = plans.start(by=counselor, client=plan.client, facility=clinic, starts_on=date(2020, 3, 1))
    makers.record(counselor, row, date(2019, 9, 30), relapse=Relapse.NO)
    plan.refresh_from_db()
    newer.refresh_from_db()
    assert (plan.status, plan.ended_on, newer.is_open) == (PlanStatus.REPLACED, date(2020, 3, 1), True)


def test_dates_that_cannot_be_are_refused(counselor, clinic, plan):
    row = plan.follow_ups.first()
    for day in (date(2019, 8, 30), clinic.local_date() + timedelta(days=1)):
        with pytest.raises(Refused) as refused:
            makers.record(counselor, row, day)
        assert refused.value.field == "done_on"


def test_a_contact_says_how_it_was_made(counselor, plan):
    with pytest.raises(Refused) as refused:
        makers.record(counselor, plan.follow_ups.first(), date(2019, 9, 30), way="")
    assert refused.value.field == "way"


def test_after_the_end_only_what_happened_before_is_entered(counselor, plan):
    first, second, *_ = plan.follow_ups.all()
    makers.relapsed(counselor, second, date(2019, 10, 31))
    with pytest.raises(Refused):
        makers.record(counselor, plan.follow_ups.last(), date(2020, 2, 29))
    assert makers.record(counselor, first, date(2019, 9, 30)).done_on == date(2019, 9, 30)


def test_a_contact_beyond_the_plan(counselor, plan):
    extra = follow_ups.record_extra(
        by=counselor, plan=plan, done_on=date(2019, 9, 10), contact_made=True, kind=FollowUpKind.GUIDANCE,
        way=ContactWay.VISIT, relapse=Relapse.NO,
    )  # fmt: skip
    plan.refresh_from_db()
    assert (extra.due_on, plan.follow_ups.count(), plan.first_contact_on) == (date(2019, 9, 10), 7, date(2019, 9, 10))


def test_a_refused_contact_beyond_the_plan_leaves_nothing(counselor, plan):
    with pytest.raises(Refused):
        follow_ups.record_extra(
            by=counselor, plan=plan, done_on=date(2019, 9, 10), contact_made=True, kind=FollowUpKind.GUIDANCE
        )
    assert plan.follow_ups.count() == 6


def test_the_second_of_two_people_is_told_and_overwrites_nothing(counselor, plan):
    row = plan.follow_ups.first()
    makers.record(counselor, row, date(2019, 9, 30), note="Bekerja", edit=1)
    with pytest.raises(follow_ups.Outdated) as outdated:
        makers.record(counselor, row, date(2019, 9, 29), edit=1)
    assert outdated.value.follow_up.note == "Bekerja"


def test_the_same_sent_twice_is_recorded_once(counselor, plan):
    row = plan.follow_ups.first()
    for _ in range(2):
        makers.record(counselor, row, date(2019, 9, 30), edit=1)
    row.refresh_from_db()
    assert row.edit == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_time_one_wins_and_the_plan_agrees():
    clinic = factories.facility()
    people = [factories.user(Role.COUNSELOR, clinic) for _ in range(2)]
    plan = makers.plan(people[0], clinic)
    row, together, told = plan.follow_ups.first(), threading.Barrier(2), []

    def go(by, day):
        try:
            together.wait(10)
            makers.record(by, row, day, edit=1)
        except follow_ups.Outdated as outdated:
            told.append(outdated.follow_up.done_on)
        finally:
            connection.close()

    days = [date(2019, 9, 29), date(2019, 9, 30)]
    threads = [threading.Thread(target=go, args=pair) for pair in zip(people, days, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    row.refresh_from_db()
    plan.refresh_from_db()
    assert told == [row.done_on]
    assert plan.first_contact_on == row.done_on
