"""What each indicator counts, and what it must not."""

from datetime import date, timedelta

import pytest

from aftercare.enums import Relapse
from clients.enums import Outcome
from facilities.models import FacilityTerm
from rehab import periods
from reports.indicators import REGISTRY, Rules
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
YEAR = periods.year(2019)
DAY = date(2019, 5, 2)


def members(key, unit, period=YEAR, rules=None):
    return REGISTRY[key].members([unit.pk], period, rules or Rules())


@pytest.fixture
def ntt():
    return factories.unit("BNNP-53")


def test_a_treatment_counts_only_with_a_counted_date(ntt):
    clinic = factories.facility(of=ntt)
    counted = makers.counted(clinic, DAY)
    factories.treatment(factories.episode(at=clinic))
    factories.treatment(factories.episode(at=clinic, assessed_on=DAY), started_on=DAY)
    makers.counted(factories.facility(of=factories.unit("BNNP-51")), DAY)
    assert list(members("clients_rehabilitated", ntt)) == [counted]


@pytest.mark.parametrize("code", ["BNNP-36", "BNNP-53", "BNNP-91"])
def test_a_year_is_half_open_in_every_zone(code):
    unit = factories.unit(code)
    clinic = factories.facility(of=unit)
    makers.counted(clinic, date(2018, 12, 31))
    first, last = makers.counted(clinic, date(2019, 1, 1)), makers.counted(clinic, date(2019, 12, 31))
    makers.counted(clinic, date(2020, 1, 1))
    assert set(members("clients_rehabilitated", unit)) == {first, last}


def test_a_treatment_counts_for_the_unit_it_carries_not_for_todays_supervisor(ntt):
    clinic = factories.facility(of=ntt)
    treatment = makers.counted(clinic, DAY)
    clinic.unit = factories.unit("BNNK-5371")
    clinic.save()
    assert list(members("clients_rehabilitated", ntt)) == [treatment]
    assert not members("clients_rehabilitated", clinic.unit).exists()


def test_a_tat_case_counts_with_its_letter(ntt):
    case = makers.tat(ntt, date(2019, 12, 31))
    makers.tat(ntt, None)
    makers.tat(ntt, date(2020, 1, 1))
    makers.tat(factories.unit("BNNP-51"), DAY)
    assert list(members("tat_clients", ntt)) == [case]


def test_an_aftercare_plan_counts_with_its_first_contact(ntt):
    clinic = factories.facility(of=ntt)
    met = makers.plan(makers.completed(clinic, DAY), first_contact_on=DAY + timedelta(days=30))
    makers.plan(makers.completed(clinic, DAY))
    makers.plan(makers.completed(clinic, DAY), first_contact_on=date(2020, 1, 1))
    assert list(members("aftercare_clients", ntt)) == [met]


def test_an_institution_counts_once_a_year_for_the_unit_that_came_first(ntt):
    other = factories.unit("BNNK-5371")
    yayasan = factories.facility(of=ntt)
    makers.strengthened(yayasan, ntt, date(2018, 12, 31))
    makers.strengthened(yayasan, ntt, date(2019, 6, 1))
    first = makers.strengthened(yayasan, ntt, date(2019, 2, 1))
    makers.strengthened(yayasan, other, date(2019, 2, 1))
    assert list(members("institutions_strengthened", ntt)) == [first]
    assert not members("institutions_strengthened", other).exists()
    # A later activity does not make it count again in a later month of the year.
    assert not members("institutions_strengthened", ntt, periods.month(2019, 6)).exists()
    assert members("institutions_strengthened", ntt, periods.month(2019, 2)).count() == 1


def test_aftercare_facilities_are_the_governments_own_whose_flag_holds_on_the_last_day(ntt):
    offering = factories.facility(of=ntt, offers_aftercare=True)
    factories.facility(of=ntt)
    factories.facility(of=ntt, offers_aftercare=True, ownership="community")
    stopped = factories.facility(of=ntt, offers_aftercare=True)
    stopped.terms.update(ends_on=date(2019, 12, 31))
    later = factories.facility(of=ntt, offers_aftercare=True)
    later.terms.update(starts_on=date(2020, 1, 1))
    closed = factories.facility(of=ntt, offers_aftercare=True, closed_on=date(2019, 7, 1))
    found = members("aftercare_facilities", ntt)
    assert [term.facility for term in found] == [offering]
    before = members("aftercare_facilities", ntt, periods.month(2019, 6))
    assert {term.facility for term in before} == {offering, stopped, closed}


