"""One run for the reports of many units: asked for once, cut at one moment, its tree the sum of its parts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from facilities.models import Unit
from rehab import periods
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from reports.actions import asking, building, cutting, leases, runs
from reports.enums import FigureScope, ReportStatus, RunStatus
from reports.models import Report, ReportLine, ReportRun, RunMember
from reports.queries import figures
from reports.queries.due import waiting_reports
from reports.queries.parts import PartsDiffer
from tests.factories import facility, unit, user
from tests.reports import makers
from tests.reports.ready import YEAR, cut, quiet

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    return quiet(monkeypatch)


@pytest.fixture
def nation() -> Unit:
    """Two provinces, a regency, and BNN with a facility of its own; one treatment more in each than in the one before."""
    for many, code in enumerate(("BNNP-53", "BNNP-94", "BNNK-5371", "BNN"), start=1):
        where = unit(code)
        clinic = facility(of=where, region_code="3171" if code == "BNN" else "")
        for month in range(many):
            makers.counted(clinic, date(2019, 1 + month, 5))
        completed = makers.completed(clinic, date(2019, 3, 1))
        if many > 1:
            makers.follow_up(makers.plan(completed), date(2019, 8, 30))
    return unit("BNN")


def finish(run: ReportRun) -> None:
    """As workers do, until nothing of it waits."""
    cut(run)
    while waiting := list(waiting_reports().filter(run=run).order_by("pk")):
        building.build(report_id=waiting[0].pk)


def realised(report: Report, indicator: str = "clients_rehabilitated"):
    return report.lines.get(indicator=indicator).realised


@committed
def test_a_tree_is_asked_for_at_once_and_each_unit_has_its_report(sent, nation):
    Unit.objects.filter(code="BNNP-94").update(activated_on=None)
    run = runs.ask(by=None, unit=nation, period=YEAR)
    assert sent == [("reports.cut", {"run_id": run.pk})]
    assert sorted(run.reports.values_list("unit__code", "scope", "status")) == [
        ("BNN", FigureScope.TREE, ReportStatus.ASKED),
        ("BNNK-5371", FigureScope.OWN, ReportStatus.ASKED),
        ("BNNP-53", FigureScope.OWN, ReportStatus.ASKED),
    ]
    assert AuditEvent.objects.get(verb="run.asked").data == {"period": "2019", "reports": 3}


def test_a_province_asks_for_itself_and_its_regencies(nation):
    run = runs.ask(by=user(Role.UNIT_STAFF, unit("BNNP-53")), unit=unit("BNNP-53"), period=YEAR)
    assert set(run.reports.values_list("unit__code", "scope")) == {("BNNP-53", "own"), ("BNNK-5371", "own")}


@committed
def test_the_nation_is_the_sum_of_its_parts_and_built_last(sent, nation):
    run = runs.ask(by=None, unit=nation, period=YEAR)
    cutting.cut(run_id=run.pk)
    whole = run.reports.get(scope=FigureScope.TREE)
    assert ("reports.build", {"report_id": whole.pk}) not in sent
    assert building.build(report_id=whole.pk) is False, "its parts are not finished"
    finish(run)
    assert sent[-1] == ("reports.build", {"report_id": whole.pk})
    assert sent.count(sent[-1]) == 1
    whole.refresh_from_db()
    assert (whole.status, whole.header["units"]) == (
        ReportStatus.READY,
        sorted(Unit.objects.values_list("pk", flat=True)),
    )
    # The completed treatments were counted too: one in each place.
    assert realised(whole) == 10
    parts = {report.unit.code: realised(report) for report in run.reports.exclude(pk=whole.pk).select_related("unit")}
    assert parts == {"BNNP-53": 1, "BNNP-94": 2, "BNNK-5371": 3}
    share = whole.lines.get(indicator="not_relapsed_pct")
    assert (share.numerator, share.denominator, share.realised) == (3, 4, 75)
    assert len(set(run.reports.values_list("cut_off", flat=True))) == 1


def test_what_a_run_tells_is_what_is_counted_live(sent, nation):
    run = runs.ask(by=None, unit=nation, period=YEAR)
    finish(run)
    for report in run.reports.select_related("unit"):
        live = figures(report.unit, YEAR, scope=FigureScope(report.scope))
        for line in report.lines.all():
            row = live.row(line.indicator)
            assert (line.realised, line.last_year) == (row.realised, row.last_year), (report, line.indicator)
            assert [month["realised"] for month in line.months] == [
                None if month.value is None else str(month.value) for month in row.months
            ]
            tables = {table["key"]: table["rows"] for table in line.breakdowns["tables"]}
            assert tables == {
                table.key: [[each.value, each.label, each.members] for each in table.slices] for table in row.breakdowns
            }


def test_the_tree_refuses_itself_where_its_parts_say_otherwise(sent, nation):
    run = runs.ask(by=None, unit=nation, period=YEAR)
    cut(run)
    whole = run.reports.get(scope=FigureScope.TREE)
    for report in run.reports.exclude(pk=whole.pk):
        building.build(report_id=report.pk)
    ReportLine.objects.filter(report__unit__code="BNNP-53", indicator="clients_rehabilitated").update(realised=60)
    with pytest.raises(PartsDiffer):
        building.build(report_id=whole.pk)
    assert Report.objects.get(pk=whole.pk).error == "PartsDiffer"


def test_a_report_that_is_there_is_left_alone_and_the_tree_counts_it_from_its_own_members(sent, nation):
    alone = asking.ask(by=None, unit=unit("BNNP-94"), period=YEAR)
    cut(alone.run)
    building.build(report_id=alone.pk)
    makers.counted(facility(of=unit("BNNP-94")), date(2019, 11, 5))
    run = runs.ask(by=None, unit=nation, period=YEAR)
    finish(run)
    alone.refresh_from_db()
    assert alone.run_id != run.pk
    assert realised(alone) == 2
    assert realised(run.reports.get(scope=FigureScope.TREE)) == 11


def test_one_that_failed_is_counted_with_the_others(sent, nation):
    failed = asking.ask(by=None, unit=unit("BNNP-94"), period=YEAR)
    Report.objects.update(status=ReportStatus.FAILED, error="killed", attempts=5)
    run = runs.ask(by=None, unit=nation, period=YEAR)
    finish(run)
    failed.refresh_from_db()
    assert (failed.run_id, failed.status, failed.attempts) == (run.pk, ReportStatus.READY, 1)


def test_a_part_that_fails_does_not_keep_the_tree_waiting(sent, nation):
    run = runs.ask(by=None, unit=nation, period=YEAR)
    cut(run)
    part = run.reports.get(unit__code="BNNP-94")
    Report.objects.filter(pk=part.pk).update(attempts=5)
    finish(run)
    assert set(run.reports.values_list("unit__code", "status")) == {
        ("BNN", "ready"), ("BNNP-53", "ready"), ("BNNK-5371", "ready"), ("BNNP-94", "failed"),
    }  # fmt: skip
    assert realised(run.reports.get(scope=FigureScope.TREE)) == 10


@committed
def test_fifty_people_at_once_make_one_run(sent, nation):
    def ask(_: int) -> int:
        try:
            return runs.ask(by=None, unit=nation, period=YEAR).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        found = set(pool.map(ask, range(50)))
    assert len(found) == ReportRun.objects.count() == len(sent) == 1
    assert Report.objects.count() == 4


def test_where_all_is_there_by_itself_nothing_is_asked(sent):
    where = unit("BNNP-53")
    asking.ask(by=None, unit=where, period=YEAR)
    with pytest.raises(Refused, match="sudah ada"):
        runs.ask(by=None, unit=where, period=YEAR)
    assert ReportRun.objects.count() == 1


def test_who_does_not_build_for_the_unit_asks_for_nothing(nation):
    with pytest.raises(PermissionDenied):
        runs.ask(by=user(Role.UNIT_STAFF, unit("BNNP-53")), unit=nation, period=YEAR)
    with pytest.raises(Refused, match="berjalan|belum dimulai"):
        runs.ask(by=None, unit=nation, period=periods.containing(periods.Kind.YEAR, nation.local_date()))


@committed
class TestCutting:
    @pytest.fixture
    def run(self, nation) -> ReportRun:
        return runs.ask(by=None, unit=nation, period=YEAR)

    def test_is_done_once(self, run, sent):
        assert cutting.cut(run_id=run.pk) is True
        members = RunMember.objects.count()
        assert cutting.cut(run_id=run.pk) is False
        assert RunMember.objects.count() == members
        assert len(sent) == 4, "the cut, and the three parts"

    def test_by_who_lost_the_lease_writes_nothing(self, run, monkeypatch):
        write = cutting.write

        def slow(held, cut_off):
            write(held, cut_off)
            raise leases.Lost

        monkeypatch.setattr(cutting, "write", slow)
        assert cutting.cut(run_id=run.pk) is False
        assert not RunMember.objects.exists()

    def test_who_cuts_keeps_others_out_however_long_it_takes(self, run, monkeypatch):
        write, others = cutting.write, []

        def slow(held, cut_off):
            with ThreadPoolExecutor(1) as pool:
                others.append(pool.submit(_in_vain, held.pk).result())
            write(held, cut_off)

        monkeypatch.setattr(cutting, "write", slow)
        monkeypatch.setattr(leases, "LEASE", leases.timedelta(seconds=1))
        assert cutting.cut(run_id=run.pk) is True
        assert others == [None]

    def test_that_cannot_be_done_fails_its_reports_with_their_reason(self, run, monkeypatch):
        def breaks(*_):
            raise ZeroDivisionError

        monkeypatch.setattr(cutting, "write", breaks)
        for _ in range(5):
            with pytest.raises(ZeroDivisionError):
                cutting.cut(run_id=run.pk)
        run.refresh_from_db()
        assert (run.status, run.error) == (RunStatus.FAILED, "ZeroDivisionError")
        assert set(run.reports.values_list("status", "error")) == {(ReportStatus.FAILED, "ZeroDivisionError")}


def _in_vain(run: int):
    """Another worker's claim after the lease has run out on paper."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(1.2)")
        return leases.claim(leases.RUN, run)
    finally:
        connection.close()
