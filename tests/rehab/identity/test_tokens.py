from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.identity import tokens

KEY, OTHER = b"k" * 32, b"o" * 32


def finds(name: str, text: str, key: bytes = KEY) -> bool:
    """What the database answers: every word asked shares a token with the stored name."""
    stored = set(tokens.name_tokens(KEY, name))
    return all(stored & set(alternatives) for alternatives in tokens.query_tokens(key, text))


@pytest.mark.parametrize(
    "text",
    [
        "Muhammad Rizky Contoh",
        "contoh",
        "moch contoh",
        "Mohamad",
        "riz",
        "rizki",
        "rizk",
        "cont",
        "RIZKY  contoh",
        "H. M. Rizky",
    ],
)
def test_a_name_is_found_by_words_beginnings_and_sound(text):
    assert finds("Muhammad Rizky Contoh, S.H.", text)
    assert tokens.matches("Muhammad Rizky Contoh, S.H.", text)


@pytest.mark.parametrize("text", ["Rizal", "Contoh Budi", "zky", "ontoh"])
def test_another_name_is_not_found(text):
    assert not finds("Muhammad Rizky Contoh", text)
    assert not tokens.matches("Muhammad Rizky Contoh", text)


def test_what_only_begins_alike_is_sorted_out_after_decryption():
    assert finds("Santosa Contoh", "santoso")
    assert not tokens.matches("Santosa Contoh", "santoso")


def test_nothing_asked_finds_nothing_to_look_for():
    assert tokens.query_tokens(KEY, " … ") == []


def test_another_key_or_another_column_finds_nothing():
    assert not finds("Rina Contoh", "rina", key=OTHER)
    assert not set(tokens.name_tokens(KEY, "Rina")) & set(tokens.name_tokens(KEY, "Rina", field="mother"))


def test_blind_indexes_keep_kinds_apart():
    assert tokens.blind(KEY, "nik", "1") == tokens.blind(KEY, "nik", "1")
    assert (
        len(
            {
                tokens.blind(KEY, "nik", "1"),
                tokens.blind(KEY, "phone", "1"),
                tokens.blind(OTHER, "nik", "1"),
                tokens.blind(KEY, "nik", "2"),
            }
        )
        == 4
    )
    assert len(tokens.blind(KEY, "nik", "1")) == 32


def test_a_birth_date_has_a_token():
    born = date(1990, 1, 15)
    assert tokens.birth_date_token(KEY, born) == tokens.birth_date_token(KEY, born)
    assert tokens.birth_date_token(KEY, born) != tokens.birth_date_token(KEY, date(1990, 1, 16))


@pytest.mark.parametrize(
    "phone", ["0812-3456-789", "+62 812 3456 789", "62 8123456789", "0062 812 3456789", "(0812) 3456789"]
)
def test_a_phone_number_is_one_however_it_is_written(phone):
    assert tokens.phone_digits(phone) == "628123456789"


@given(st.text())
def test_tokens_fit_a_bigint_column_and_a_name_finds_itself(name):
    stored = tokens.name_tokens(KEY, name)
    assert all(-(2**63) <= token < 2**63 for token in stored)
    assert stored == sorted(set(stored))
    assert finds(name, name)
    assert tokens.matches(name, name)
