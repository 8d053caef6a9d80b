from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftercare.enums import Relapse
from facilities.models import UnitTerm
from rehab import periods
from reports.actions.cells import fold
from reports.enums import FigureScope
from reports.indicators import COUNTED, REGISTRY
from reports.models import ReportedFigure
from reports.queries import Source, Standing, Wanted, figures, members, realised
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
YEAR = periods.year(2019)
CLIENTS = REGISTRY["clients_rehabilitated"]
OWN, TREE = FigureScope.OWN, FigureScope.TREE


@pytest.fixture
def ntt():
    return factories.unit("BNNP-53")


def row(place, key="clients_rehabilitated", period=YEAR, **kwargs):
    return figures(place, period, **kwargs).row(key)


def test_a_figure_stands_against_the_target_in_force_at_the_end_of_the_period(ntt):
    clinic = factories.facility(of=ntt)
    for month in range(1, 6):
        makers.counted(clinic, date(2019, month, 3))
    makers.target(ntt, 10)
    makers.target(ntt, 6, in_force_on=date(2019, 9, 1))
    makers.target(ntt, 99, in_force_on=date(2020, 1, 1))
    found = row(ntt)
    assert (found.realised, found.target, found.achievement) == (5, 6, Decimal("83.33"))
    assert row(ntt, period=periods.january_to(2019, 8)).target == 10
    assert found.standing is Standing.ATTENTION


def test_without_a_target_there_is_nothing_to_stand_against(ntt):
    makers.counted(factories.facility(of=ntt), date(2019, 3, 3))
    found = row(ntt)
    assert (found.realised, found.target, found.achievement, found.expected, found.forecast, found.standing) == (
        1, None, None, None, None, None,
    )  # fmt: skip
    makers.target(ntt, 0)
    assert (row(ntt).achievement, row(ntt).standing) == (None, None)


@pytest.mark.parametrize("today", [date(2019, 7, 1), date(2019, 7, 17), date(2021, 1, 1)])
@pytest.mark.parametrize("folded", [False, True])
def test_a_tree_counted_as_a_whole_says_what_its_parts_say_together(ntt, today, folded):
    outside = factories.facility(of=factories.unit("BNNP-51"))
    for at in (factories.facility(of=ntt), factories.facility(of=factories.unit("BNNK-5371")), outside):
        for day in (date(2018, 2, 1), date(2018, 7, 16), date(2018, 11, 3), date(2019, 1, 5), date(2019, 7, 17)):
            makers.counted(at, day)
        makers.completed(at, date(2019, 4, 3))
    if folded:
        fold()
    wanted = Wanted(last_year=True, uncounted=True)
    parts = figures(ntt, YEAR, scope=TREE, today=today, wanted=wanted)
    whole = figures(ntt, YEAR, scope=TREE, today=today, wanted=replace(wanted, parts=False))
    assert whole.rows == parts.rows
    assert whole.row("clients_rehabilitated").realised > 0
    # The same question again, after more has come.
    makers.counted(outside, date(2019, 1, 6))
    makers.counted(factories.facility(of=ntt), date(2019, 1, 6))
    again = figures(ntt, YEAR, scope=TREE, today=today, wanted=replace(wanted, parts=False))
    assert again.row("clients_rehabilitated").realised == whole.row("clients_rehabilitated").realised + 1


def test_the_whole_page_is_read_in_five_queries_however_much_there_is(ntt):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            figures(ntt, YEAR, scope=TREE)
        return len(captured)

    assert queries() == 5
    for _ in range(3):
        clinic = factories.facility(of=ntt, offers_aftercare=True)
        makers.plan(makers.counted(clinic, date(2019, 3, 3)), first_contact_on=date(2019, 4, 4))
    makers.target(ntt, 3)
    assert queries() == 5


def test_own_is_what_the_unit_supervises_and_tree_adds_the_units_below(ntt):
    kupang = factories.unit("BNNK-5371")
    makers.counted(factories.facility(of=ntt), date(2019, 3, 3))
    makers.counted(factories.facility(of=kupang), date(2019, 3, 3))
    makers.counted(factories.facility(of=factories.unit("BNNP-51")), date(2019, 3, 3))
    assert [row(ntt, scope=scope).realised for scope in (OWN, TREE)] == [1, 2]
    assert row(factories.unit("BNN")).realised == 3
    parts = figures(ntt, YEAR, scope=TREE).parts
    assert [(part.node.code, part.is_self, part.values["clients_rehabilitated"]) for part in parts] == [
        ("BNNP-53", True, 1),
        ("BNNK-5371", False, 1),
    ]