def test_aftercare_facilities_count_for_who_supervised_them_then(ntt):
    clinic = factories.facility(of=ntt, offers_aftercare=True)
    clinic.terms.update(ends_on=date(2019, 7, 1))
    other = factories.unit("BNNK-5371")
    FacilityTerm.objects.create(
        facility=clinic, unit=other, ownership="government", offers_aftercare=True, starts_on=date(2019, 7, 1)
    )
    assert members("aftercare_facilities", ntt, periods.month(2019, 6)).count() == 1
    assert members("aftercare_facilities", ntt).count() == 0
    assert members("aftercare_facilities", other).count() == 1


def known(unit, period=YEAR, rules=None):
    return {each.pk: (each.on, each.by_relapse) for each in members("not_relapsed_pct", unit, period, rules)}


def test_a_completed_way_counts_at_the_end_of_its_window(ntt):
    clinic = factories.facility(of=ntt)
    shorter = makers.completed(clinic, date(2018, 8, 31))
    last = makers.completed(clinic, date(2019, 6, 30))
    makers.completed(clinic, date(2018, 6, 30))
    makers.completed(clinic, date(2019, 7, 1))
    makers.completed(clinic, DAY, outcome=Outcome.DROP_OUT)
    assert known(ntt) == {
        shorter.pk: (date(2019, 2, 28), "unknown"),
        last.pk: (date(2019, 12, 30), "unknown"),
    }


def test_only_the_last_treatment_of_an_episode_counts(ntt):
    clinic, other = factories.facility(of=ntt), factories.facility(of=ntt)
    first = makers.completed(clinic, date(2019, 3, 1))
    second = factories.treatment(
        first.episode, facility=other, started_on=date(2019, 3, 1), ended_on=date(2019, 5, 1), outcome=Outcome.COMPLETED
    )
    assert known(ntt).keys() == {second.pk}
    second.ended_on = second.outcome = None
    second.save()
    assert known(ntt) == {}


@pytest.mark.parametrize(
    ("follow_ups", "expected"),
    [
        ([], "unknown"),
        ([(0, Relapse.NO)], "no"),
        ([(-30, Relapse.NO)], "no"),
        ([(30, Relapse.NO)], "no"),
        ([(-31, Relapse.NO)], "unknown"),
        ([(31, Relapse.NO)], "unknown"),
        ([(0, Relapse.UNKNOWN)], "unknown"),
        ([(-5, Relapse.NO), (2, Relapse.UNKNOWN)], "unknown"),
        ([(-2, Relapse.UNKNOWN), (1, Relapse.NO)], "no"),
        ([(-3, Relapse.UNKNOWN), (3, Relapse.NO)], "no"),
        ([(-100, Relapse.YES), (0, Relapse.NO)], "yes"),
        ([(0, Relapse.YES)], "yes"),
        # After the window it is no relapse in the window; what the nearest says is not "no" either.
        ([(5, Relapse.YES)], "unknown"),
        ([(-4, Relapse.NO), (20, Relapse.YES)], "no"),
        # Before the treatment was completed nothing is aftercare.
        ([(-185, Relapse.YES)], "unknown"),
    ],
)
def test_what_is_known_about_relapse(ntt, follow_ups, expected):
    treatment = makers.completed(factories.facility(of=ntt), DAY)
    plan = makers.plan(treatment)
    for days, relapse in follow_ups:
        makers.follow_up(plan, date(2019, 11, 2) + timedelta(days=days), relapse)
    # Somebody else's follow-up says nothing about this client.
    makers.follow_up(
        makers.plan(makers.completed(factories.facility(of=factories.unit("BNNP-51")), DAY)), date(2019, 11, 2)
    )
    assert known(ntt) == {treatment.pk: (date(2019, 11, 2), expected)}


def test_what_is_only_reported_has_no_members():
    with pytest.raises(ValueError, match="ikr"):
        REGISTRY["ikr"].members(None, YEAR)
