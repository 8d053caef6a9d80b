import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.identity import crypto
from rehab.identity.crypto import Tampered, WrongKey

RING = {"2026": b"n" * 32, "2025": b"o" * 32}
OLD_RING = {"2025": b"o" * 32}


@given(st.text(), st.text())
def test_what_is_sealed_opens_in_its_place(text, context):
    key = crypto.new_data_key()
    assert crypto.decrypt(key, crypto.encrypt(key, text, context), context) == text


@given(st.integers(min_value=0), st.integers(1, 255))
def test_any_changed_byte_is_noticed(place, change):
    key = b"d" * 32
    sealed = bytearray(crypto.encrypt(key, "Rina Contoh", "clients.identity.name:1"))
    sealed[place % len(sealed)] ^= change
    with pytest.raises((Tampered, WrongKey)):
        crypto.decrypt(key, bytes(sealed), "clients.identity.name:1")


def test_sealed_text_moved_to_another_row_does_not_open():
    key = crypto.new_data_key()
    sealed = crypto.encrypt(key, "Rina Contoh", "clients.identity.name:1")
    with pytest.raises(Tampered, match="moved"):
        crypto.decrypt(key, sealed, "clients.identity.name:2")


def test_another_data_key_is_told_apart_from_a_change():
    sealed = crypto.encrypt(crypto.new_data_key(), "Rina", "here")
    with pytest.raises(WrongKey, match="another data key"):
        crypto.decrypt(crypto.new_data_key(), sealed, "here")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"plain text that was never sealed at all"])
def test_what_was_never_sealed_is_refused(sealed):
    with pytest.raises(Tampered, match="not sealed"):
        crypto.decrypt(b"d" * 32, sealed, "here")


def test_the_same_text_never_looks_the_same():
    key = crypto.new_data_key()
    assert crypto.encrypt(key, "Rina", "here") != crypto.encrypt(key, "Rina", "here")
    assert b"Rina" not in crypto.encrypt(key, "Rina", "here")


def test_rotation_wraps_anew_and_what_was_sealed_stays_readable():
    key = crypto.new_data_key()
    sealed = crypto.encrypt(key, "Rina", "here")
    old = crypto.wrap(key, OLD_RING)
    new = crypto.rewrap(old, RING)
    assert (crypto.key_id(old), crypto.key_id(new)) == ("2025", "2026")
    assert crypto.decrypt(crypto.unwrap(new, {"2026": RING["2026"]}), sealed, "here") == "Rina"
    assert crypto.rewrap(new, RING) is new


def test_a_missing_master_key_is_named():
    with pytest.raises(WrongKey, match="2026"):
        crypto.unwrap(crypto.wrap(b"d" * 32, RING), OLD_RING)


def test_a_master_key_of_the_same_name_but_another_value_does_not_open_it():
    with pytest.raises(Tampered, match="2025"):
        crypto.unwrap(crypto.wrap(b"d" * 32, OLD_RING), {"2025": b"x" * 32})


@given(st.integers(min_value=0), st.integers(1, 255))
def test_a_changed_wrapping_is_noticed(place, change):
    wrapped = bytearray(crypto.wrap(b"d" * 32, RING))
    wrapped[place % len(wrapped)] ^= change
    with pytest.raises((Tampered, WrongKey)):
        crypto.unwrap(bytes(wrapped), RING)
    for size in (0, 1, 2, len(wrapped) - 1):
        with pytest.raises(Tampered):
            crypto.unwrap(bytes(wrapped[:size]), RING)


def test_files_are_sealed_the_same_way():
    key = crypto.new_data_key()
    content = bytes(range(256)) * 10
    assert crypto.decrypt_bytes(key, crypto.encrypt_bytes(key, content, "file"), "file") == content
