"""Choices of aftercare (pascarehabilitasi)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanStatus(models.TextChoices):
    OPEN = "open", _("In progress (proses)")
    COMPLETED = "completed", _("Completed (selesai)")
    RELAPSED = "relapsed", _("Relapsed (kambuh)")
    DIED = "died", _("Died (meninggal)")
    LOST = "lost", _("Contact lost")
    REPLACED = "replaced", _("Continued in a newer plan")


class FollowUpKind(models.TextChoices):
    MONITORING = "monitoring", _("Monitoring (pemantauan)")
    ACCOMPANIMENT = "accompaniment", _("Accompaniment (pendampingan)")
    GUIDANCE = "guidance", _("Continued guidance (bimbingan lanjut)")


class ContactWay(models.TextChoices):
    VISIT = "visit", _("Home visit")
    FACILITY = "facility", _("At the facility")
    PHONE = "phone", _("Phone or message")
    GROUP = "group", _("Group meeting")


class Relapse(models.TextChoices):
    """Unknown is its own answer, never counted as success."""

    NO = "no", _("Known not to have relapsed")
    YES = "yes", _("Known to have relapsed")
    UNKNOWN = "unknown", _("Unknown")


class Productive(models.TextChoices):
    YES = "yes", _("Productive")
    NO = "no", _("Not productive")
    UNKNOWN = "unknown", _("Unknown")


class Urine(models.TextChoices):
    NOT_DONE = "not_done", _("Not done")
    NEGATIVE = "negative", _("Negative")
    POSITIVE = "positive", _("Positive")


class SurveyElement(models.TextChoices):
    """The nine elements by which a public service is judged, in the order of the ministry's form (Permenpan RB 14/2017)."""

    REQUIREMENTS = "requirements", _("Requirements")
    PROCEDURE = "procedure", _("Procedure")
    TIME = "time", _("Time")
    COST = "cost", _("Cost")
    PRODUCT = "product", _("The service itself")
    COMPETENCE = "competence", _("Competence of the staff")
    CONDUCT = "conduct", _("Conduct of the staff")
    MEANS = "means", _("Rooms and equipment")
    COMPLAINTS = "complaints", _("Handling of complaints")


LEAST_ANSWERED = 5
