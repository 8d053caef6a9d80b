import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from rehab.tabular.errors import TableRefused
from reports import release
from reports.release import Claim, check_file, figure

PUBLISHED = Path(release.__file__).parent / "data" / "published_figures.csv"
HEADING = ["unit", "year", "indicator", "target", "realised", "printed_percent", "parts", "direction"]


def outcome(target="", realised="", printed="", parts="", direction="", *, as_workbook=False):
    row = ["BNNP", "2019", "klien", target, realised, printed, parts, direction]
    if not as_workbook:
        text = io.StringIO()
        csv.writer(text).writerows([HEADING, row])
        return check_file(text.getvalue().encode(), "f.csv")
    target_file = io.BytesIO()
    book = xlsxwriter.Workbook(target_file)
    sheet = book.add_worksheet()
    for number, cells in enumerate([HEADING, row]):
        sheet.write_row(number, 0, cells)
    book.close()
    return check_file(target_file.getvalue(), "f.xlsx")


def findings(*args, **kwargs):
    return [(finding.claim, finding.printed, finding.computed) for finding in outcome(*args, **kwargs).findings]


def test_the_published_figures_have_exactly_two_mistakes():
    result = check_file(PUBLISHED.read_bytes(), PUBLISHED.name)
    assert [str(finding) for finding in result.findings] == [
        "BNNP Nusa Tenggara Timur | 2019 | clients rehabilitated in government facilities | printed 93,33 | computed 96,67",
        "BNN | 2017 | clients rehabilitated | printed 60 | computed 53,33",
    ]
    assert (result.checked, [row.line for row in result.unchecked]) == (13, [15])


@pytest.mark.parametrize(
    ("target", "realised", "printed"),
    [
        ("60", "58", "96,67"),
        ("60", "58", "96,7"),
        ("60", "58", "97"),
        ("60", "58", "96,67 %"),
        ("60", "58", "96,667"),
        ("800", "1", "0,13"),
        ("30.000", "16.000", "53,33"),
        ("1.000.000", "500.000", "50"),
        ("3,4", "3,62", "106,47"),
        ("3.4", "3.62", "106.47"),
        ("2", "3", "150,00"),
        ("6", "31,04", "517,33"),
    ],
)
def test_a_right_percentage_is_right_at_the_decimals_it_is_printed_with(target, realised, printed):
    result = outcome(target, realised, printed)
    assert (result.findings, result.checked) == ((), 1)


@pytest.mark.parametrize(
    ("target", "realised", "printed", "computed"),
    [
        ("60", "58", "93,33", "96,67"),
        ("60", "58", "96", "96,67"),
        ("60", "58", "96,66", "96,67"),
        ("60", "58", "96,666", "96,667"),
        ("800", "1", "0,12", "0,13"),
        ("30.000", "16.000", "60%", "53,33"),
        ("1", "1000", "100", "100.000,00"),
    ],
)
def test_a_wrong_percentage_is_told_with_two_decimals_at_least(target, realised, printed, computed):
    assert findings(target, realised, printed) == [(Claim.PERCENTAGE, printed.removesuffix("%"), computed)]


def test_where_lower_is_better_the_percentage_turns_round():
    assert findings("8", "9", "87,50", direction="lower") == []
    assert findings("7", "6,5", "107,14", direction="Lower") == []
    assert findings("8", "9", "112,50", direction="lower") == [(Claim.PERCENTAGE, "112,50", "87,50")]
    assert findings("8", "9", "112,50", direction="higher") == []


@pytest.mark.parametrize("target", ["", "tercapai", "–", "0", "60 klien", "1,2,3", "1.23.456", "1" * 31, "1e400"])
def test_without_a_target_in_numbers_nothing_can_be_checked_and_nothing_is_wrong(target):
    result = outcome(target, "58", "96,67")
    assert (result.findings, result.checked, len(result.unchecked)) == ((), 0, 1)
    assert result.unchecked[0].reason


@pytest.mark.parametrize(
    "cells", [("60", "tercapai", "96,67"), ("60", "", "96,67"), ("60", "58", "tercapai"), ("60", "58", "")]
)
def test_unknown_is_not_zero(cells):
    result = outcome(*cells)
    assert (result.findings, result.checked, len(result.unchecked)) == ((), 0, 1)


