from datetime import date, timedelta

import pytest
from django.utils import timezone

from clients.enums import (
    AgeGroup,
    EpisodeStatus,
    Outcome,
    Presence,
    SessionKind,
    SessionStatus,
    Setting,
    Substance,
    years_of,
)
from clients.enums import age_group as group_of
from clients.models import Attendance, Session, TreatmentPhase
from clients.queries.finding import Wanted, found
from rehab.roles import Role
from tests import factories


@pytest.fixture
def clinic(db):
    return factories.facility()


@pytest.fixture
def sri(clinic):
    return factories.user(Role.COUNSELOR, clinic)


def codes(user, **wanted) -> set[str]:
    return set(found(user, Wanted(**wanted)).values_list("code", flat=True))


@pytest.mark.parametrize("group", [group for group in AgeGroup if group != AgeGroup.UNKNOWN])
def test_the_ages_of_a_group_are_those_that_lead_to_it(group):
    youngest, oldest = years_of(group)
    assert group_of(youngest) == group
    assert group_of(oldest - 1 if oldest else 99) == group
    assert oldest is None or group_of(oldest) != group


def test_what_is_asked_of_a_way_holds_for_one_episode(clinic, sri):
    man = factories.client()
    factories.episode(
        man, clinic, status=EpisodeStatus.CLOSED, closed_on=date(2019, 3, 1), outcome=Outcome.MOVED, admission="court"
    )
    factories.episode(man, clinic, opened_on=date(2020, 1, 5))
    assert codes(sri, admission="court", status="closed") == set()  # an episode is open again
    assert codes(sri, admission="court", opened_from=date(2020, 1, 1)) == set()
    assert codes(sri, admission="court", opened_to=date(2019, 2, 1)) == {man.code}
    assert codes(sri, admission="voluntary", status="open") == {man.code}


def test_days_belong_to_a_period_on_both_ends(clinic, sri):
    way = factories.episode(at=clinic, opened_on=date(2019, 2, 1))
    factories.treatment(way, started_on=date(2019, 3, 1))
    day = timedelta(days=1)
    for name, on in (("opened", date(2019, 2, 1)), ("started", date(2019, 3, 1))):
        first, last = f"{name}_from", f"{name}_to"
        assert codes(sri, **{first: on, last: on}) == {way.client.code}
        assert codes(sri, **{first: on + day}) == codes(sri, **{last: on - day}) == set()


def test_sex_age_substance_setting_and_programme(clinic, sri):
    year = timezone.localdate().year
    woman = factories.client(sex="F", birth_date=date(year - 22, 6, 1))
    way = factories.episode(woman, clinic, main_substance=Substance.OPIOIDS)
    factories.treatment(way, setting=Setting.INPATIENT, programme="tc")
    unknown = factories.client(birth_date=None)
    factories.episode(unknown, clinic)
    for wanted in (
        {"sex": "F"}, {"age_group": "20_24"}, {"main_substance": "opioids"}, {"setting": "inpatient"},
        {"programme": "tc"}, {"setting": "inpatient", "sex": "F", "main_substance": "opioids", "status": "open"},
    ):  # fmt: skip
        assert codes(sri, **wanted) == {woman.code}
    assert codes(sri, age_group="unknown") == {unknown.code}
    assert codes(sri, setting="outpatient") == codes(sri, setting="inpatient", sex="M") == set()


def test_the_setting_is_that_of_today(clinic, sri):
    treatment = factories.treatment(factories.episode(at=clinic), started_on=date(2019, 3, 1))
    TreatmentPhase.objects.create(
        treatment=treatment, programme="tc", setting=Setting.INPATIENT, starts_on=date(2019, 4, 1)
    )
    assert codes(sri, setting="inpatient") == {treatment.client.code}
    assert codes(sri, setting="outpatient") == set()


def test_silence_is_a_time_without_contact_of_those_who_come_and_go(clinic, sri):
    today = timezone.localdate()
    silent, touched, resident = (
        factories.treatment(factories.episode(at=clinic), started_on=today - timedelta(days=60), setting=setting)
        for setting in (Setting.OUTPATIENT, Setting.OUTPATIENT, Setting.INPATIENT)
    )
    on = today - timedelta(days=10)
    session = Session.objects.create(
        facility=clinic, kind=SessionKind.GROUP, held_on=on, starts_at="09:00", led_by=sri, status=SessionStatus.HELD
    )
    for treatment, presence in ((touched, Presence.PRESENT), (silent, Presence.ABSENT)):
        Attendance.objects.create(
            session=session, treatment=treatment, client=treatment.client, held_on=on, presence=presence,
            recorded_at=timezone.now(), recorded_by=sri,
        )  # fmt: skip
    assert codes(sri, silent=30) == {silent.client.code}
    assert codes(sri, silent=10) == {silent.client.code, touched.client.code}
    assert codes(sri, silent=90) == set()
    assert resident.client.code not in codes(sri, silent=1)


def test_who_is_served_here_while_another_answers_is_found_too(clinic, sri):
    way = factories.episode(at=factories.facility(), main_substance=Substance.ALCOHOL)
    factories.treatment(way, facility=clinic)
    elsewhere = factories.episode(main_substance=Substance.ALCOHOL)
    assert codes(sri, main_substance="alcohol") == codes(sri, status="open") == {way.client.code}
    assert codes(sri, setting="outpatient") == {way.client.code}
    assert elsewhere.client.code not in codes(sri)


def test_the_nation_is_found_like_a_facility(clinic):
    staff = factories.user(Role.UNIT_STAFF, factories.unit("BNN"))
    way = factories.episode(at=clinic)
    factories.treatment(way, started_on=date(2019, 3, 1))
    assert (
        codes(staff, opened_from=date(2019, 1, 1), opened_to=date(2019, 12, 31))
        == codes(staff, started_to=date(2019, 3, 1), status="open")
        == codes(staff, facilities=frozenset({clinic.pk}))
        == {way.client.code}
    )
    assert codes(staff, facilities=frozenset()) == codes(staff, status="closed") == set()
