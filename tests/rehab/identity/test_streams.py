import io

import pytest

from rehab.identity import crypto, streams

KEY, OTHER = b"k" * 32, b"o" * 32
CONTEXT = "clients.document:K-1:abc"
HEAD = 1 + crypto.FINGERPRINT_SIZE
SEALED = streams.PIECE + crypto.NONCE_SIZE + crypto.TAG_SIZE


def sealed(content: bytes, context: str = CONTEXT) -> bytes:
    return b"".join(streams.seal(KEY, [content], context))


def opened(file: bytes, key: bytes = KEY, context: str = CONTEXT) -> bytes:
    return b"".join(streams.unseal(key, io.BytesIO(file), context))


@pytest.mark.parametrize(
    "size", [0, 1, streams.PIECE - 1, streams.PIECE, streams.PIECE + 1, 2 * streams.PIECE, 5 * streams.PIECE + 7]
)
def test_what_was_sealed_opens_whole(size):
    content = bytes(number % 251 for number in range(size))
    assert opened(sealed(content)) == content
    parts = [content[at : at + 1000] for at in range(0, size, 1000)]
    assert opened(b"".join(streams.seal(KEY, parts, CONTEXT))) == content


def test_no_clear_word_stands_in_the_file():
    assert b"rahasia" not in sealed(b"rahasia " * 20_000)


@pytest.mark.parametrize("size", [10, streams.PIECE, 2 * streams.PIECE, 3 * streams.PIECE + 5])
def test_a_file_that_was_cut_anywhere_is_told(size):
    file = sealed(b"x" * size)
    pieces = [file[:end] for end in range(HEAD + SEALED, len(file), SEALED)]
    for cut in [file[:HEAD], file[:-1], file[:3], b"", file + b"x", *pieces]:
        with pytest.raises(crypto.CryptoError):
            opened(cut)


def test_pieces_that_changed_places_or_came_twice_are_told():
    file = sealed(bytes(3 * streams.PIECE))
    head, first, second, rest = file[:HEAD], file[HEAD : HEAD + SEALED], file[HEAD + SEALED : HEAD + 2 * SEALED], file[HEAD + 2 * SEALED :]  # fmt: skip
    for mixed in (second + first + rest, first + first + rest, first + rest, first + second + second + rest):
        with pytest.raises(crypto.Tampered):
            opened(head + mixed)


def test_a_file_opens_in_its_own_place_and_under_its_own_key_only():
    with pytest.raises(crypto.Tampered):
        opened(sealed(b"surat"), context="clients.document:K-2:abc")
    with pytest.raises(crypto.WrongKey):
        opened(sealed(b"surat"), key=OTHER)
    other = b"".join(streams.seal(KEY, [b"y" * 3 * streams.PIECE], "clients.document:K-1:def"))
    mine = sealed(b"x" * 3 * streams.PIECE)
    with pytest.raises(crypto.Tampered):
        opened(mine[: HEAD + SEALED] + other[HEAD + SEALED :])


def test_a_changed_bit_is_told():
    file = bytearray(sealed(b"x" * 100))
    file[-20] ^= 1
    with pytest.raises(crypto.Tampered):
        opened(bytes(file))
