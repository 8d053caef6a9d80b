"""A CSV or XLSX file as a heading and rows with their line numbers, within limits that hold before memory is taken."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import PurePath

from django.utils.translation import gettext as _

from rehab.tabular.errors import refuse
from rehab.tabular.guard import unguard
from rehab.tabular.workbooks import sheet_rows

Cell = str | int | float | bool | date | datetime | time | timedelta | None

ZIP_START = b"PK\x03\x04"
OLD_OFFICE_START = b"\xd0\xcf\x11\xe0"
SEPARATORS = ";,\t"
ENDINGS = {".csv", ".txt", ".tsv", ".xlsx"}


@dataclass(frozen=True)
class Limits:
    """Bytes of the file, bytes of a workbook once unzipped, rows without the heading, columns."""

    size: int = 10 * 2**20
    unzipped: int = 50 * 2**20
    rows: int = 100_000
    columns: int = 200


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Row:
    """`line` is where the row begins in the CSV file, or its number in the sheet; `cells` are as many as there are headings."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """The heading as written (stripped) and the rows beneath that are not empty."""

    heading_line: int
    heading: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> Sheet:
    """The first sheet of the file. `name` (the file's) only decides what it claims to be; its content decides what it is.

    Raises `TableRefused`: an empty, too large, encrypted or renamed file, a heading without words, a torn row.
    """
    if len(data) > limits.size:
        raise refuse(_("The file is larger than %(limit)s MB.") % {"limit": limits.size // 2**20})
    if not data.strip():
        raise refuse(_("The file is empty."))
    ending = PurePath(name).suffix.lower()
    if data.startswith(OLD_OFFICE_START):
        raise refuse(
            _("The workbook is protected by a password or in the old .xls form. Save it as .xlsx without a password.")
        )
    if ending not in ENDINGS:
        raise refuse(_("Only .csv and .xlsx files can be read."))
    if data.startswith(ZIP_START):
        return _from_rows(
            sheet_rows(data, unzipped=limits.unzipped, rows=limits.rows, columns=limits.columns), limits, False
        )
    if ending == ".xlsx":
        raise refuse(_("This is not an XLSX workbook, although its name says so."))
    return _from_rows(_csv_rows(_text_of(data)), limits, True)


def _text_of(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codec = "utf-16"
    elif b"\x00" in data:
        raise refuse(_("This is not a text file. Only .csv and .xlsx files can be read."))
    else:
        codec = "utf-8-sig"
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        # What Excel saves as "CSV" on Windows.
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:
            raise refuse(_("The letters of the file cannot be read. Save it as CSV UTF-8.")) from None


def _separator(text: str) -> str:
    """The separator that stands most often in the first line that says something, outside quotation marks."""
    counts = dict.fromkeys(SEPARATORS, 0)
    quoted = False
    for letter in text.lstrip("\r\n"):
        if letter == '"':
            quoted = not quoted
        elif letter in "\r\n" and not quoted:
            break
        elif letter in counts and not quoted:
            counts[letter] += 1
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] else ","


def _csv_rows(text: str) -> list[tuple[int, Sequence[Cell]]]:
    skipped = 0
    separator = None
    if text[:4].lower() == "sep=" and len(text) > 4 and text[4] in SEPARATORS:
        # Excel's own first line that names the separator.
        separator = text[4]
        _first, _newline, text = text.partition("\n")
        skipped = 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator or _separator(text), strict=True)
    found: list[tuple[int, Sequence[Cell]]] = []
    begins = 1
    try:
        for cells in reader:
            found.append((begins + skipped, [unguard(cell) for cell in cells]))
            begins = reader.line_num + 1
    except csv.Error as error:
        message = _("the row cannot be read; is a quotation mark open? (%(detail)s)") % {"detail": error}
        raise refuse(message, line=begins + skipped) from None
    return found


def _blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _from_rows(lines: list[tuple[int, Sequence[Cell]]], limits: Limits, exact: bool) -> Sheet:
    """`exact`: a row shorter than the heading is torn (CSV); a sheet's empty end is only empty."""
    filled = [(line, cells) for line, cells in lines if not all(_blank(cell) for cell in cells)]
    if not filled:
        raise refuse(_("The file is empty."))
    heading_line, heading_cells = filled[0]
    heading = _heading(heading_line, heading_cells)
    if len(heading) > limits.columns:
        raise refuse(_("The table has more than %(limit)s columns.") % {"limit": limits.columns})
    if len(filled) - 1 > limits.rows:
        raise refuse(_("The table has more than %(limit)s rows.") % {"limit": limits.rows})
    width = len(heading_cells) if exact else len(heading)
    rows = tuple(Row(line, _fitted(line, cells, heading, width, exact)) for line, cells in filled[1:])
    return Sheet(heading_line, heading, rows)


def _heading(line: int, cells: Sequence[Cell]) -> tuple[str, ...]:
    names = ["" if cell is None else str(cell).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    for position, name in enumerate(names, start=1):
        if not name:
            raise refuse(_("the heading of column number %(number)s is empty.") % {"number": position}, line=line)
    return tuple(names)


def _fitted(line: int, cells: Sequence[Cell], heading: tuple[str, ...], width: int, exact: bool) -> tuple[Cell, ...]:
    if exact and len(cells) < len(heading):
        raise refuse(
            _("the row ends after %(cells)s of %(columns)s cells.") % {"cells": len(cells), "columns": len(heading)},
            line=line,
            column=heading[len(cells)],
        )
    if any(not _blank(cell) for cell in cells[len(heading) :]):
        raise refuse(
            _("the row has %(cells)s cells under %(columns)s headings.")
            % {"cells": len(cells), "columns": len(heading)},
            line=line,
            column=heading[-1],
        )
    kept = tuple(cells[: len(heading)])
    return kept + (None,) * (len(heading) - len(kept))
