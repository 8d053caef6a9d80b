"""Choices of figures and reports."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FigureScope(models.TextChoices):
    """Whose figure: the facilities a unit supervises directly, or with those of the units below it."""

    OWN = "own", _("own")
    TREE = "tree", _("with the units below")


class PeriodKind(models.TextChoices):
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    SEMESTER = "semester", _("Semester")
    YEAR = "year", _("Year")


class ReportStatus(models.TextChoices):
    """Until the workflow of submitting and approving arrives: asked for, building, ready to read and seal, sealed."""

    ASKED = "asked", _("Waiting")
    BUILDING = "building", _("Being built")
    READY = "ready", _("Compiled (disusun)")
    FAILED = "failed", _("Failed")
    SEALED = "sealed", _("Sealed (disegel)")
