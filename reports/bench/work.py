"""Work against its floor: writes with their history, exports with their memory, the paper."""

import io
from collections.abc import Iterator
from datetime import date
from statistics import median

from django.db import connection, transaction

from facilities.enums import StrengtheningKind
from facilities.models import Facility, Strengthening
from rehab import audit, periods
from rehab.models import User
from rehab.roles import Role
from rehab.tabular.writing import SheetOut, csv_pieces, write_xlsx, xlsx_pieces
from reports import places
from reports.bench import people
from reports.bench.clockwork import apart, timed
from reports.bench.results import Result
from reports.enums import FigureScope
from reports.exports.shown import MemberList
from reports.indicators.clients import CLIENTS_REHABILITATED
from reports.queries import members as query_members

PART = "Writes and exports"
RUNS = 200
CSV_ROWS, XLSX_ROWS, COLUMNS = 100_000, 20_000, 12


def measure(year: int) -> Iterator[Result]:
    written, plain = _writes()
    yield Result(PART, "write with history and audit", written, "ms", plain, "plain write", 1.6)
    rows = CSV_ROWS / timed(lambda: csv(CSV_ROWS)) * 1000
    yield Result(PART, "CSV of 12 columns", rows, "rows/s", budget=10_000, at_least=True)
    yield Result(PART, "XLSX, 20.000 × 12", timed(lambda: xlsx(XLSX_ROWS)) / 1000, "s")
    idle = apart(["-c", _code("csv", 1)]).megabytes
    for name in ("csv", "xlsx"):
        child = apart(["-c", _code(name, CSV_ROWS)])
        title = f"{name.upper()} of 100.000 rows, memory"
        yield Result(PART, title, child.megabytes, "MB", idle, "one row", 1.5, note=f"{child.seconds:.1f} s")
    yield from _members(year, idle)


def _members(year: int, idle: float) -> Iterator[Result]:
    """The list of members behind the nation's number of a year, as it is taken out of the house."""
    for name in ("csv", "xlsx"):
        child = apart(["-c", _code("members", year, name)])
        rows = int(child.output.split()[-1])
        speed = rows / child.seconds
        title = f"members of the nation as {name.upper()}"
        floor = 10_000 if name == "csv" else None
        yield Result(
            PART, title, speed, "rows/s", budget=floor, at_least=True, note=f"{rows} rows, {child.seconds:.1f} s"
        )
        yield Result(PART, f"{title}, memory", child.megabytes, "MB", idle, "one row", 1.5)


def _code(name: str, *arguments: object) -> str:
    """For a Python of its own, whose memory is then that of the work."""
    return f"import django; django.setup(); from reports.bench.work import {name}; {name}{arguments!r}"


def members(year: int, form: str) -> None:
    """Make the file and throw it away; tells how many rows it had."""
    nation = people.nation()
    found = query_members(CLIENTS_REHABILITATED, nation, periods.year(year), FigureScope.TREE)
    told = MemberList(CLIENTS_REHABILITATED, found, places.knows(people.user(Role.ANALYST, nation)))
    if form == "csv":
        pieces = csv_pieces(told.heading, told.rows())
    else:
        pieces = xlsx_pieces([SheetOut("lembar", told.heading, told.rows())])
    for _piece in pieces:
        pass
    print(found.count())


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
