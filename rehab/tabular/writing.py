"""Tables out, row by row: CSV for streaming, XLSX in constant memory. Text can never become a formula or a link.

CSV is written as an Indonesian spreadsheet opens it by a double click: UTF-8 with its mark, `;` between cells, decimal comma.
That is also the only form that `reading` takes back unchanged: in `1.234` the dot would be read as thousands.
"""

import contextlib
import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import IO, Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from rehab.numbers import to_decimal
from rehab.tabular.guard import guard

Value = str | int | float | Decimal | bool | date | datetime | None

MARK = "\ufeff"
PIECE_ROWS = 500
PIECE_BYTES = 64 * 1024
LONGEST_TEXT = 32_767
MOST_ROWS = 1_048_576
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"

# Strings stay strings: a name that begins with = or www. is somebody's name.
BOOK_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
    "default_date_format": "dd-mm-yyyy",
}
# The same data gives the same bytes.
NO_TIME = datetime(2000, 1, 1)


def csv_text(value: Value) -> str:
    """One cell of a CSV: numbers as numbers, days as year-month-day, text guarded against being read as a formula."""
    if value is None:
        return ""
    if isinstance(value, str):
        return guard(value)
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal):
        return format(to_decimal(value), "f").replace(".", ",") if isfinite(value) else ""
    return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()


def csv_pieces(heading: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The file in pieces, for a `StreamingHttpResponse(…, content_type=CSV_TYPE)`; memory does not grow with the rows."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";")
    buffer.write(MARK)
    writer.writerow([guard(name) for name in heading])
    for number, row in enumerate(rows, start=1):
        writer.writerow([csv_text(value) for value in row])
        if number % PIECE_ROWS == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


@dataclass(frozen=True)
class SheetOut:
    """One sheet of a workbook; `widths` in letters, of the first columns."""

    title: str
    heading: Sequence[str]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[int] = ()


def write_xlsx(target: IO[bytes], sheets: Iterable[SheetOut]) -> None:
    """The workbook into an open file; rows go to disk as they come, so memory does not grow with them.

    Raises OSError where the disk is full; what was written for it by then is taken away again.
    """
    with tempfile.TemporaryDirectory(prefix="titian-") as place:
        outlet = _Outlet(target)
        book = xlsxwriter.Workbook(outlet, {**BOOK_OPTIONS, "constant_memory": True, "tmpdir": place})
        try:
            book.set_properties({"created": NO_TIME})
            bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
            moment = book.add_format({"num_format": "dd-mm-yyyy hh:mm"})
            for out in sheets:
                _fill(book.add_worksheet(out.title), out, bold, moment)
            book.close()
        except BaseException:
            _let_go(book, outlet)
            raise


class _Nowhere:
    """Takes what is written and keeps nothing. No file of Python's own, which may be closed before its archive is collected."""

    def __init__(self) -> None:
        self._place = 0

    def write(self, data: bytes) -> int:
        self._place += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        self._place = offset
        return offset

    def tell(self) -> int:
        return self._place

    def flush(self) -> None:
        pass


class _Outlet:
    """The file a workbook is written to; once shut, what its archive still writes when it is collected goes nowhere."""

    def __init__(self, target: IO[bytes]):
        self._target: IO[bytes] | _Nowhere = target

    def shut(self) -> None:
        self._target = _Nowhere()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)


def _let_go(book: xlsxwriter.Workbook, outlet: _Outlet) -> None:
    """Of a workbook that will not be: else it tries to write once more when it is collected."""
    book.fileclosed = True
    outlet.shut()
    for sheet in book.worksheets():
        with contextlib.suppress(OSError, ValueError):
            sheet.row_data_fh.close()


def xlsx_pieces(sheets: Iterable[SheetOut]) -> Iterator[bytes]:
    """The workbook in pieces, for a `StreamingHttpResponse(…, content_type=XLSX_TYPE)`.

    It is whole before the first piece is asked for: what goes wrong becomes a page, not half a file.
    """
    with contextlib.ExitStack() as unless_whole:
        file = unless_whole.enter_context(tempfile.TemporaryFile(prefix="titian-"))
        write_xlsx(file, sheets)
        file.seek(0)
        unless_whole.pop_all()
    return _Pieces(file)


class _Pieces(Iterator[bytes]):
    """A file piece by piece; closed at its end, by the response that gives up, or when nobody wants it any more."""

    def __init__(self, file: IO[bytes]):
        self._file = file

    def __next__(self) -> bytes:
        piece = b"" if self._file.closed else self._file.read(PIECE_BYTES)
        if not piece:
            self.close()
            raise StopIteration
        return piece

    def close(self) -> None:
        self._file.close()

    def __del__(self) -> None:
        self.close()


def _fill(sheet: Worksheet, out: SheetOut, bold: Format, moment: Format) -> None:
    sheet.freeze_panes(1, 0)
    for column, width in enumerate(out.widths):
        sheet.set_column(column, column, width)
    for column, name in enumerate(out.heading):
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(out.rows, start=1):
        if number >= MOST_ROWS:
            raise ValueError(f"A sheet holds {MOST_ROWS:,} rows; there are more. Use CSV.")
        for column, value in enumerate(row):
            write_cell(sheet, number, column, value, moment if isinstance(value, datetime) else None)


def write_cell(sheet: Worksheet, row: int, column: int, value: Value, form: Any = None) -> None:
    """One value into a sheet, by its type and never by what its text looks like."""
    if value is None or value == "":
        if form is not None:
            sheet.write_blank(row, column, None, form)
    elif isinstance(value, str):
        text = value if len(value) <= LONGEST_TEXT else value[: LONGEST_TEXT - 1] + "…"
        sheet.write_string(row, column, text, form)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, form)
    elif isinstance(value, int | float | Decimal):
        if isfinite(value):
            sheet.write_number(row, column, value, form)
    else:
        sheet.write_datetime(row, column, value, form)
