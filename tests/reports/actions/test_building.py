"""A report is built once, from one moment, by whoever holds its lease."""

import threading
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from facilities.models import FacilityTerm
from rehab import periods
from reports.actions import asking, building, leases
from reports.enums import ReportStatus
from reports.models import Report, ReportLine, ReportRun, RunMember
from tests.factories import facility
from tests.reports import makers
from tests.reports.ready import YEAR, cut, people, province, quiet, ready

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    return quiet(monkeypatch)


def line(report: Report, indicator: str = "clients_rehabilitated") -> ReportLine:
    return report.lines.get(indicator=indicator)


def test_lines_and_members_are_those_that_the_figures_count():
    where, clinic = province(3)
    makers.target(where, 60)
    makers.tat(where, date(2019, 5, 1))
    report = ready(where)
    assert (report.status, report.progress, report.attempts) == (ReportStatus.READY, 100, 1)
    assert (report.as_of, report.lease_token, report.lease_until) == (date(2019, 12, 31), None, None)
    counted = line(report)
    assert (counted.realised, counted.target, counted.definition_version) == (3, 60, 1)
    assert counted.title == "Klien direhabilitasi"
    members = report.counted_members("clients_rehabilitated").order_by("counted_on")
    assert [(each.source, each.facility_id, each.counted_on) for each in members] == [
        ("clients.treatment", clinic.pk, date(2019, month, 5)) for month in (3, 4, 5)
    ]
    assert members[0].values["by_setting"] == "outpatient"
    assert members[0].person_id
    assert [table["key"] for table in counted.breakdowns["tables"]][:2] == ["by_admission", "by_setting"]
    assert counted.breakdowns["tables"][1]["rows"] == [["outpatient", "Rawat jalan", 3]]
    assert [month["realised"] for month in counted.months][:5] == ["0", "0", "1", "1", "1"]
    assert report.counted_members("tat_clients").get().source == "assessments.tatcase"


def test_a_unit_without_targets_gets_its_report():
    where, _ = province(1)
    assert line(ready(where)).target is None


def test_a_quarter_covers_january_to_its_end_and_says_what_was_in_it():
    where, _ = province(3)
    report = ready(where, periods.quarter(2019, 2))
    assert (line(report).realised, line(report).in_period) == (3, 2)


def test_a_percentage_keeps_both_sides():
    where, clinic = province(0)
    makers.follow_up(makers.plan(makers.completed(clinic, date(2019, 3, 1))), date(2019, 8, 30))
    makers.completed(clinic, date(2019, 3, 2))
    report = ready(where)
    found = line(report, "not_relapsed_pct")
    assert (found.realised, found.numerator, found.denominator) == (Decimal(50), 1, 2)
    assert report.counted_members("not_relapsed_pct").count() == 2


def test_an_institution_is_kept_as_itself():
    where, _ = province(0)
    place = facility(of=where)
    makers.strengthened(place, where, date(2019, 6, 1))
    member = ready(where).counted_members("institutions_strengthened").get()
    assert (member.source, member.source_id) == ("facilities.facility", place.pk)


def test_building_twice_changes_nothing():
    where, _ = province(1)
    report = ready(where)
    assert building.build(report_id=report.pk) is False
    assert building.build(report_id=report.pk + 1) is False
    assert RunMember.objects.count() == 1


def test_counting_again_takes_what_came_and_keeps_what_was_typed():
    where, clinic = province(1)
    report = ready(where)
    ReportLine.objects.filter(pk=line(report).pk).update(obstacle="Tenaga kurang")
    makers.counted(clinic, date(2019, 12, 1))
    staff, _ = people(where)
    cut(asking.rebuild(by=staff, report=report).run)
    assert building.build(report_id=report.pk)
    assert (line(report).realised, line(report).obstacle) == (2, "Tenaga kurang")
    assert report.lines.filter(indicator="clients_rehabilitated").count() == 1
    assert ReportRun.objects.get().members.count() == 2, "the run that nobody refers to any more is gone"


def waiting(treatments: int = 1) -> Report:
    """Cut, and waiting to be built."""
    report = asking.ask(by=None, unit=province(treatments)[0], period=YEAR)
    cut(report.run)
    return report


def test_a_report_is_not_built_before_its_run_is_cut():
    report = asking.ask(by=None, unit=province(1)[0], period=YEAR)
    assert building.build(report_id=report.pk) is False
    assert Report.objects.get().attempts == 0


def test_a_leased_report_is_left_alone_until_the_lease_runs_out():
    report = waiting()
    first = leases.claim(leases.REPORT, report.pk)
    assert first is not None
    assert leases.claim(leases.REPORT, report.pk) is None
    Report.objects.update(lease_until=Now() - timedelta(seconds=1))
    second = leases.claim(leases.REPORT, report.pk)
    assert second is not None
    assert second.token != first.token
    assert Report.objects.get().attempts == 2


