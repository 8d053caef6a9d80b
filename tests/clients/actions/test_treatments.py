from datetime import date, timedelta

import pytest

from clients.actions import episodes, treatments
from clients.enums import AgeGroup, EpisodeStatus, Outcome, Programme, Setting, Substance
from clients.models import Treatment
from facilities.enums import Ownership
from facilities.models import FacilityTerm
from rehab.errors import Refused
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return factories.facility()


@pytest.fixture
def counselor(clinic):
    return factories.user(Role.COUNSELOR, clinic)


@pytest.fixture
def episode(clinic):
    return factories.episode(factories.client(birth_date=date(1995, 5, 17)), clinic)


def planned(by, episode, **changes) -> Treatment:
    values = {
        "facility": episode.responsible_facility,
        "programme": Programme.NON_TC,
        "setting": Setting.OUTPATIENT,
        "planned_on": date(2019, 2, 10),
    }
    return treatments.plan(by=by, episode=episode, **(values | changes))


def ready(by, episode):
    episodes.mark_facts(by=by, episode=episode, on=date(2019, 2, 5), main_substance=Substance.STIMULANTS)
    return episodes.mark_assessed(by=by, episode=episode, on=date(2019, 2, 5))


def started(by, episode, on=date(2019, 3, 1)) -> Treatment:
    return treatments.start(by=by, treatment=planned(by, ready(by, episode)), started_on=on)


def test_a_plan_carries_the_columns_it_will_be_counted_by(counselor, episode):
    treatment = planned(counselor, episode)
    episode.refresh_from_db()
    assert episode.status == EpisodeStatus.PLANNED
    assert (treatment.counted_on, treatment.unit, treatment.age_group, treatment.sex) == (
        None, episode.responsible_facility.unit, AgeGroup.FROM_20, "M",
    )  # fmt: skip


def test_a_second_open_treatment_at_the_facility_is_refused(counselor, episode):
    planned(counselor, episode)
    with pytest.raises(Refused):
        planned(counselor, episode)


def test_the_first_service_starts_the_count(counselor, episode):
    treatment = started(counselor, episode)
    episode.refresh_from_db()
    assert (treatment.counted_on, treatment.main_substance) == (date(2019, 3, 1), Substance.STIMULANTS)
    assert episode.status == EpisodeStatus.IN_TREATMENT
    assert treatment.phases.get().starts_on == date(2019, 3, 1)


def test_a_start_without_the_six_facts_is_refused_with_what_is_missing(counselor, episode):
    treatment = planned(counselor, episode)
    with pytest.raises(Refused, match="PP 25/2011"):
        treatments.start(by=counselor, treatment=treatment, started_on=date(2019, 3, 1))
    treatment.refresh_from_db()
    assert treatment.started_on is None


@pytest.mark.parametrize("day", [date(2019, 1, 31), date.today() + timedelta(days=3)])
def test_a_start_before_the_registration_or_ahead_of_the_clock_is_refused(counselor, episode, day):
    with pytest.raises(Refused) as refusal:
        started(counselor, episode, day)
    assert refusal.value.field == "started_on"


def test_starting_twice_is_refused(counselor, episode):
    treatment = started(counselor, episode)
    with pytest.raises(Refused):
        treatments.start(by=counselor, treatment=treatment, started_on=date(2019, 3, 2))


def test_the_unit_and_owner_are_those_of_the_day_it_counts(counselor, episode):
    before, clinic = factories.unit("BNNK-5371"), episode.responsible_facility
    FacilityTerm.objects.filter(facility=clinic).update(starts_on=date(2019, 3, 1))
    FacilityTerm.objects.create(
        facility=clinic,
        unit=before,
        ownership=Ownership.COMMUNITY,
        starts_on=date(2010, 1, 1),
        ends_on=date(2019, 3, 1),
    )
    treatment = planned(counselor, ready(counselor, episode))
    assert (treatment.unit, treatment.ownership) == (before, Ownership.COMMUNITY)
    treatment = treatments.start(by=counselor, treatment=treatment, started_on=date(2019, 3, 1))
    assert (treatment.unit, treatment.ownership) == (clinic.unit, clinic.ownership)


