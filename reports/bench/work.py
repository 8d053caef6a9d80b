"""Work against its floor: writes, exports, the paper, and a report from button to ready."""

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.db import connection, transaction

from facilities.enums import StrengtheningKind
from facilities.models import Facility, Strengthening, Unit
from rehab import audit, periods
from rehab.models import User
from rehab.tabular.writing import SheetOut, csv_pieces, write_xlsx
from reports.actions import asking, building
from reports.enums import ReportStatus
from reports.models import Report
from reports.paper import report_pdf
from reports.stored import report_data

ROWS = 100_000
RUNS = 60


@dataclass(frozen=True)
class Work:
    """`figure` in `measure`; `budget` as the design says it, empty where it says nothing."""

    name: str
    figure: float
    measure: str
    budget: str


class _Undo(Exception):
    """Takes a measured write back."""


def measure(year: int) -> Iterator[Work]:
    yield Work("write with history and audit / plain write", _write_ratio(), "×", "≤ 1,6")
    row = [f"kolom {number}" if number % 2 else number for number in range(12)]
    csv = csv_pieces(["a"] * 12, (row for _ in range(ROWS)))
    yield Work("CSV, 100.000 rows", ROWS / _timed(lambda: sum(map(len, csv))), "rows/s", "≥ 10.000")
    sheet = SheetOut("lembar", ["a"] * 12, (row for _ in range(20_000)))
    yield Work("XLSX, 20.000 × 12", _timed(lambda: write_xlsx(io.BytesIO(), [sheet])), "s", "")
    report, seconds = _report(year)
    yield Work("report of a province and year, button to ready", seconds, "s", "≤ 5")
    yield Work("its PDF", _timed(lambda: report_pdf(report_data(report))), "s", "≤ 2")


def _report(year: int) -> tuple[Report, float]:
    """Counted in this process: no worker's waiting is in the figure, all of its work is. A second run counts again."""
    unit, staff = Unit.objects.get(code="BNNP-53"), User.objects.get(username="staf.ntt")
    begun = time.perf_counter()
    report = asking.ask(by=staff, unit=unit, period=periods.year(year - 1))
    if report.status == ReportStatus.READY:
        report = asking.rebuild(by=staff, report=report)
    building.build(report_id=report.pk)
    while Report.objects.get(pk=report.pk).status not in {ReportStatus.READY, ReportStatus.SEALED}:
        time.sleep(0.05)
    seconds = time.perf_counter() - begun
    report.refresh_from_db()
    return report, seconds


def _write_ratio() -> float:
    """The floor writes into a table of the same name and columns that lives for this connection only: no triggers."""
    place, staff = Facility.objects.select_related("unit").order_by("pk")[0], User.objects.get(username="staf.ntt")
    values = {"facility": place, "unit": place.unit, "held_on": date(2020, 1, 1), "kind": StrengtheningKind.BIMTEK}
    table = connection.ops.quote_name(Strengthening._meta.db_table)

    def kept() -> None:
        audit.record("bench.written", by=staff, subject=Strengthening.objects.create(**values))

    def floor() -> float:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table} INCLUDING ALL)")
            try:
                return _write(lambda: Strengthening.objects.create(**values))
            finally:
                cursor.execute(f"DROP TABLE pg_temp.{table}")

    return median(_write(kept) / floor() for _ in range(5))


def _write(work: Callable[[], object]) -> float:
    """Seconds of one write in a transaction of its own, as a request makes it; the row is taken back, unmeasured."""
    spent = 0.0
    for _ in range(RUNS):
        try:
            with transaction.atomic():
                begun = time.perf_counter()
                with transaction.atomic():
                    work()
                spent += time.perf_counter() - begun
                raise _Undo
        except _Undo:
            pass
    return spent / RUNS


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
