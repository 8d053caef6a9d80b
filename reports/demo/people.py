"""Invented people. Every name ends in "Contoh", every NIK has an obviously fake serial and so belongs to nobody."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from rehab.enums import Sex
from reports.invented.names import MEN, MIDDLE, WOMEN

SERIAL_FROM = 9000


@dataclass(frozen=True)
class Invented:
    """An invented person; `nik` is empty where the person has brought no card."""

    name: str
    sex: Sex
    birth_date: date
    nik: str
    phone: str
    region: str


class People:
    """A stream of invented people, the same for the same seed; no two share a NIK."""

    def __init__(self, random: Random):
        self._random = random
        self._serial = SERIAL_FROM

    def one(self, *, region: str, on: date, women: float = 0.12, youngest: int = 14) -> Invented:
        """A person of `region` (a regency's code) who on that day is between `youngest` and 58 years old."""
        random = self._random
        sex = Sex.FEMALE if random.random() < women else Sex.MALE
        age = min(58, max(youngest, round(random.gauss(28, 8))))
        born = on - timedelta(days=age * 365 + random.randrange(365))
        name = f"{random.choice(WOMEN if sex == Sex.FEMALE else MEN)} {random.choice(MIDDLE)} Contoh"
        has_card = random.random() > 0.06
        phone = f"0812-0000-{random.randrange(10_000):04d}" if random.random() > 0.15 else ""
        return Invented(name, sex, born, self._nik(region, born, sex) if has_card else "", phone, region)

    def _nik(self, region: str, born: date, sex: Sex) -> str:
        self._serial += 1
        day = born.day + (40 if sex == Sex.FEMALE else 0)
        return f"{region}01{day:02d}{born:%m%y}{self._serial % 10_000:04d}"