def test_a_change_of_phase_keeps_one_treatment_under_its_first_setting(counselor, episode):
    treatment = started(counselor, episode)
    change = {"by": counselor, "treatment": treatment, "programme": Programme.TC, "setting": Setting.INPATIENT}
    with pytest.raises(Refused):
        treatments.change_phase(**change, starts_on=date(2019, 3, 1))
    treatments.change_phase(**change, starts_on=date(2019, 4, 1))
    with pytest.raises(Refused):
        treatments.change_phase(**change, starts_on=date(2019, 5, 1))
    treatment.refresh_from_db()
    assert treatment.setting == Setting.OUTPATIENT
    assert list(treatment.phases.values_list("setting", "starts_on", "ends_on")) == [
        (Setting.OUTPATIENT, date(2019, 3, 1), date(2019, 4, 1)),
        (Setting.INPATIENT, date(2019, 4, 1), None),
    ]


def test_ending_the_last_treatment_closes_the_episode(counselor, episode):
    treatment = started(counselor, episode)
    ended = treatments.end(by=counselor, treatment=treatment, ended_on=date(2019, 6, 1), outcome=Outcome.COMPLETED)
    episode.refresh_from_db()
    assert ended.ended_on == date(2019, 6, 1)
    assert (episode.status, episode.closed_on, episode.outcome) == (
        EpisodeStatus.CLOSED, date(2019, 6, 1), Outcome.COMPLETED,
    )  # fmt: skip
    assert treatment.phases.get().ends_on == date(2019, 6, 1)
    with pytest.raises(Refused):
        treatments.end(by=counselor, treatment=treatment, ended_on=date(2019, 6, 1), outcome=Outcome.COMPLETED)


def test_the_episode_stays_open_while_another_facility_still_plans(counselor, episode):
    treatment = started(counselor, episode)
    planned(counselor, episode, facility=factories.facility())
    treatments.end(by=counselor, treatment=treatment, ended_on=date(2019, 6, 1), outcome=Outcome.REFERRED)
    episode.refresh_from_db()
    assert episode.status == EpisodeStatus.PLANNED


def test_an_end_before_the_start_or_without_one_is_refused(counselor, episode):
    with pytest.raises(Refused):
        treatments.end(
            by=counselor, treatment=planned(counselor, episode), ended_on=date(2019, 6, 1), outcome=Outcome.COMPLETED
        )
    treatment = Treatment.objects.get()
    ready(counselor, episode)
    treatments.start(by=counselor, treatment=treatment, started_on=date(2019, 3, 1))
    with pytest.raises(Refused):
        treatments.end(by=counselor, treatment=treatment, ended_on=date(2019, 2, 20), outcome=Outcome.COMPLETED)


def test_a_withdrawn_plan_is_gone_but_remembered(counselor, episode):
    treatment = planned(counselor, episode)
    with pytest.raises(Refused):
        treatments.withdraw(by=counselor, treatment=treatment, reason=" ")
    treatments.withdraw(by=counselor, treatment=treatment, reason="Klien pindah kota")
    episode.refresh_from_db()
    assert not Treatment.objects.exists()
    assert episode.status == EpisodeStatus.REGISTERED
    with pytest.raises(Refused):
        treatments.withdraw(by=counselor, treatment=treatment, reason="dua kali")


def test_a_started_treatment_is_not_withdrawn(counselor, episode):
    with pytest.raises(Refused):
        treatments.withdraw(by=counselor, treatment=started(counselor, episode), reason="x")


def test_a_closed_episode_takes_no_plan(counselor, episode):
    treatments.end(
        by=counselor, treatment=started(counselor, episode), ended_on=date(2019, 6, 1), outcome=Outcome.COMPLETED
    )
    with pytest.raises(Refused):
        planned(counselor, episode)
