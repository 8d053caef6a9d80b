from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from rehab import numbers


@pytest.mark.parametrize(
    ("realised", "target", "expected"),
    [
        (58, 60, "96.67"),
        (8, 12, "66.67"),
        (46, 20, "230.00"),
        (Decimal("63.18"), 63, "100.29"),
        (3.62, 3.4, "106.47"),
        (0, 5, "0.00"),
        (1, 800, "0.13"),
        (201, 20000, "1.01"),
    ],
)
def test_achievement_has_two_decimals_half_up_and_no_cap(realised, target, expected):
    assert numbers.achievement(realised, target) == Decimal(expected)


@pytest.mark.parametrize(
    ("realised", "target", "expected"), [(9, 8, "87.50"), (Decimal("6.5"), 7, "107.14"), (0, 4, "200.00")]
)
def test_lower_is_better_turns_the_percentage_round(realised, target, expected):
    assert numbers.achievement(realised, target, lower_is_better=True) == Decimal(expected)


@pytest.mark.parametrize(("realised", "target"), [(None, 60), (58, None), (58, 0), (0, 0)])
def test_without_a_figure_or_a_target_there_is_no_achievement(realised, target):
    assert numbers.achievement(realised, target) is None


def test_a_cap_is_an_option():
    assert numbers.achievement(46, 20, cap=120) == Decimal("120.00")
    assert numbers.achievement(10, 20, cap=120) == Decimal("50.00")


def test_a_figure_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="finite"):
        numbers.achievement(Decimal("NaN"), 3)


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (13320, None, "13.320"),
        (Decimal("3.62"), None, "3,62"),
        (Decimal("3.60"), None, "3,6"),
        (Decimal("1E+3"), None, "1.000"),
        (0, None, "0"),
        (Decimal("-0.001"), 2, "0,00"),
        (-1234.5, None, "-1.234,5"),
        (Decimal("2.5"), 0, "3"),
        (None, None, "–"),
    ],
)
def test_numbers_are_written_with_dots_for_thousands_and_a_decimal_comma(value, places, expected):
    assert numbers.format_number(value, places) == expected


def test_percentages_keep_two_decimals():
    assert numbers.format_percent(Decimal("96.67")) == "96,67"
    assert numbers.format_percent(Decimal("230")) == "230,00"
    assert numbers.format_percent(None) == "–"


def test_rupiah_stand_without_a_space_and_with_sen_only_where_there_are_some():
    assert numbers.format_rupiah(165450000) == "Rp165.450.000"
    assert numbers.format_rupiah(Decimal("1500.50")) == "Rp1.500,50"
    assert numbers.format_rupiah(-500) == "-Rp500"
    assert numbers.format_rupiah(None) == "–"


def test_dates_are_written_out_in_the_language_of_the_page():
    with translation.override("id"):
        assert numbers.format_date(date(2019, 11, 12)) == "12 November 2019"
        assert numbers.format_date(date(2026, 5, 1)) == "1 Mei 2026"
    with translation.override("en"):
        assert numbers.format_date(date(2026, 5, 1)) == "1 May 2026"
    assert numbers.format_date(None) == "–"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("96,67", "96.67"),
        ("96.67", "96.67"),
        ("13.320", "13320"),
        ("13.32", "13.32"),
        ("1.234,5", "1234.5"),
        ("165.450.000", "165450000"),
        ("30000", "30000"),
        (" 93,33 % ", "93.33"),
        ("Rp1.500", "1500"),
        ("-2,5", "-2.5"),
        ("−2,5", "-2.5"),
        (",5", "0.5"),
        ("1234.567", "1234567"),
        (96.67, "96.67"),
        (60, "60"),
        (Decimal("3.4"), "3.4"),
    ],
)
def test_printed_numbers_are_read_as_their_writers_meant_them(text, expected):
    assert numbers.parse_number(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "tercapai",
        "60 orang",
        "1.2.3",
        "12.345.67",
        "1,2,3",
        "1,234.5",
        "1e5",
        "NaN",
        "٣",
        "%",
        "-",
        True,
        float("inf"),
    ],
)
def test_what_is_not_one_number_is_refused(text):
    with pytest.raises(ValueError, match=r"not a|truth value"):
        numbers.parse_number(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11370 outpatient", 11370),
        ("11.370 outpatient", 11370),
        ("3,5 kg", Decimal("3.5")),
        ("Warna Kasih", None),
        ("1.2.3 a", None),
        ("", None),
    ],
)
def test_parts_are_read_by_the_number_they_begin_with(text, expected):
    assert numbers.leading_number(text) == expected


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_what_is_written_is_read_back(value):
    assert numbers.parse_number(numbers.format_number(value, 2)) == value
