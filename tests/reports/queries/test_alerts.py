from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rehab import periods
from rehab.models import TunableValue
from reports.enums import FigureScope
from reports.queries import Standing, figures
from reports.queries.alerts import OVER_FROM, AlertKind, alerts, per_month
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
MID = date(2019, 7, 2)  # the 183rd of 365 days
CLIENTS = "clients_rehabilitated"


@pytest.fixture
def ntt():
    return factories.unit("BNNP-53")


def counted(unit, times):
    clinic = factories.facility(of=unit)
    for _ in range(times):
        makers.counted(clinic, date(2019, 3, 3))


def own(unit, today=MID):
    return {alert.indicator.key: alert for alert in alerts(unit, 2019, today=today).own}


@pytest.mark.parametrize(
    ("reached", "kind"),
    [(0, AlertKind.BEHIND), (7, AlertKind.BEHIND), (8, AlertKind.ATTENTION), (9, AlertKind.ATTENTION), (10, None),
     (12, None), (13, AlertKind.OVER)],
)  # fmt: skip
def test_a_target_is_judged_by_what_was_expected_by_today(ntt, reached, kind):
    counted(ntt, reached)
    makers.target(ntt, 0, months=(0,) * 12)
    makers.target(ntt, 20, months=(1, 2, 2, 2, 2, 1, 0, 0, 0, 0, 0, 10))
    found = own(ntt)
    assert (found[CLIENTS].kind if found else None) == kind


def test_forecast_and_what_is_missing_a_month(ntt):
    counted(ntt, 10)
    makers.target(ntt, 73)
    found = own(ntt)[CLIENTS]
    assert found.expected == Decimal(73) * 183 / 365
    assert (found.share, found.kind, found.missing) == (Decimal("27.32"), AlertKind.BEHIND, 63)
    assert found.forecast == found.realised / found.expected * 73
    assert found.per_month == Decimal("10.7")
    assert own(ntt, date(2019, 2, 28))[CLIENTS].forecast is None
    over = own(ntt, date(2020, 2, 28))[CLIENTS]
    assert (over.forecast, over.per_month, over.missing) == (None, None, 63)


@pytest.mark.parametrize(
    ("day", "needed"),
    [(date(2019, 6, 30), "10.0"), (date(2019, 12, 31), None), (date(2019, 11, 30), "60.0"), (date(2019, 11, 15), "40.0"),
     (date(2019, 1, 1), "5.1")],
)  # fmt: skip
def test_what_is_left_is_shared_by_the_months_that_are_left_rounded_up(day, needed):
    assert per_month(Decimal(60), day) == (Decimal(needed) if needed else None)


def test_nothing_is_said_too_early_or_of_the_unknown(ntt):
    counted(ntt, 0)
    makers.target(ntt, 60)
    assert own(ntt, date(2019, 1, 3)) == {}
    assert own(ntt, date(2019, 1, 10))[CLIENTS].kind is AlertKind.BEHIND
    assert alerts(ntt, 2019, today=date(2018, 12, 31)).begun is False
    makers.reported(ntt, 58)
    assert own(ntt, date(2020, 1, 1)) == {}
    quiet = factories.unit("BNNP-51")
    quiet.activated_on = None
    quiet.save()
    makers.target(quiet, 60)
    assert own(quiet) == {}


def test_a_percentage_is_expected_whole_and_has_no_months(ntt):
    makers.follow_up(
        makers.plan(makers.completed(factories.facility(of=ntt), date(2018, 9, 2))), date(2019, 3, 2), "yes"
    )
    makers.target(ntt, 50, indicator="not_relapsed_pct")
    found = own(ntt)["not_relapsed_pct"]
    assert (found.kind, found.forecast, found.missing, found.per_month) == (AlertKind.BEHIND, None, None, None)


def test_units_below_are_told_with_their_own_scope(ntt):
    kupang, bali = factories.unit("BNNK-5371"), factories.unit("BNNP-51")
    counted(ntt, 3)
    counted(kupang, 9)
    makers.target(ntt, 20, scope=FigureScope.TREE)
    makers.target(kupang, 40)
    makers.target(bali, 40)
    found = alerts(factories.unit("BNN"), 2019, today=MID)
    assert found.own == ()
    assert [(each.node.code, each.kind, each.realised) for each in found.below] == [
        ("BNNP-51", AlertKind.BEHIND, 0),
        ("BNNK-5371", AlertKind.BEHIND, 9),
    ]
    assert alerts(ntt, 2019, today=MID).below[0].node == found.below[1].node


def test_the_settings_decide(ntt):
    counted(ntt, 13)
    makers.target(ntt, 20)
    assert own(ntt)[CLIENTS].kind is AlertKind.OVER
    TunableValue.objects.create(key=OVER_FROM, value=150, source_note="x")
    assert own(ntt) == {}


def test_it_says_the_same_as_the_page_of_figures(ntt):
    counted(ntt, 4)
    makers.target(ntt, 20)
    row = figures(ntt, periods.year(2019), today=MID).row(CLIENTS)
    found = own(ntt)[CLIENTS]
    assert (row.realised, row.expected, row.forecast) == (found.realised, found.expected, found.forecast)
    assert row.standing is Standing.BEHIND


def test_five_queries_however_many_units(ntt):
    nation = factories.unit("BNN")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            alerts(nation, 2019, today=MID)
        return len(captured)

    makers.target(ntt, 20)
    assert queries() == 5
    for code in ("BNNK-5371", "BNNP-51", "BNNK-5172"):
        unit = factories.unit(code)
        counted(unit, 1)
        makers.target(unit, 20)
        makers.target(unit, 20, indicator="tat_clients")
    assert queries() == 5
