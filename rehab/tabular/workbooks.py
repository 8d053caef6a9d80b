"""The rows of an XLSX workbook's first sheet. A 335 kB file can unzip to 700 MB: everything is measured before it is opened.

The parts are unzipped here, counted as they come, and put together again without compression; the reader gets only that copy.
So what was measured is what is read, whatever the file says about its own sizes, and pictures and macros are left behind.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from rehab.tabular.errors import TableRefused, refuse

MOST_PARTS = 2_000
MOST_CELLS = 2_000_000
MOST_STRINGS = 1_000_000
_PREFIX = rb"<(?:[^\s<>/:]+:)?"
_ROW = re.compile(_PREFIX + rb"row\b")
_ROW_NUMBER = re.compile(rb"[^<]*?\sr\s*=\s*[\"'](\d{1,12})[\"']")
_CELL = re.compile(_PREFIX + rb"c\b(?!:)")
_CELL_PLACE = re.compile(_PREFIX + rb"c\b[^<]*?\sr\s*=\s*[\"']\$?([A-Za-z]{1,7})\$?(\d{1,12})[\"']")
_STRING = re.compile(_PREFIX + rb"si\b")


def sheet_rows(data: bytes, *, unzipped: int, rows: int, columns: int) -> list[tuple[int, Sequence[Any]]]:
    """Row number (from 1) and cells of the first worksheet; error cells (#REF!) come as their text. Raises `TableRefused`."""
    copy = _measured_copy(data, unzipped=unzipped, rows=rows, columns=columns)
    try:
        with CalamineWorkbook.from_filelike(copy) as book:
            names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            if not names:
                raise refuse(_("The workbook has no sheet."))
            found = book.get_sheet_by_name(names[0]).to_python(skip_empty_area=False)
    except PasswordError:
        raise refuse(_("The workbook is protected by a password. Save it without one.")) from None
    except CalamineError as error:
        raise refuse(_("The workbook cannot be read (%(detail)s).") % {"detail": error}) from None
    return list(enumerate(found, start=1))


def _measured_copy(data: bytes, *, unzipped: int, rows: int, columns: int) -> io.BytesIO:
    copy = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(copy, "w") as plain:
            parts = _parts(archive, unzipped)
            for part in parts:
                content = _content(archive, part, unzipped)
                unzipped -= len(content)
                _check_extent(content, rows, columns)
                plain.writestr(zipfile.ZipInfo(part.filename), content)
    except TableRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError):
        raise refuse(_("The workbook is damaged and cannot be opened.")) from None
    copy.seek(0)
    return copy


def _parts(archive: zipfile.ZipFile, unzipped: int) -> list[zipfile.ZipInfo]:
    """The parts that carry the tables, if the file is a workbook and its own list stays within the limit."""
    every = archive.infolist()
    names = [part.filename for part in every]
    if "xl/workbook.xml" not in names or len(set(names)) != len(names):
        raise refuse(_("This is not an XLSX workbook, although its name says so."))
    if any(part.flag_bits & 1 for part in every):
        raise refuse(_("The workbook is protected by a password. Save it without one."))
    parts = [part for part in every if part.filename.lower().endswith((".xml", ".rels"))]
    if len(every) > MOST_PARTS or sum(part.file_size for part in parts) > unzipped:
        raise _too_large()
    return parts


def _content(archive: zipfile.ZipFile, part: zipfile.ZipInfo, room: int) -> bytes:
    with archive.open(part) as stream:
        content = stream.read(room + 1)
    if len(content) > room:
        raise _too_large()
    return content


def _too_large() -> TableRefused:
    return refuse(_("Unpacked, the workbook is too large to be read. Keep only the sheet with the table."))


def _check_extent(content: bytes, rows: int, columns: int) -> None:
    """The reader reserves the whole rectangle: a lone cell far down and right would take all memory there is."""
    if b"\x00" in content[:200]:
        raise refuse(_("The workbook is damaged and cannot be opened."))
    if len(_STRING.findall(content)) > MOST_STRINGS:
        raise _too_large()
    if b"sheetData" not in content:
        return
    last_row, last_column = _extent(content)
    if last_row > rows + 1 or last_column > columns:
        raise refuse(
            _(
                "The sheet is larger than %(rows)s rows and %(columns)s columns. Delete what stands far below or to the right."
            )
            % {"rows": rows, "columns": columns}
        )
    if last_row * last_column > MOST_CELLS:
        raise _too_large()


def _extent(content: bytes) -> tuple[int, int]:
    """The last row and column that a cell may stand in; what does not say where it is follows the one before."""
    starts = [match.end() for match in _ROW.finditer(content)]
    last_row = last_column = row = 0
    for start, end in zip(starts, [*starts[1:], len(content)], strict=True):
        number = _ROW_NUMBER.match(content, start, end)
        row = int(number[1]) if number else row + 1
        places = _CELL_PLACE.findall(content, start, end)
        unplaced = len(_CELL.findall(content, start, end)) - len(places)
        column = max((_column_number(letters) for letters, _row in places), default=0)
        last_row = max(last_row, row, *(int(of_cell) for _letters, of_cell in places)) if places else max(last_row, row)
        last_column = max(last_column, column + unplaced)
    return last_row, last_column


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
