import io
import zipfile

from python_calamine import CalamineWorkbook

from reports.workbook import report_workbook
from tests.reports.samples import line, report


def sheets(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(report_workbook(data)))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def formulas(data) -> str:
    with zipfile.ZipFile(io.BytesIO(report_workbook(data))) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def test_the_figures_are_those_of_the_paper():
    rows = sheets(report())["Ringkasan"]
    start = next(number for number, row in enumerate(rows) if row[1] == "Indikator")
    assert [row[3:6] for row in rows[start + 1 : start + 6]] == [
        [60, 58, 96.67],
        ["–", 4, "–"],
        [3.4, "–", "–"],
        [8, 9, 87.5],
        [10, 15, 150],
    ]
    assert rows[start + 1][6:9] == [165450000, 150000000, 90.66]
    assert rows[start + 2][6:9] == ["–", "–", "–"]
    assert rows[start + 6][1:9] == ["Jumlah anggaran", "", "", "", "", 165450000, 150000000, 90.66]
    assert rows[start + 5][11] == "dilaporkan: Antara, per 27 Desember 2023"
    assert rows[start + 1][11] == "dihitung dari layanan"


def test_the_columns_are_those_of_the_ministry():
    rows = sheets(report())["Ringkasan"]
    heading = next(row for row in rows if row[1] == "Indikator")
    assert heading[:11] == [
        "No.", "Indikator", "Satuan", "Target", "Realisasi", "Capaian %", "Pagu (Rp)", "Realisasi anggaran (Rp)", "%",
        "Kendala", "Tindak lanjut",
    ]  # fmt: skip


def test_percentages_are_live():
    xml = formulas(report())
    assert "ROUND(E10/D10*100,2)" in xml
    assert "ROUND((2-E13/D13)*100,2)" in xml
    assert "ROUND(H10/G10*100,2)" in xml
    assert "<f>SUM(G10:G14)</f><v>165450000</v>" in xml
    assert "ROUND(H15/G15*100,2)" in xml


def test_two_years_stand_side_by_side_where_the_last_is_known():
    rows = sheets(report())["Dua tahun"]
    assert rows[0][2:9] == [
        "Target 2018", "Realisasi 2018", "Capaian % 2018", "Target 2019", "Realisasi 2019", "Capaian % 2019", "Selisih",
    ]  # fmt: skip
    assert rows[1][2:9] == [55, 51, 92.73, 60, 58, 96.67, 7]
    assert rows[2][2:9] == ["–", "–", "–", "–", 4, "–", "–"]
    assert "Dua tahun" not in sheets(report(lines=[line()]))


def test_a_draft_says_how_far_it_has_come():
    first = [row[0] for row in sheets(report(draft="diajukan", hash=""))["Ringkasan"][:9]]
    assert "DRAF · diajukan" in first
    assert not any("DRAF" in str(cell) for row in sheets(report())["Ringkasan"] for cell in row)


def test_a_sum_that_is_none_of_its_parts_stays_a_number():
    part = {"title": "a", "heading": ["a", "b"], "rows": [["x", 1], ["y", 2]], "total": ["Jumlah", 4]}
    assert sheets(report(breakdowns=[part]))["Rincian"][4] == ["Jumlah", 4]


def test_months_and_breakdowns_have_sheets_of_their_own():
    found = sheets(report())
    assert list(found) == ["Ringkasan", "Dua tahun", "Per bulan", "Rincian"]
    assert found["Per bulan"][2][:3] == ["Realisasi", 1, 2]
    assert found["Per bulan"][2][12:] == ["–", 66]
    assert found["Rincian"][2:5] == [["Sukarela", 40, 6], ["Hukum", 11, "–"], ["Jumlah", 51, 7]]


def test_months_that_do_not_add_up_or_are_not_known_have_no_sum():
    (series,) = report()["series"]
    assert len(sheets(report(series=[series | {"summed": False}]))["Per bulan"][1]) == 13
    unknown = [month | {"realised": None} for month in series["months"]]
    assert sheets(report(series=[series | {"months": unknown}]))["Per bulan"][2][13] == ""


def test_nothing_that_a_person_typed_becomes_a_formula_or_link():
    texts = ["=1+1", "@SUM(A1)", "https://contoh.id", "+62"]
    data = report(lines=[line(text, obstacle=text, follow_up=text) for text in texts], notes=texts, number="=2")
    rows = sheets(data)["Ringkasan"]
    start = next(number for number, row in enumerate(rows) if row[1] == "Indikator")
    assert [[row[1], row[9], row[10]] for row in rows[start + 1 : start + 5]] == [[text] * 3 for text in texts]
    assert formulas(data).count("<f>") == 2 * len(texts)
    assert "<hyperlink" not in formulas(data)


def test_the_same_data_gives_the_same_bytes():
    assert report_workbook(report()) == report_workbook(report())


def test_a_report_of_nothing_is_a_workbook_too():
    found = sheets(report(lines=[], series=[], breakdowns=[], notes=[], demo=False, hash="", number="", signature=None))
    assert [row[0] for row in found["Ringkasan"] if row[0] == "Belum disegel"] == ["Belum disegel"]
