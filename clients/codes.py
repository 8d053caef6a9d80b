"""Client codes: K-, seven digits and a check digit. Pure.

The digits are a running number spread over all of the room, so that a code tells neither the person nor how many were
registered before; the check digit catches a mistyped one.
"""

import re

ROOM = 10_000_000
_SPREAD, _SHIFT = 7_368_787, 4_190_331  # any factor without a common divisor with ROOM gives every number once
_CODE = re.compile(r"K-([0-9]{7})([0-9])\Z")


def code_of(number: int) -> str:
    """The code of the `number`-th client; a different one for each number in `range(ROOM)`."""
    digits = f"{(number * _SPREAD + _SHIFT) % ROOM:07d}"
    return f"K-{digits}{_check(digits)}"


def is_code(text: str) -> bool:
    found = _CODE.match(text)
    return found is not None and _check(found[1]) == found[2]


def as_code(text: str) -> str:
    """What somebody typed, as a code is written: 'k 41903319' → 'K-41903319'; empty when it cannot be one."""
    found = re.fullmatch(r"\s*[kK]\s*-?\s*([0-9]{7,8})\s*", text)
    return f"K-{found[1]}" if found else ""


def _check(digits: str) -> str:
    """Luhn's digit."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        value = int(sign) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)