@pytest.mark.parametrize(
    ("parts", "computed"),
    [
        ("43 outpatient+3 inpatient", None),
        ("43 outpatient + 4 inpatient", "47,00"),
        ("1.043 rawat jalan+3 rawat inap", "1.046,00"),
        ("45,5 a+0,5 b", None),
        ("46", None),
        ("+".join(["Yayasan"] * 46), None),
        ("Warna Kasih+Mensa Lembata", "2,00"),
        ("Warna Kasih", "1,00"),
    ],
)
def test_parts_are_added_up_or_counted(parts, computed):
    assert findings("", "46", "", parts) == ([(Claim.SUM, "46", computed)] if computed else [])
    assert outcome("", "46", "", parts).checked == 1


@pytest.mark.parametrize("parts", ["43 outpatient+inpatient", "43 a+", "+", "1.2.3 orang+3 b", "1.2.3 orang"])
def test_mixed_parts_cannot_be_checked(parts):
    result = outcome("", "46", "", parts)
    assert (result.findings, result.checked) == ((), 0)


def test_a_row_can_be_wrong_twice():
    assert findings("20", "46", "240", "43 a+2 b") == [(Claim.PERCENTAGE, "240", "230,00"), (Claim.SUM, "46", "45,00")]


def test_numbers_of_a_sheet_are_taken_as_they_are():
    assert findings(60, 58, 96.67, as_workbook=True) == []
    assert findings(60, 58, 93.33, as_workbook=True) == [(Claim.PERCENTAGE, "93,33", "96,67")]
    assert findings(2, 1.234, 61.7, as_workbook=True) == []
    assert findings("2", "1.234", "61.7", as_workbook=True) == [(Claim.PERCENTAGE, "61.7", "61.700,00")]
    assert findings(60, 58, 58 / 60 * 100, as_workbook=True) == []
    assert findings("", 46, "", 46, as_workbook=True) == []


@pytest.mark.parametrize(
    ("cell", "expected"), [("93,30", 2), ("93.3", 1), (93.0, 0), (93.25, 2), ("13.320", 0), (0.1 + 0.2, 6)]
)
def test_a_figure_knows_how_many_decimals_it_shows(cell, expected):
    assert figure(cell).decimals == expected


@pytest.mark.parametrize("cell", [None, True, "", "x", float("nan"), 1e300, 1e-300, "1" * 40])
def test_what_no_release_prints_is_no_figure(cell):
    assert figure(cell) is None
    assert figure(0).value == Decimal(0)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("unit,year,indicator,target,realised,printed_percent\nBNN,2019,x,1\n", 2, "realised"),
        ("unit,year,indicator,target,realised,printed_percent\nBNN,dua,x,1,1,100\n", 2, "year"),
        ("unit,year,indicator,target,realised,printed_percent\n,2019,x,1,1,100\n", 2, "unit"),
        ("unit,year,indicator,target,realised,printed_percent,direction\nBNN,2019,x,1,1,100,up\n", 2, "direction"),
        ("unit,year,indicator,target,realised,prited_percent\nBNN,2019,x,1,1,100\n", 1, "prited_percent"),
        ("unit,year,indicator,target,realised\nBNN,2019,x,1,1\n", 1, "printed_percent"),
        ("BNN,2019,x,1,1,100\n", 1, None),
    ],
)
def test_a_table_not_understood_is_refused_naming_line_and_column(text, line, column):
    with pytest.raises(TableRefused) as caught:
        check_file(text.encode(), "f.csv")
    assert (caught.value.problems[0].line, caught.value.problems[0].column) == (line, column)


def test_indonesian_headings_are_understood():
    text = "Satker;Tahun;Indikator;Target;Realisasi;Capaian %\nBNN;2017;Klien;30.000;16.000;60\n"
    assert len(check_file(text.encode(), "f.csv").findings) == 1


def test_a_finding_is_always_one_line():
    text = 'unit,year,indicator,target,realised,printed_percent\n"BNN\nPusat",2017,"a\r\nb",2,1,60\n'
    assert [str(finding) for finding in check_file(text.encode(), "f.csv").findings] == [
        "BNN Pusat | 2017 | a b | printed 60 | computed 50,00"
    ]
