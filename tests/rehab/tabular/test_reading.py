import io
import struct
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from rehab.tabular.errors import TableRefused
from rehab.tabular.reading import DEFAULT_LIMITS, Limits, read_sheet


def workbook(rows, *, name="Data", options=None) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"default_date_format": "dd-mm-yyyy", **(options or {})})
    sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    book.close()
    return target.getvalue()


def repacked(data: bytes, **replaced: bytes) -> bytes:
    """The workbook with one part's content put in place of another: `sheet1=…`."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            stem = part.filename.rpartition("/")[2].removesuffix(".xml")
            new.writestr(part.filename, replaced.get(stem, old.read(part)))
    return target.getvalue()


def sheet_xml(inner: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{inner}</sheetData></worksheet>'.encode()


def refusal(data: bytes, name: str = "f.xlsx", limits: Limits = DEFAULT_LIMITS):
    with pytest.raises(TableRefused) as caught:
        read_sheet(data, name, limits)
    return caught.value.problems[0]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_separator_is_found_in_the_heading(separator):
    text = f"unit{separator}year\nBNN{separator}2019\n"
    sheet = read_sheet(text.encode(), "f.csv")
    assert sheet.heading == ("unit", "year")
    assert sheet.rows[0].cells == ("BNN", "2019")


def test_a_separator_inside_quotation_marks_does_not_count():
    sheet = read_sheet(b'"a;b;c;d",year\nBNN,2019\n', "f.csv")
    assert sheet.heading == ("a;b;c;d", "year")


def test_the_separator_that_excel_names_itself_is_obeyed():
    sheet = read_sheet(b"sep=;\r\nunit;year\r\nBNN;2019\r\n", "f.csv")
    assert (sheet.heading_line, sheet.rows[0].line) == (2, 3)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_letters_survive_in_the_encodings_that_spreadsheets_write(codec):
    sheet = read_sheet("nama;kota\nAndré – contoh;Ende\n".encode(codec), "f.csv")
    assert sheet.heading == ("nama", "kota")
    assert sheet.rows[0].cells == ("André – contoh", "Ende")


def test_lines_are_those_of_the_file_also_after_quoted_line_breaks_and_empty_rows():
    sheet = read_sheet(b'a,b\n"one\ntwo",1\n\n,\nthree,2\n', "f.csv")
    assert [(row.line, row.cells) for row in sheet.rows] == [(2, ("one\ntwo", "1")), (6, ("three", "2"))]


def test_a_guarded_text_comes_back_as_it_was():
    assert read_sheet(b"a,b\n'+62812,'Aisyiyah\n", "f.csv").rows[0].cells == ("+62812", "'Aisyiyah")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a,b,c\n1,2,3\n1,2\n", 3, "c"),
        ("a,b\n1,2\n1,2,3\n", 3, "b"),
        ('a,b\n1,2\n"open,3\n4,5\n', 3, None),
        ('a,b\n"x"y,2\n', 2, None),
        ("a,,c\n1,2,3\n", 1, None),
    ],
)
def test_a_torn_table_is_refused_with_its_line_and_column(text, line, column):
    problem = refusal(text.encode(), "f.csv")
    assert (problem.line, problem.column) == (line, column)


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf\n", b",,\n"])
def test_an_empty_file_is_refused(data):
    assert "empty" in refusal(data, "f.csv").message or "kosong" in refusal(data, "f.csv").message


def test_what_is_no_table_is_refused():
    refusal(b"MZ\x90\x00\x03\x00\x00\x00", "program.csv")
    refusal(b"MZ\x90\x00\x03\x00\x00\x00", "program.xlsx")
    refusal(b"a,b\n1,2\n", "table.xlsx")
    refusal(b"a,b\n1,2\n", "table.pdf")
    refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old.xlsx")
    refusal(b"PK\x03\x04 not really a zip", "table.xlsx")
    refusal(workbook([["a"]])[:-200], "table.xlsx")


def test_a_zip_that_is_not_a_workbook_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("letter.xml", "<a/>")
    refusal(target.getvalue())


def test_a_workbook_comes_with_its_types_and_row_numbers():
    data = workbook([[], ["nama", "jumlah", "tanggal"], [], ["Contoh", 46, date(2019, 11, 12)], ["Dua"]])
    sheet = read_sheet(data, "f.xlsx")
    assert sheet.heading == ("nama", "jumlah", "tanggal")
    assert [row.line for row in sheet.rows] == [4, 5]
    assert sheet.rows[0].cells[:2] == ("Contoh", 46)
    assert sheet.rows[0].cells[2] in (date(2019, 11, 12), datetime(2019, 11, 12))
    assert all(cell in (None, "") for cell in sheet.rows[1].cells[1:])


def test_a_workbook_named_csv_is_read_as_the_workbook_that_it_is():
    assert read_sheet(workbook([["a"], [1]]), "f.csv").rows[0].cells == (1,)


def test_limits_hold():
    refusal(b"a\n" + b"1\n" * 11, "f.csv", Limits(rows=10))
    refusal(b"a,b,c\n1,2,3\n", "f.csv", Limits(columns=2))
    refusal(b"a\n" + b"1\n" * 2**20, "f.csv", Limits(size=2**20))
    refusal(workbook([["a"]] * 12), limits=Limits(rows=10))


def test_a_zip_bomb_is_refused_before_it_is_opened():
    data = repacked(workbook([["a"], [1]]), sheet1=b" " * (60 * 2**20))
    assert len(data) < 2**20
    refusal(data)


def test_a_zip_bomb_that_lies_about_its_size_is_refused():
    data = bytearray(repacked(workbook([["a"], [1]]), sheet1=sheet_xml("") + b" " * (60 * 2**20)))
    honest = struct.pack("<I", len(sheet_xml("")) + 60 * 2**20)
    assert data.count(honest) >= 1
    refusal(bytes(data.replace(honest, struct.pack("<I", 1000))))


@pytest.mark.parametrize(
    "inner",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row><c s=\">\" r='XFD1'><v>1</v></c></row>",
        '<x:row xmlns:x="x"><x:c r="A999999"><v>1</v></x:c></x:row>',
        "<row>" + "<c><v>1</v></c>" * 5000 + "</row>",
        "<row/>" * 150_000,
        '<row r="90000"><c r="GA90000"><v>1</v></c></row>',
    ],
)
def test_a_sheet_that_would_fill_the_memory_is_refused(inner):
    refusal(repacked(workbook([["a"]]), sheet1=sheet_xml(inner)))


def test_cells_that_do_not_say_where_they_are_are_still_read():
    inner = "<row><c><v>7</v></c><c><v>8</v></c></row><row><c><v>1</v></c><c><v>2</v></c></row>"
    assert read_sheet(repacked(workbook([["a"]]), sheet1=sheet_xml(inner)), "f.xlsx").rows[0].cells == (1, 2)
