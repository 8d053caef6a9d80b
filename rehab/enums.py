"""Choices that every floor shares."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    MALE = "M", _("Male")
    FEMALE = "F", _("Female")


class Zone(models.TextChoices):
    WIB = "Asia/Jakarta", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"


WITA_PROVINCES = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
WIT_PROVINCES = frozenset({"81", "82", "91", "92", "93", "94", "95", "96"})


def zone_of_province(code: str) -> Zone:
    """Time zone of a province or of any region code that begins with it."""
    if code[:2] in WITA_PROVINCES:
        return Zone.WITA
    return Zone.WIT if code[:2] in WIT_PROVINCES else Zone.WIB
