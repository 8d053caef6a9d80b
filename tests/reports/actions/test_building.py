"""A report is built once, from one moment, by whoever holds its lease."""

import threading
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from rehab import periods
from reports.actions import asking, building, leases
from reports.enums import ReportStatus
from reports.models import Report, ReportLine, ReportMember
from tests.factories import facility, unit
from tests.reports import makers
from tests.reports.ready import YEAR, province, quiet, ready

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
    members = counted.members.order_by("counted_on")
    assert [(each.source, each.facility_id, each.counted_on) for each in members] == [
        ("clients.treatment", clinic.pk, date(2019, month, 5)) for month in (3, 4, 5)
    ]
    assert members[0].values["by_setting"] == "outpatient"
    assert members[0].person_id
    assert [table["key"] for table in counted.breakdowns["tables"]][:2] == ["by_admission", "by_setting"]
    assert counted.breakdowns["tables"][1]["rows"] == [["outpatient", "Rawat jalan", 3]]
    assert [month["realised"] for month in counted.months][:5] == ["0", "0", "1", "1", "1"]
    assert line(report, "tat_clients").members.get().source == "assessments.tatcase"


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
    found = line(ready(where), "not_relapsed_pct")
    assert (found.realised, found.numerator, found.denominator) == (Decimal(50), 1, 2)
    assert found.members.count() == 2


def test_an_institution_is_kept_as_itself():
    where, _ = province(0)
    place = facility(of=where)
    makers.strengthened(place, where, date(2019, 6, 1))
    member = line(ready(where), "institutions_strengthened").members.get()
    assert (member.source, member.source_id) == ("facilities.facility", place.pk)


def test_building_twice_changes_nothing():
    where, _ = province(1)
    report = ready(where)
    assert building.build(report_id=report.pk) is False
    assert building.build(report_id=report.pk + 1) is False
    assert ReportMember.objects.count() == 1


def test_counting_again_takes_what_came_and_keeps_what_was_typed():
    where, clinic = province(1)
    report = ready(where)
    ReportLine.objects.filter(pk=line(report).pk).update(obstacle="Tenaga kurang")
    makers.counted(clinic, date(2019, 12, 1))
    Report.objects.filter(pk=report.pk).update(status=ReportStatus.ASKED)
    assert building.build(report_id=report.pk)
    assert (line(report).realised, line(report).obstacle) == (2, "Tenaga kurang")
    assert report.lines.filter(indicator="clients_rehabilitated").count() == 1


def test_a_leased_report_is_left_alone_until_the_lease_runs_out():
    where, _ = province(1)
    report = asking.ask(by=None, unit=where, period=YEAR)
    first = leases.claim(report.pk)
    assert first is not None
    assert leases.claim(report.pk) is None
    Report.objects.update(lease_until=Now() - timedelta(seconds=1))
    second = leases.claim(report.pk)
    assert second is not None
    assert second.token != first.token
    assert Report.objects.get().attempts == 2


def test_who_lost_the_lease_writes_nothing(monkeypatch):
    where, _ = province(1)
    report = asking.ask(by=None, unit=where, period=YEAR)
    count = building.count

    def slow(*args):
        result = count(*args)
        # Another's token, so that the first one's keeper does not renew the lease between these two lines.
        Report.objects.update(lease_until=Now() - timedelta(seconds=1), lease_token=uuid4())
        other = leases.claim(report.pk)
        building.write(other, count(Report.objects.select_related("unit").get(), lambda _: None))
        return result

    monkeypatch.setattr(building, "count", slow)
    assert building.build(report_id=report.pk) is False
    assert Report.objects.get().status == ReportStatus.READY
    assert ReportMember.objects.count() == 1


def test_what_comes_while_counting_is_not_half_in_it(monkeypatch):
    """One moment for all: a treatment committed between two questions is in neither."""
    where, clinic = province(1)
    members = building._members

    def with_a_late_one(report, row, units):
        if row.indicator.key == "clients_rehabilitated":
            thread = threading.Thread(target=lambda: (makers.counted(clinic, date(2019, 9, 9)), connection.close()))
            thread.start()
            thread.join()
        return members(report, row, units)

    monkeypatch.setattr(building, "_members", with_a_late_one)
    found = line(ready(where))
    assert (found.realised, found.members.count()) == (1, 1)


def test_an_error_frees_the_report_and_five_end_it(monkeypatch):
    report = asking.ask(by=None, unit=unit(), period=YEAR)

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
    report = asking.ask(by=None, unit=unit(), period=YEAR)
    Report.objects.update(status=ReportStatus.BUILDING, attempts=5, lease_until=timezone.now() - timedelta(seconds=1))
    assert building.build(report_id=report.pk) is False
    report.refresh_from_db()
    assert (report.status, report.error) == (ReportStatus.FAILED, "killed")


def test_the_keeper_renews_the_lease_and_tells_the_progress():
    report = asking.ask(by=None, unit=unit(), period=YEAR)
    lease = leases.claim(report.pk)
    Report.objects.update(lease_until=Now() + timedelta(seconds=1))
    with leases.kept(lease) as keeper:
        keeper.tell(40)
        for _ in range(100):
            report.refresh_from_db()
            if report.progress == 40:
                break
            threading.Event().wait(0.02)
    assert report.progress == 40
    assert report.lease_until > timezone.now() + timedelta(seconds=20)


def test_more_members_cost_no_more_queries():
    where, clinic = province(1)
    report = Report.objects.select_related("unit", "unit__region").get(
        pk=asking.ask(by=None, unit=where, period=YEAR).pk
    )
    small, large = _Counter(), _Counter()
    with connection.execute_wrapper(small):
        building.count(report, lambda _: None)
    for _ in range(3):
        makers.counted(clinic, date(2019, 7, 7))
    with connection.execute_wrapper(large):
        building.count(report, lambda _: None)
    assert small.count == large.count


class _Counter:
    count = 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        return execute(sql, params, many, context)
