"""Each difference by member with its reason, by facility: against this moment, and of a later report against a sealed one."""

from datetime import date

import pytest

from clients.enums import AdmissionGroup
from clients.models import Treatment
from rehab import periods
from reports.actions import asking
from reports.models import Report
from reports.queries.changes import changes, earlier_sealed, since_sealed
from tests import factories
from tests.reports import makers
from tests.reports.ready import people, province, quiet, ready, sealed

pytestmark = pytest.mark.django_db
JUNE, SEPTEMBER = periods.parse("2019-06"), periods.parse("2019-09")


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    return quiet(monkeypatch)


@pytest.fixture
def where():
    """Treatments of March, April and May."""
    return province(3)[0]


@pytest.fixture
def head(where):
    return people(where)[1]


@pytest.fixture
def june(where, head) -> Report:
    return sealed(where, head, ready(where, JUNE))


def of_clients(lines):
    return next(line for line in lines if line.line.indicator == "clients_rehabilitated")


def test_nothing_changed_is_nothing_to_explain(june):
    line = of_clients(changes(june))
    assert (line.sealed, line.now, line.difference, line.is_changed, line.places) == (3, 3, 0, False, [])


def test_a_late_entry_says_since_when_it_is_recorded(where, june):
    late = makers.counted(where.facilities.get(), date(2019, 6, 30))
    (added,) = of_clients(changes(june)).added
    assert (added.code, added.on) == (late.client.code, date(2019, 6, 30))
    assert added.recorded == late.events.order_by("pgh_id").first().pgh_created_at


def test_a_changed_date_is_recorded_since_it_was_changed(where, june):
    late = makers.counted(where.facilities.get(), date(2019, 8, 1))
    Treatment.objects.filter(pk=late.pk).update(counted_on=date(2019, 6, 1), started_on=date(2019, 6, 1))
    (added,) = of_clients(changes(june)).added
    assert added.recorded == late.events.order_by("pgh_id").last().pgh_created_at


def test_what_no_longer_counts_says_where_it_counts_now(where, june):
    first, second, third = Treatment.objects.order_by("started_on")
    Treatment.objects.filter(pk=first.pk).update(counted_on=None)
    Treatment.objects.filter(pk=second.pk).update(counted_on=date(2019, 7, 1), started_on=date(2019, 7, 1))
    bali = factories.unit("BNNP-51", name="BNNP Bali")
    Treatment.objects.filter(pk=third.pk).update(unit=bali)
    removed = {each.code: each.how for each in of_clients(changes(june)).removed}
    assert removed[first.client.code] == ()
    assert removed[second.client.code] == (("Dihitung pada", "5 April 2019", "1 Juli 2019"),)
    ((what, _before, now),) = removed[third.client.code]
    assert (what, now) == ("Satuan kerja", "BNNP Bali")


def test_reclassified_says_from_what_to_what(where, june):
    Treatment.objects.filter(counted_on=date(2019, 3, 5)).update(admission_group=AdmissionGroup.LEGAL)
    line = of_clients(changes(june))
    (changed,) = line.reclassified
    assert (line.difference, changed.how) == (0, (("Jalur masuk", "Sukarela", "Hukum"),))


def test_differences_are_told_by_facility_where_most_changed_first(where, june):
    other = factories.facility("Rumah Damping", of=where)
    for day in (1, 2):
        makers.counted(other, date(2019, 6, day))
    makers.counted(where.facilities.exclude(pk=other.pk).get(), date(2019, 6, 3))
    Treatment.objects.filter(counted_on=date(2019, 3, 5)).update(admission_group=AdmissionGroup.LEGAL)
    places = of_clients(changes(june)).places
    told = [(name, group.balance, len(group.reclassified)) for name, group in places]
    assert told == [("Rumah Damping", 2, 0), ("Klinik Pratama BNNP Nusa Tenggara Timur", 1, 1)]


def test_a_later_report_tells_what_it_counts_otherwise_than_the_sealed_one(where, june):
    makers.counted(where.facilities.get(), date(2019, 6, 30))
    makers.counted(where.facilities.get(), date(2019, 7, 1))
    september = ready(where, SEPTEMBER)
    makers.counted(where.facilities.get(), date(2019, 5, 5))  # after its cut-off
    found = since_sealed(september)
    line = of_clients(found.lines)
    assert found.report == june
    assert (line.sealed, line.now, [each.on for each in line.added]) == (3, 4, [date(2019, 6, 30)])
    assert line.added[0].code


def test_states_of_another_day_are_no_difference(where, june):
    assert "gov_institutions_with_aftercare" not in {
        line.line.indicator for line in since_sealed(ready(where, SEPTEMBER)).lines if line.is_changed
    }


def test_without_a_sealed_report_before_it_there_is_nothing_to_compare(where, head):
    ready(where, JUNE)
    assert since_sealed(ready(where, SEPTEMBER)) is None


def test_neither_later_reports_nor_other_years_nor_other_units_are_compared_with(where, head, june):
    may = ready(where, periods.parse("2019-05"))
    assert earlier_sealed(may) is None
    assert earlier_sealed(ready(where, periods.parse("2020-03"))) is None
    assert earlier_sealed(ready(factories.unit("BNNK-5371"), SEPTEMBER)) is None


def test_a_revision_is_compared_with_what_it_revises(where, head, june):
    asking.revise(by=head, report=june)
    revision = ready(where, JUNE)
    assert revision.revision == 2
    assert earlier_sealed(revision) == june


def test_the_cost_does_not_grow_with_what_changed(where, june, django_assert_max_num_queries):
    makers.counted(where.facilities.get(), date(2019, 6, 1))
    with django_assert_max_num_queries(30) as one:
        changes(june)
    for day in (2, 3, 4):
        makers.counted(where.facilities.get(), date(2019, 6, day))
    with django_assert_max_num_queries(len(one)):
        changes(june)
