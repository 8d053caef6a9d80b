from datetime import date

import pytest

from rehab.identity import masking


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ahmad Santoso", "A. S."),
        ("dr. H. Ahmad Santoso, S.H., M.Kes", "A. S."),
        ("rina", "R."),
        ("Ni Luh Putu Ayu Contoh", "N. L. P."),
        ("Éva", "E."),
        ("X", "X."),
        ("", ""),
        ("李", "•••"),
    ],
)
def test_a_masked_name_is_its_initials(name, expected):
    assert masking.masked_name(name) == expected


def test_the_rest_is_hidden_but_its_presence():
    assert masking.masked_phone("0812-3456-789") == "••• 789"
    assert masking.masked_phone("12345") == "•••"
    assert masking.masked_phone("") == ""
    assert masking.masked_address("Jl. Contoh 1") == "•••"
    assert masking.masked_address(" ") == ""
    assert masking.masked_birth_date(date(1990, 1, 15)) == "1990"
    assert masking.masked_birth_date(None) == ""
    assert masking.masked_nik("3201011501900001") == "••••••••••••0001"