def test_the_tree_is_that_of_the_last_day_of_the_period(ntt):
    bali, moved = factories.unit("BNNP-51"), factories.unit("BNNK-5371")
    makers.counted(factories.facility(of=moved), date(2019, 3, 3))
    moved.terms.update(ends_on=date(2019, 7, 1))
    UnitTerm.objects.create(unit=moved, name=moved.name, parent=bali, starts_on=date(2019, 7, 1))
    first_half = periods.semester(2019, 1)
    assert [row(unit, period=first_half, scope=TREE).realised for unit in (ntt, bali)] == [1, 0]
    assert [row(unit, scope=TREE).realised for unit in (ntt, bali)] == [0, 1]


def test_what_a_dissolved_unit_counted_stays_with_its_last_parent(ntt):
    gone = factories.unit("BNNK-5371")
    makers.counted(factories.facility(of=gone), date(2019, 3, 3))
    gone.terms.update(ends_on=date(2019, 7, 1))
    found = figures(ntt, YEAR, scope=TREE)
    assert found.row("clients_rehabilitated").realised == 1
    assert [part.node.code for part in found.parts] == ["BNNP-53", "BNNK-5371"]
    assert [part.node.code for part in figures(ntt, periods.year(2021), scope=TREE).parts] == ["BNNP-53"]


def test_a_percentage_is_the_ratio_of_the_sums_never_an_average(ntt):
    def ended(unit, relapses):
        clinic = factories.facility(of=unit)
        for relapse in relapses:
            makers.follow_up(makers.plan(makers.completed(clinic, date(2019, 5, 2))), date(2019, 11, 2), relapse)

    ended(ntt, [Relapse.NO])
    ended(factories.unit("BNNK-5371"), [Relapse.NO, Relapse.YES, Relapse.UNKNOWN, Relapse.UNKNOWN, Relapse.UNKNOWN])
    found = row(ntt, "not_relapsed_pct", scope=TREE)
    assert (found.realised, found.count.members, found.count.hits) == (Decimal("33.33"), 6, 2)
    assert {each.value: each.members for each in found.results} == {"no": 2, "yes": 1, "unknown": 3}
    assert row(ntt, "not_relapsed_pct").realised == Decimal("100.00")
    assert row(factories.unit("BNNP-51"), "not_relapsed_pct").realised is None


def test_a_state_is_that_of_the_last_month_and_is_not_added_up(ntt):
    clinic = factories.facility(of=ntt, offers_aftercare=True)
    clinic.terms.update(starts_on=date(2019, 6, 15))
    found = row(ntt, "aftercare_facilities")
    assert found.realised == 1
    assert [month.value for month in found.months] == [0] * 5 + [1] * 7
    place = figures(ntt, YEAR).facilities["aftercare_facilities"][clinic.pk]
    assert place.count.members == 1


def test_expected_and_forecast_in_the_running_year(ntt):
    clinic = factories.facility(of=ntt)
    for month in range(1, 6):
        makers.counted(clinic, date(2019, month, 3))
    makers.target(ntt, 73)
    found = row(ntt, today=date(2019, 5, 5))
    assert found.expected == Decimal(73) * 125 / 365
    assert (found.as_of, found.this_month, found.standing) == (date(2019, 5, 5), 1, Standing.BEHIND)
    assert found.forecast == Decimal("14.6")
    assert row(ntt, today=date(2019, 2, 28)).forecast is None
    assert row(ntt, today=date(2020, 2, 28)).forecast is None
    assert [month.value for month in found.months] == [1] * 5 + [None] * 7


def test_a_monthly_split_says_what_was_expected(ntt):
    makers.target(ntt, 60, months=(0, 0, 10, 10, 10, 5, 5, 5, 5, 5, 5, 0))
    assert row(ntt, today=date(2019, 2, 28)).expected == 0
    assert row(ntt, today=date(2019, 4, 15)).expected == 15
    assert row(ntt, today=date(2019, 12, 31)).expected == 60
    assert row(ntt, period=periods.quarter(2019, 2), today=date(2020, 1, 1)).expected == 25
    assert [month.target for month in row(ntt).months][:4] == [0, 0, 10, 10]


def test_a_percentage_is_expected_whole_from_the_first_day(ntt):
    makers.target(ntt, 50, indicator="not_relapsed_pct")
    assert row(ntt, "not_relapsed_pct", today=date(2019, 1, 5)).expected == 50


def test_last_year_stands_beside_up_to_the_same_date(ntt):
    clinic = factories.facility(of=ntt)
    for day in (date(2019, 3, 3), date(2019, 3, 20), date(2019, 11, 1), date(2020, 3, 3)):
        makers.counted(clinic, day)
    found = row(ntt, period=periods.year(2020), today=date(2020, 3, 10))
    assert (found.realised, found.last_year) == (1, 1)
    assert [month.last_year for month in found.months] == [0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0]
    assert row(ntt).last_year is None


def test_leap_day_has_a_day_before_it_a_year_ago(ntt):
    ntt.activated_on = date(2015, 1, 1)
    ntt.save()
    makers.counted(factories.facility(of=ntt), date(2019, 2, 28))
    makers.counted(factories.facility(of=ntt), date(2019, 3, 1))
    assert row(ntt, period=periods.year(2020), today=date(2020, 2, 29)).last_year == 1


