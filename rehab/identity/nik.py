"""The national identity number (NIK): PPRRDD + DDMMYY + serial, women with 40 added to the day.

What blocks and what only warns is settled in DOMAIN.md section 7; `tests/data/nik_vectors.json` are its cases. The number
never tells where a person lives now, so nothing here compares it with an address.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

# Codes of the interior ministry. The last four exist since 2022; numbers given out before stay valid.
PROVINCES_UNTIL_2022 = frozenset(
    "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65 71 72 73 74 75 76 81 82 91 92".split()
)
PROVINCES = PROVINCES_UNTIL_2022 | {"93", "94", "95", "96"}
OLDEST = 120

MESSAGES = {
    "format": _("A NIK has exactly 16 digits and nothing else."),
    "province": _("The first two digits of this NIK are no province."),
    "area": _("Digits 3 to 6 of this NIK are no regency and district."),
    "birth_date": _("Digits 7 to 12 of this NIK are no possible birth date (for women the day is 40 higher)."),
    "serial": _("A NIK never ends with 0000."),
}
WARNINGS = {
    "sex": _("The NIK belongs to the other sex. Check both."),
    "birth_date": _("The NIK holds another birth date. Check both."),
}


class NikError(ValueError):
    """Why a number is no NIK: `kind` is format, province, area, birth_date or serial; `message` says it to the person."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind

    @property
    def message(self) -> str:
        return str(MESSAGES[self.kind])


@dataclass(frozen=True)
class Nik:
    """What a valid number says. `birth_dates` holds every possible date, latest first; `birth_date` is the first of them."""

    number: str
    province: str
    regency: str
    district: str
    sex: str
    birth_dates: tuple[date, ...]
    serial: str

    @property
    def birth_date(self) -> date:
        return self.birth_dates[0]

    def __repr__(self) -> str:
        return f"Nik({mask(self.number)})"  # never the whole number in a log


def clean(text: str) -> str:
    """What a form may forgive: blanks anywhere."""
    return re.sub(r"\s+", "", text)


def parse(number: str, today: date) -> Nik:
    """The parts of a NIK as known on `today`. Raises NikError for the first thing that is wrong, read from the left."""
    if not re.fullmatch(r"[0-9]{16}", number):
        raise NikError("format")
    if number[:2] not in PROVINCES:
        raise NikError("province")
    if "00" in (number[2:4], number[4:6]):
        raise NikError("area")
    day, month, year = int(number[6:8]), int(number[8:10]), int(number[10:12])
    birth_dates = _possible_dates(day - 40 if day > 40 else day, month, year, today)
    if not birth_dates:
        raise NikError("birth_date")
    if number[12:] == "0000":
        raise NikError("serial")
    sex = "F" if day > 40 else "M"
    return Nik(number, number[:2], number[:4], number[:6], sex, birth_dates, number[12:])


def warnings(nik: Nik, sex: str | None, birth_date: date | None) -> list[str]:
    """Where the number differs from what was entered: keys of WARNINGS. Never a reason to refuse."""
    found = []
    if sex in {"M", "F"} and sex != nik.sex:
        found.append("sex")
    if birth_date and birth_date not in nik.birth_dates:
        found.append("birth_date")
    return found


def mask(number: str) -> str:
    """Only the last four digits: the rest tells region and birth date."""
    return "•" * max(len(number) - 4, 0) + number[-4:] if len(number) > 4 else "•" * len(number)


def _possible_dates(day: int, month: int, year: int, today: date) -> tuple[date, ...]:
    """Latest first: not in the future, and not further back than the 120th birthday."""
    found = []
    for century in range(today.year // 100, today.year // 100 - 3, -1):
        try:
            born = date(century * 100 + year, month, day)
        except ValueError:
            continue
        if born <= today and (born.year + OLDEST, month, day) >= (today.year, today.month, today.day):
            found.append(born)
    return tuple(found)
