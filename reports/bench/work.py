"""Work against its floor: writes with their history, exports with their memory, the paper."""

import io
from collections.abc import Iterator
from datetime import date
from statistics import median

from django.db import connection, transaction

from facilities.enums import StrengtheningKind
from facilities.models import Facility, Strengthening
from rehab import audit
from rehab.models import User
from rehab.tabular.writing import SheetOut, csv_pieces, write_xlsx
from reports.bench.clockwork import apart, timed
from reports.bench.results import Result

PART = "Writes and exports"
RUNS = 200
CSV_ROWS, XLSX_ROWS, COLUMNS = 100_000, 20_000, 12


def measure() -> Iterator[Result]:
    written, plain = _writes()
    yield Result(PART, "write with history and audit", written, "ms", plain, "plain write", 1.6)
    yield Result(
        PART,
        "CSV, 100.000 rows",
        CSV_ROWS / timed(lambda: csv(CSV_ROWS)) * 1000,
        "rows/s",
        budget=10_000,
        at_least=True,
    )
    yield Result(PART, "XLSX, 20.000 × 12", timed(lambda: xlsx(XLSX_ROWS)) / 1000, "s")
    idle = apart(["-c", _code("csv", 1)]).megabytes
    for name, rows in (("csv", CSV_ROWS), ("xlsx", CSV_ROWS)):
        child = apart(["-c", _code(name, rows)])
        title = f"{name.upper()} of {rows:,} rows, memory".replace(",", ".")
        yield Result(PART, title, child.megabytes, "MB", idle, "one row", 1.5, note=f"{child.seconds:.1f} s")


def _code(name: str, rows: int) -> str:
    """For a Python of its own, whose memory is then that of the work."""
    return f"import django; django.setup(); from reports.bench.work import {name}; {name}({rows})"


def csv(rows: int) -> int:
    """Bytes of a CSV, piece by piece as it is sent."""
    return sum(map(len, csv_pieces(["kolom"] * COLUMNS, (_row(number) for number in range(rows)))))


def xlsx(rows: int) -> None:
    write_xlsx(io.BytesIO(), [SheetOut("lembar", ["kolom"] * COLUMNS, (_row(number) for number in range(rows)))])


def _row(number: int) -> list[str | int]:
    return [f"kolom {number} {column}" if column % 2 else number * column for column in range(COLUMNS)]


def _writes() -> tuple[float, float]:
    """Milliseconds of one committed row with its history and audit event, and of the row alone, the medians in turns.

    The floor writes into a table of the same name and columns without triggers, in a schema of its own.
    """
    place, staff = Facility.objects.select_related("unit").order_by("pk")[0], User.objects.order_by("pk")[0]
    values = {"facility": place, "unit": place.unit, "held_on": date(2020, 1, 1), "kind": StrengtheningKind.BIMTEK}
    made: list[int] = []

    @transaction.atomic
    def kept() -> None:
        row = Strengthening.objects.create(**values)
        made.append(row.pk)
        audit.record("bench.written", by=staff, subject=row)

    @transaction.atomic
    def plain() -> None:
        Strengthening.objects.create(**values)

    table = connection.ops.quote_name(Strengthening._meta.db_table)
    spent: dict[str, list[float]] = {"public": [], "bench, public": []}
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA bench CREATE TABLE {table} (LIKE public.{table} INCLUDING ALL)")
        try:
            for _ in range(RUNS):
                for path, write in (("public", kept), ("bench, public", plain)):
                    cursor.execute(f"SET search_path TO {path}")
                    spent[path].append(timed(write))
        finally:
            cursor.execute("RESET search_path; DROP SCHEMA bench CASCADE")
    Strengthening.objects.filter(pk__in=made).delete()
    return median(spent["public"]), median(spent["bench, public"])