def test_a_unit_has_no_figures_before_it_existed_or_was_active(ntt):
    ntt.starts_on = date(2020, 1, 1)
    ntt.save()
    assert figures(ntt, YEAR).begun is False
    assert row(ntt).realised is None
    assert realised(CLIENTS, ntt, YEAR, today=date(2018, 5, 5)) is None


def test_reported_is_shown_beside_counted_and_never_added(ntt):
    makers.counted(factories.facility(of=ntt), date(2019, 3, 3))
    values = {"unit": ntt, "year": 2019, "indicator": "clients_rehabilitated", "title": "x", "source": "koran"}
    ReportedFigure.objects.create(**values, realised=57, target=60, as_of=date(2019, 11, 12))
    found = row(ntt)
    assert (found.source, found.realised, found.target, found.beside.realised) == (Source.COUNTED, 1, None, 57)
    assert row(ntt, scope=TREE).beside.realised == 57
    factories.unit("BNNK-5371")
    assert row(ntt, scope=TREE).beside is None


def test_a_facility_has_its_own_figures_without_targets(ntt):
    clinic, other = factories.facility(of=ntt), factories.facility(of=ntt)
    makers.counted(clinic, date(2019, 3, 3))
    makers.counted(other, date(2019, 3, 3))
    makers.target(ntt, 10)
    makers.tat(ntt, date(2019, 3, 3))
    found = figures(clinic, YEAR)
    assert (found.row("clients_rehabilitated").realised, found.row("clients_rehabilitated").target) == (1, None)
    assert found.row("tat_clients") is None


def test_what_was_started_and_does_not_count_yet_is_told(ntt):
    clinic = factories.facility(of=ntt)
    factories.treatment(factories.episode(at=clinic), started_on=date(2019, 3, 3))
    factories.treatment(factories.episode(at=clinic), started_on=date(2018, 3, 3))
    factories.treatment(factories.episode(at=clinic))
    assert figures(ntt, YEAR).uncounted == 1


MONTHS = st.integers(1, 12)
PLACES = st.integers(0, 3)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(PLACES, MONTHS, st.sampled_from(["outpatient", "inpatient"]), st.sampled_from(["M", "F"])),
        max_size=12,
    )
)
def test_parts_add_up_to_the_whole_and_members_are_what_was_counted(ntt, drawn):
    units = [ntt, ntt, factories.unit("BNNK-5371"), factories.unit("BNNK-5372")]
    clinics = [factories.facility(of=unit) for unit in units]
    made = [
        makers.counted(clinics[place], date(2019, month, 28), setting=setting, sex=sex).pk
        for place, month, setting, sex in drawn
    ]
    for scope, expected in ((TREE, len(made)), (OWN, sum(place < 2 for place, *_ in drawn))):
        found = figures(ntt, YEAR, scope=scope)
        clients = found.row("clients_rehabilitated")
        assert clients.realised == expected
        assert sum(month.value for month in clients.months) == expected
        assert {table.total for table in clients.breakdowns} <= {expected}
        if scope == OWN:
            places = found.facilities.get(CLIENTS.key, {}).values()
            assert sum(place.count.members for place in places) == expected
        assert members(CLIENTS, ntt, YEAR, scope).count() == expected
        assert realised(CLIENTS, ntt, YEAR, scope) == expected
        if scope == TREE:
            assert sum(part.values[CLIENTS.key] for part in found.parts) == expected
    for treatment in CLIENTS.members(None, YEAR):
        treatment.delete()


def test_every_counted_indicator_has_a_query_that_gives_what_figures_count(ntt):
    clinic = factories.facility(of=ntt, offers_aftercare=True)
    treatment = makers.completed(clinic, date(2019, 5, 2))
    makers.follow_up(makers.plan(treatment, first_contact_on=date(2019, 6, 2)), date(2019, 11, 2))
    makers.measured(treatment, 40, 60)
    makers.tat(ntt, date(2019, 5, 2))
    makers.strengthened(clinic, ntt, date(2019, 5, 2))
    makers.sheet(clinic, date(2019, 5, 2), 4)
    found = figures(ntt, YEAR)
    for indicator in COUNTED:
        behind = members(indicator, ntt, YEAR)
        assert [each.at_facility for each in behind] in ([clinic.pk], [None])
        assert found.row(indicator.key).count.members == len(behind) == 1


def test_a_year_to_come_tells_nothing_of_the_year_before_it_either(ntt):
    makers.counted(factories.facility(of=ntt), date(2019, 3, 3))
    found = row(ntt, period=periods.year(2020), today=date(2019, 11, 22))
    assert (found.realised, found.last_year) == (None, None)
    assert {month.last_year for month in found.months} == {None}
