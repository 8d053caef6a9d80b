"""What was recorded of a facility was wrong: its treatments are counted again by what held."""

from datetime import date

import pytest

from clients import tasks
from clients.actions import counting
from facilities.actions import terms
from facilities.enums import Ownership
from facilities.models import Recount
from rehab import jobs
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.reports.makers import counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db):
    return factories.facility(of=factories.unit("BNNP-53"))


@pytest.fixture
def bali():
    return factories.unit("BNNP-51")


@pytest.fixture
def by():
    return factories.user(Role.UNIT_ADMIN, factories.unit("BNN"))


def values(place, **other):
    return terms.Values(**(vars(terms.Values.of(place)) | other))


def columns(treatment):
    treatment.refresh_from_db()
    return treatment.unit.code, treatment.ownership


def test_a_correction_counts_the_days_of_its_term_again_and_no_others(place, bali, by):
    before, first, last, after = (
        counted(place, day) for day in (date(2018, 12, 31), date(2019, 1, 1), date(2019, 12, 31), date(2020, 1, 1))
    )
    elsewhere = counted(factories.facility(of=place.unit), date(2019, 6, 1))
    for day, ownership in ((date(2019, 1, 1), Ownership.COMMUNITY), (date(2020, 1, 1), Ownership.GOVERNMENT)):
        place.refresh_from_db()
        terms.change(by=by, facility=place, from_on=day, values=values(place, ownership=ownership))
    counting.recount_facility(facility=place)
    assert columns(first) == columns(last) == ("BNNP-53", "community")

    wrong = place.terms.get(starts_on=date(2019, 1, 1))
    terms.correct(by=by, term=wrong, values=values(wrong, unit=bali), reason="Salah catat")
    assert columns(first) == ("BNNP-53", "community")
    assert counting.recount_facility(facility=place) == 2

    assert columns(first) == columns(last) == ("BNNP-51", "community")
    assert columns(before) == columns(after) == columns(elsewhere) == ("BNNP-53", "government")


def test_planned_and_started_treatments_follow_too(place, bali, by):
    planned = factories.treatment(factories.episode(at=place), planned_on=date(2020, 5, 1))
    begun = factories.treatment(factories.episode(at=place), planned_on=date(2019, 12, 1), started_on=date(2020, 1, 2))
    begun_before = factories.treatment(
        factories.episode(at=place), planned_on=date(2020, 5, 1), started_on=date(2019, 12, 31)
    )
    terms.change(by=by, facility=place, from_on=date(2020, 1, 1), values=values(place, unit=bali))
    counting.recount_facility(facility=place)

    assert [columns(row)[0] for row in (planned, begun, begun_before)] == ["BNNP-51", "BNNP-51", "BNNP-53"]


def test_a_recount_is_recorded_with_its_count_and_the_second_finds_nothing(place, bali, by):
    counted(place, date(2019, 6, 1))
    terms.correct(by=by, term=place.terms.get(), values=values(place, unit=bali), reason="Salah catat")

    assert [counting.recount_facility(facility=place) for _ in range(2)] == [1, 0]
    event = AuditEvent.objects.get(verb="treatments.recounted")
    assert (event.actor, event.place, event.data) == ("Titian", place.code, {"since": "2002-03-22", "changed": 1})


def test_many_treatments_take_the_same_queries_as_one(place, bali, by, django_assert_num_queries):
    for number in range(1, 6):
        counted(place, date(2019, number, 1))
    terms.correct(by=by, term=place.terms.get(), values=values(place, unit=bali), reason="Salah catat")

    with django_assert_num_queries(7):
        counting.recount_facility(facility=place)


def test_the_clock_finds_what_never_reached_a_worker(place, bali, by, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(jobs, "_send", lambda task, keys: None)
    treatment = counted(place, date(2019, 6, 1))
    with django_capture_on_commit_callbacks(execute=True):
        terms.correct(by=by, term=place.terms.get(), values=values(place, unit=bali), reason="Salah catat")
    assert columns(treatment)[0] == "BNNP-53"

    monkeypatch.setattr(jobs, "_send", lambda task, keys: tasks.recount(**keys) if task == tasks.recount.name else None)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.recounts_left_over()
    assert columns(treatment)[0] == "BNNP-51"
    assert list(Recount.objects.values_list("what", flat=True)) == ["aftercare.recount"]
    assert tasks.recounts_left_over in jobs.due_work()
