"""Choices of figures and reports."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FigureScope(models.TextChoices):
    """Whose figure: the facilities a unit supervises directly, or with those of the units below it."""

    OWN = "own", _("own")
    TREE = "tree", _("with the units below")


class PeriodKind(models.TextChoices):
    WEEK = "week", _("Week")
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    SEMESTER = "semester", _("Semester")
    YEAR = "year", _("Year")


class ReportStatus(models.TextChoices):
    """Asked for and built by Titian; compiled (disusun), then from hand to hand until it is sealed."""

    ASKED = "asked", _("Waiting")
    BUILDING = "building", _("Being built")
    READY = "ready", _("Compiled (disusun)")
    SUBMITTED = "submitted", _("Submitted (diajukan)")
    RETURNED = "returned", _("Returned (dikembalikan)")
    APPROVED = "approved", _("Approved (disetujui)")
    SEALED = "sealed", _("Sealed (disegel)")
    FAILED = "failed", _("Failed")


class RunStatus(models.TextChoices):
    """Of the moment that several reports share: asked for, its members being written, cut, or given up."""

    ASKED = "asked", _("Waiting")
    CUTTING = "cutting", _("Being counted")
    CUT = "cut", _("Counted")
    FAILED = "failed", _("Failed")


class Half(models.IntegerChoices):
    FIRST = 1, _("Semester I")
    SECOND = 2, _("Semester II")
