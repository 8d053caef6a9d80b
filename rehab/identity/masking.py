"""How identity looks to those who may not see it, and to everyone until they ask for it."""

from datetime import date

from rehab.identity.nik import mask as masked_nik
from rehab.identity.words import name_words

__all__ = ["masked_address", "masked_birth_date", "masked_name", "masked_nik", "masked_phone"]

HIDDEN = "•••"


def masked_name(name: str) -> str:
    """'H. Ahmad Santoso, S.H.' → 'A. S.'; at most three initials."""
    return " ".join(f"{word[0].upper()}." for word in name_words(name)[:3]) or (HIDDEN if name.strip() else "")


def masked_phone(phone: str) -> str:
    """The last three digits: enough to recognise one's own, too few to call."""
    digits = [sign for sign in phone if sign.isdigit()]
    return f"{HIDDEN} {''.join(digits[-3:])}" if len(digits) > 5 else HIDDEN if digits else ""


def masked_address(address: str) -> str:
    return HIDDEN if address.strip() else ""


def masked_birth_date(birth_date: date | None) -> str:
    """Only the year, which the client's own row shows too."""
    return str(birth_date.year) if birth_date else ""
