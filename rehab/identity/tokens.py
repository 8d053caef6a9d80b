"""Keyed indexes: find an exact number or a name in the database without keeping it there in the clear.

Every function takes its key; the same value has another token under another key and for another kind of value.
"""

import hashlib
import hmac
from datetime import date

from rehab.identity.words import name_words, plain, sound

SHORT, LONG = 3, 5


def blind(key: bytes, kind: str, value: str) -> bytes:
    """32 bytes that are equal exactly where kind and value are. The caller normalises the value (`phone_digits`)."""
    return hmac.digest(key, b"titian blind 1\0" + kind.encode() + b"\0" + value.encode(), hashlib.sha256)


def name_tokens(key: bytes, name: str, field: str = "name") -> list[int]:
    """Signed 64-bit tokens to be stored: each word, its first three and five letters, its sound. `field` keeps columns apart."""
    found = set()
    for word in name_words(name):
        found.add(_token(key, field, "sound", sound(word)))
        found.add(_token(key, field, "word", word))
        found.update(_token(key, field, "start", word[:length]) for length in (SHORT, LONG) if len(word) >= length)
    return sorted(found)


def query_tokens(key: bytes, text: str, field: str = "name") -> list[list[int]]:
    """For each word looked for, the tokens of which a stored name must hold at least one; a name must satisfy every word.

    A word of three or more letters also finds names that begin with it: with its first three or five letters exactly,
    so whoever shows the results compares the rest after decryption (`matches`). Empty when nothing was asked.
    """
    wanted = []
    for word in name_words(text):
        tokens = {_token(key, field, "word", word), _token(key, field, "sound", sound(word))}
        if len(word) >= SHORT:
            tokens.add(_token(key, field, "start", word[: LONG if len(word) >= LONG else SHORT]))
        wanted.append(sorted(tokens))
    return wanted


def matches(name: str, text: str) -> bool:
    """Whether a decrypted name really answers the query: each word asked begins, or sounds like, a word of the name."""
    words = name_words(name)
    sounds = {sound(word) for word in words}
    return all(sound(asked) in sounds or any(word.startswith(asked) for word in words) for asked in name_words(text))


def birth_date_token(key: bytes, born: date) -> int:
    return _token(key, "birth_date", "day", born.isoformat())


def phone_digits(phone: str) -> str:
    """One way of writing a phone number: '0812-3456-789' and '+62 812 3456 789' → '628123456789'."""
    digits = plain(phone).replace(" ", "")
    if digits.startswith("0") and not digits.startswith("00"):
        return "62" + digits[1:]
    return digits.removeprefix("00")


def _token(key: bytes, field: str, kind: str, value: str) -> int:
    digest = blind(key, f"{field}\0{kind}", value)
    return int.from_bytes(digest[:8], "big", signed=True)
