import json
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from rehab.identity import nik
from rehab.identity.nik import NikError, parse

TODAY = date(2026, 1, 1)
VECTORS = json.loads((Path(__file__).parents[2] / "data" / "nik_vectors.json").read_text())


def described(number: str, today: date) -> dict:
    try:
        found = parse(number, today)
    except NikError as error:
        return {"valid": False, "error": error.kind}
    return {
        "valid": True,
        "province": found.province,
        "regency": found.regency,
        "district": found.district,
        "sex": found.sex,
        "birth_date": found.birth_date.isoformat(),
        "birth_date_candidates": [each.isoformat() for each in found.birth_dates],
        "serial": found.serial,
    }


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["id"])
def test_published_and_constructed_numbers(case):
    assert described(case["nik"], date.fromisoformat(case["today"])) == case["expected"]


def test_both_centuries_are_kept_and_the_latest_is_taken():
    assert parse("3201011501100001", TODAY).birth_dates == (date(2010, 1, 15), date(1910, 1, 15))


@pytest.mark.parametrize(("today", "count"), [(date(2025, 1, 15), 2), (date(2025, 1, 16), 1)])
def test_who_would_be_over_120_is_not_considered(today, count):
    assert len(parse("3201011501050001", today).birth_dates) == count


def test_a_birth_today_is_possible_and_one_tomorrow_is_not():
    assert parse("3201011501260001", date(2026, 1, 15)).birth_date == date(2026, 1, 15)
    assert parse("3201011501260001", date(2026, 1, 14)).birth_date == date(1926, 1, 15)


def test_the_provinces_are_34_and_since_2022_38():
    assert (len(nik.PROVINCES_UNTIL_2022), len(nik.PROVINCES)) == (34, 38)


def test_a_district_00_is_no_area():
    with pytest.raises(NikError) as refused:
        parse("3201001501900001", TODAY)
    assert refused.value.kind == "area"


def test_each_error_has_a_sentence_in_indonesian():
    with translation.override("id"):
        assert NikError("format").message == "NIK terdiri atas tepat 16 angka, tanpa yang lain."
    assert set(nik.MESSAGES) == {"format", "province", "area", "birth_date", "serial"}


def test_a_form_forgives_blanks():
    assert nik.clean(" 3201 0115\u00a00190 0001\t") == "3201011501900001"


def test_other_entries_only_warn():
    woman = parse("3201015501900001", TODAY)
    assert nik.warnings(woman, "F", date(1990, 1, 15)) == []
    assert nik.warnings(woman, "M", date(1990, 1, 16)) == ["sex", "birth_date"]
    assert nik.warnings(woman, None, None) == []
    assert nik.warnings(parse("3201011501100001", TODAY), "M", date(1910, 1, 15)) == []


def test_a_masked_number_tells_neither_region_nor_birth_date_even_in_a_traceback():
    assert nik.mask("3201011501900001") == "••••••••••••0001"
    assert nik.mask("12") == "••"
    assert "320101" not in repr(parse("3201011501900001", TODAY))
