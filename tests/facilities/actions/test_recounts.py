"""Marks for the floors above: made with the terms, taken with the count, found again by the clock."""

from datetime import date

import pytest
from django.db import transaction

from facilities.actions import facilities, recounts, terms
from facilities.enums import Ownership, Recounting
from facilities.models import Recount
from rehab import jobs
from rehab.errors import Refused
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
TASKS = ["clients.recount", "aftercare.recount"]


@pytest.fixture
def place(db):
    return factories.facility(of=factories.unit("BNNP-53"), opened_on=date(2015, 1, 1))


@pytest.fixture
def by(place):
    return factories.user(Role.UNIT_ADMIN, factories.unit("BNN"))


@pytest.fixture
def sent(monkeypatch):
    calls = []
    monkeypatch.setattr(jobs, "_send", lambda task, keys: calls.append((task, keys)))
    return calls


def community(place):
    return terms.Values(**(vars(terms.Values.of(place)) | {"ownership": Ownership.COMMUNITY}))


def marks():
    return list(Recount.objects.values_list("what", "since"))


def test_a_change_and_a_correction_mark_their_days_for_each_floor(place, by, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        term = terms.change(by=by, facility=place, from_on=date(2020, 7, 1), values=community(place))
        terms.correct(by=by, term=term, values=terms.Values.of(place), reason="Salah catat")

    assert marks() == [(task, date(2020, 7, 1)) for task in TASKS] * 2
    assert sent == [(task, {"facility_id": place.pk}) for task in TASKS] * 2


def test_a_facility_that_opened_earlier_is_counted_again_from_then(place, by):
    place.terms.update(starts_on=date(2015, 1, 1))
    facilities.edit(by=by, facility=place, version=1, opened_on=date(2012, 1, 1))

    assert marks() == [(task, date(2012, 1, 1)) for task in TASKS]


def test_a_refused_change_marks_nothing(place, by):
    with pytest.raises(Refused):
        terms.change(by=by, facility=place, from_on=date(2020, 7, 1), values=terms.Values.of(place))
    assert marks() == []


def test_a_floor_takes_its_own_marks_and_the_earliest_of_their_days(place):
    other = factories.facility()
    for facility, day in ((place, date(2020, 7, 1)), (place, date(2019, 1, 1)), (other, date(2018, 1, 1))):
        recounts.ask(facility, day)

    assert recounts.take(Recounting.TREATMENTS, place.pk) == date(2019, 1, 1)
    assert recounts.take(Recounting.TREATMENTS, place.pk) is None
    assert recounts.take(Recounting.AFTERCARE, place.pk) == date(2019, 1, 1)
    assert recounts.take(Recounting.TREATMENTS, other.pk) == date(2018, 1, 1)


def test_a_count_that_fails_leaves_its_marks(place):
    recounts.ask(place, date(2020, 7, 1))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        recounts.take(Recounting.TREATMENTS, place.pk)
        raise ZeroDivisionError
    assert recounts.take(Recounting.TREATMENTS, place.pk) == date(2020, 7, 1)


def test_the_clock_sends_each_facility_that_is_left_over_once(place, sent, django_capture_on_commit_callbacks):
    recounts.ask(place, date(2020, 7, 1))
    recounts.ask(place, date(2019, 7, 1))
    with django_capture_on_commit_callbacks(execute=True):
        recounts.send_again(Recounting.AFTERCARE)
    assert sent == [("aftercare.recount", {"facility_id": place.pk})]
