import gc
import io
import resource
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from xlsxwriter.exceptions import FileCreateError

from rehab.tabular.reading import read_sheet
from rehab.tabular.writing import MARK, SheetOut, csv_pieces, csv_text, write_xlsx, xlsx_pieces


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_text_that_looks_like_a_formula_is_disarmed_and_comes_back_whole(start):
    text = f"{start}cmd|' /C calc'!A0"
    assert csv_text(text) == "'" + text
    sheet = read_sheet(b"".join(csv_pieces(["a", "b"], [[text, "x"]])), "f.csv")
    assert sheet.rows[0].cells == (text, "x")


def test_numbers_stay_numbers():
    assert [csv_text(value) for value in (-5, -0.5, Decimal("96.670"), 1.234, float("nan"), None)] == [
        "-5",
        "-0,5",
        "96,670",
        "1,234",
        "",
        "",
    ]


def test_days_and_truths_have_one_form():
    assert [csv_text(value) for value in (date(2019, 11, 12), datetime(2019, 11, 12, 8, 5), True, False)] == [
        "2019-11-12",
        "2019-11-12 08:05:00",
        "ya",
        "tidak",
    ]


def test_a_csv_opens_in_a_spreadsheet_by_its_mark_and_separator():
    assert b"".join(csv_pieces(["nama", "=x"], [["a;b", 'c"d']])).decode() == f'{MARK}nama;\'=x\r\n"a;b";"c""d"\r\n'


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1, max_size=4))
def test_any_text_comes_back_from_a_csv(cells):
    heading = ["key", *(f"c{number}" for number in range(len(cells)))]
    sheet = read_sheet(b"".join(csv_pieces(heading, [["key", *cells]])), "f.csv")
    # The guard's own mark is the one thing that cannot be told apart: '=x and =x are both written '=x.
    told = [cell[1:] if cell[:1] == "'" and csv_text(cell[1:]) != cell[1:] else cell for cell in cells]
    assert list(sheet.rows[0].cells[1:]) == told


def test_a_long_csv_is_quick_and_flat():
    row = ["BNNP-53", "Rina Contoh", "=1+1", 2019, 58, Decimal("96.67"), None, True, date(2019, 1, 1), "x", "y", "z"]
    began = time.perf_counter()
    assert sum(len(piece) for piece in csv_pieces(["h"] * 12, (row for _ in range(20_000)))) > 10**6
    assert 20_000 / (time.perf_counter() - began) > 10_000
    tracemalloc.start()
    for _piece in csv_pieces(["h"] * 12, (row for _ in range(5_000))):
        pass
    assert tracemalloc.get_traced_memory()[1] < 2 * 2**20
    tracemalloc.stop()


def test_in_a_workbook_no_text_is_a_formula_or_a_link():
    texts = ["=1+1", "www.contoh.id", "https://contoh.id", "00123", "-", "mailto:a@contoh.id"]
    data = b"".join(xlsx_pieces([SheetOut("Data", [f"h{n}" for n in range(6)], [texts])]))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    assert sheet.to_python()[1] == texts
    assert list(read_sheet(data, "f.xlsx").rows[0].cells) == texts


def test_a_workbook_keeps_types_and_is_the_same_for_the_same_data():
    rows = [[58, Decimal("96.67"), date(2019, 11, 12), None, True, float("inf")], ["x" * 40_000]]
    first, second = (b"".join(xlsx_pieces([SheetOut("Data", list("abcdef"), rows, widths=[10])])) for _ in range(2))
    assert first == second
    read = CalamineWorkbook.from_filelike(io.BytesIO(first)).get_sheet_by_index(0).to_python()
    assert read[1] == [58, 96.67, date(2019, 11, 12), "", True, ""]
    assert len(read[2][0]) == 32_767
    assert read[2][0].endswith("…")


@pytest.mark.long
def test_a_big_workbook_is_written_in_constant_memory():
    rows = ([f"baris {number}", *range(11)] for number in range(20_000))
    target = io.BytesIO()
    tracemalloc.start()
    write_xlsx(target, [SheetOut("Data", [str(n) for n in range(12)], rows)])
    assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    tracemalloc.stop()
    assert len(target.getvalue()) > 100_000


@contextmanager
def tiny_files(limit: int) -> Iterator[None]:
    """No file of this process may grow beyond `limit` bytes, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("rows", [100, 20_000])
def test_a_full_disk_is_told_before_the_first_piece_and_leaves_nothing(tmp_path, monkeypatch, rows):
    """Once with the sheet's own file too large, once with the workbook."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sheet = SheetOut("a", ["a"] * 12, ([f"teks {number}" for number in range(12)] for _ in range(rows)))
    with tiny_files(2000 if rows == 100 else 100_000), pytest.raises((OSError, FileCreateError)):
        xlsx_pieces([sheet])
    assert list(tmp_path.iterdir()) == []
    # What is collected later has nothing left to write: a complaint then would fall to another test.
    gc.collect()
