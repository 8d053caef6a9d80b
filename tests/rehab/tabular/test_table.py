from datetime import date
from decimal import Decimal

import pytest

from rehab.errors import Refused
from rehab.tabular.columns import Column, Kind, nearest, text_of, unknown
from rehab.tabular.errors import TableRefused
from rehab.tabular.table import Table


def even(value):
    if value % 2:
        raise Refused("must be even")
    return value


TABLE = Table(
    (
        Column("unit_code", required=True, choices={"BNNP-53": 53, "BNNP-51": 51, "BNN": 0}, kind=Kind.CHOICE),
        Column("year", Kind.INTEGER, required=True, aliases=("tahun",)),
        Column("target", Kind.NUMBER),
        Column("beds", Kind.INTEGER, convert=even),
        Column("since", Kind.DATE),
        Column("open", Kind.YES_NO),
        Column("note", max_length=10),
    )
)


def problems(text: str, table: Table = TABLE):
    with pytest.raises(TableRefused) as caught:
        table.read(text.encode(), "f.csv")
    return [(problem.line, problem.column) for problem in caught.value.problems]


def test_cells_become_values_of_their_kind():
    text = "Unit code;TAHUN;target;beds;since;open;note\nbnnp-53;2019;13.320,5;4;31-12-2019;ya;baik\n"
    (record,) = TABLE.read(text.encode(), "f.csv")
    assert record.line == 2
    assert dict(record.values) == {
        "unit_code": 53,
        "year": 2019,
        "target": Decimal("13320.5"),
        "beds": 4,
        "since": date(2019, 12, 31),
        "open": True,
        "note": "baik",
    }


def test_empty_cells_and_absent_columns_are_nothing_and_not_zero():
    (record,) = TABLE.read(b"unit_code,year,target\nBNN,2019,\n", "f.csv")
    assert (record["target"], record["beds"], record["note"]) == (None, None, "")


def test_every_error_is_told_and_no_row_is_given():
    text = "unit_code,year,target,beds,since,open,note\nBNNP-35,2019,x,3,2019-02-30,kadang,12345678901\nBNN,,1,2,,,\n"
    assert problems(text) == [
        (2, "unit_code"),
        (2, "target"),
        (2, "beds"),
        (2, "since"),
        (2, "open"),
        (2, "note"),
        (3, "year"),
    ]


def test_an_unknown_word_is_answered_with_the_nearest_known():
    with pytest.raises(TableRefused) as caught:
        TABLE.read(b"unit_code,year\nBNNP-5,2019\n", "f.csv")
    (message,) = caught.value.messages
    assert "BNNP-53" in message
    assert nearest("bnnp-53", ["BNN", "BNNP-53"]) == ["BNNP-53", "BNN"]
    assert "BNN" in unknown("zzz", ["BNN"])


def test_unknown_missing_and_doubled_columns_are_errors_of_the_heading():
    assert problems("unit_code,yaer,tahun,year\nBNN,1,2,3\n") == [(1, "yaer"), (1, "year")]
    assert problems("unit_code\nBNN\n") == [(1, "year")]


def test_unknown_columns_can_be_passed_over():
    table = Table(TABLE.columns, ignore_unknown=True)
    assert len(table.read(b"unit_code,year,extra\nBNN,2019,x\n", "f.csv")) == 1


def test_many_problems_are_counted_and_the_first_hundred_shown():
    with pytest.raises(TableRefused) as caught:
        TABLE.read(b"unit_code,year\n" + b"BNN,x\n" * 250, "f.csv")
    assert len(caught.value.problems) == 250
    assert len(caught.value.messages) == 101


@pytest.mark.parametrize("word", ["1e5", "1.5", "٣", "x" * 2000, "1" * 60])
def test_what_is_not_a_whole_number_is_refused(word):
    assert problems(f"unit_code,year\nBNN,{word}\n") == [(2, "year")]


def test_cells_of_a_sheet_read_as_text_look_as_they_were_typed():
    assert [text_of(cell) for cell in (2019.0, 2.5, None, date(2019, 1, 2))] == ["2019", "2.5", "", "2019-01-02"]