def test_who_lost_the_lease_writes_nothing(monkeypatch):
    report = waiting()
    count = building.count

    def slow(held):
        result = count(held)
        Report.objects.update(lease_until=Now() - timedelta(seconds=1), lease_token=uuid4())
        building.write(leases.claim(leases.REPORT, report.pk), count(held))
        return result

    monkeypatch.setattr(building, "count", slow)
    assert building.build(report_id=report.pk) is False
    assert Report.objects.get().status == ReportStatus.READY
    assert Report.objects.get().lines.filter(indicator="clients_rehabilitated").count() == 1


def test_what_comes_after_the_cut_is_not_in_it():
    where, clinic = province(1)
    report = asking.ask(by=None, unit=where, period=YEAR)
    cut(report.run)
    makers.counted(clinic, date(2019, 9, 9))
    building.build(report_id=report.pk)
    report.refresh_from_db()
    assert (line(report).realised, report.counted_members("clients_rehabilitated").count()) == (1, 1)
    assert report.cut_off == report.run.cut_off


def test_the_year_before_stands_beside_to_the_same_date_with_its_target():
    where, clinic = province(2)
    makers.target(where, 50, year=2018)
    for on in (date(2018, 2, 1), date(2018, 6, 30), date(2018, 7, 1)):
        makers.counted(clinic, on)
    found = line(ready(where, periods.quarter(2019, 2)))
    assert (found.realised, found.last_year, found.last_target) == (2, 2, 50)


def test_a_state_is_told_of_each_month_and_kept_as_of_the_last_day():
    where, clinic = province(0)
    FacilityTerm.objects.filter(facility=clinic).update(offers_aftercare=True, starts_on=date(2019, 5, 15))
    report = ready(where, periods.semester(2019, 1))
    found = line(report, "aftercare_facilities")
    assert (found.realised, found.in_period, found.last_year) == (1, 1, None)
    assert [month["realised"] for month in found.months] == ["0", "0", "0", "0", "1", "1"]
    assert report.counted_members("aftercare_facilities").get().counted_on == date(2019, 6, 30)


def test_a_week_counts_from_january_and_says_what_was_in_it():
    where, clinic = province(0)
    for on in (date(2019, 12, 29), date(2019, 12, 30), date(2020, 1, 1), date(2020, 1, 5), date(2020, 1, 6)):
        makers.counted(clinic, on)
    report = ready(where, periods.week(2020, 1))
    assert (line(report).realised, line(report).in_period, line(report).last_year) == (2, 3, 0)
    assert report.counted_members("clients_rehabilitated").count() == 2


def test_an_error_frees_the_report_and_five_end_it(monkeypatch):
    report = waiting()

    def breaks(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(building, "count", breaks)
    for attempt in range(1, 6):
        with pytest.raises(ZeroDivisionError):
            building.build(report_id=report.pk)
        report.refresh_from_db()
        assert (report.attempts, report.error, report.lease_token) == (attempt, "ZeroDivisionError", None)
    assert report.status == ReportStatus.FAILED
    assert building.build(report_id=report.pk) is False


def test_a_worker_killed_five_times_ends_it_too():
    report = waiting()
    Report.objects.update(status=ReportStatus.BUILDING, attempts=5, lease_until=timezone.now() - timedelta(seconds=1))
    assert building.build(report_id=report.pk) is False
    report.refresh_from_db()
    assert (report.status, report.error) == (ReportStatus.FAILED, "killed")


def test_the_keeper_renews_the_lease(monkeypatch):
    monkeypatch.setattr(leases, "RENEWED_EVERY", 0.05)
    report = waiting()
    lease = leases.claim(leases.REPORT, report.pk)
    Report.objects.update(lease_until=Now() + timedelta(seconds=1))
    with leases.kept(lease):
        for _ in range(100):
            report.refresh_from_db()
            if report.lease_until > timezone.now() + timedelta(seconds=20):
                break
            threading.Event().wait(0.02)
    assert report.lease_until > timezone.now() + timedelta(seconds=20)


def test_more_members_cost_no_more_queries():
    where, clinic = province(1)
    first, small, large = _Counter(), _Counter(), _Counter()
    for counter, period in ((first, YEAR), (small, periods.quarter(2019, 4)), (large, periods.semester(2019, 2))):
        report = asking.ask(by=None, unit=where, period=period)
        with connection.execute_wrapper(counter):
            cut(report.run)
            building.build(report_id=report.pk)
        for month in range(7, 10):
            makers.counted(clinic, date(2019, month, 7))
    assert small.count == large.count


class _Counter:
    count = 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        return execute(sql, params, many, context)
