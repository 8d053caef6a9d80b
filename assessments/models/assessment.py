import functools
import operator

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import AssessmentStatus
from clients.models import Client, Episode
from facilities.access import facility_ids
from facilities.models import Facility
from rehab.constraints import both_or_neither, one_open
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class AssessmentQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "AssessmentQuerySet":
        return self.filter(facility__in=facility_ids(user, Permission.SEE_CLINICAL))

    def drafts(self) -> "AssessmentQuerySet":
        return self.filter(status=AssessmentStatus.DRAFT)

    def completed(self) -> "AssessmentQuerySet":
        return self.filter(status=AssessmentStatus.COMPLETED)


# What a completed assessment says never changes, from wherever it is tried. Linking it to an episode stays possible, and
# becoming replaced by a correction.
_FROZEN = pgtrigger.Q(old__status__in=AssessmentStatus.frozen()) & (
    functools.reduce(
        operator.or_,
        (
            pgtrigger.Q(**{f"old__{field}__df": pgtrigger.F(f"new__{field}")})
            for field in (
                "client", "facility", "instrument", "version", "answers", "ignored", "rules", "alerts",
                "administered_on", "completed_at", "completed_by",
            )
        ),
    )
    | ~pgtrigger.Q(new__status__in=AssessmentStatus.frozen())
    | pgtrigger.Q(old__status=AssessmentStatus.CORRECTED, new__status=AssessmentStatus.COMPLETED)
)  # fmt: skip


@tracked()
class Assessment(models.Model):
    """One administration of an instrument. Completion freezes the answers; a correction is a new row with a reason.

    `answers` holds option codes by item code; `position` is the item that the form comes back to; `ignored` lists answers that the rules skip. `text_version` is empty where
    only Titian's own neutral labels were shown. `version` is the instrument's, `edit` counts saves (two tabs).
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="assessments")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, null=True, related_name="assessments")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    instrument = models.CharField(_("instrument"), max_length=20)
    version = models.CharField(_("version"), max_length=20)
    text_version = models.CharField(max_length=80, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=AssessmentStatus, default=AssessmentStatus.DRAFT)
    answers = models.JSONField(default=dict)
    ignored = ArrayField(models.CharField(max_length=20), default=list)
    rules = models.JSONField(default=dict)
    alerts = ArrayField(models.CharField(max_length=20), default=list)
    administered_on = models.DateField(_("administered on"))
    started_at = models.DateTimeField(db_default=models.functions.Now())
    saved_at = models.DateTimeField(auto_now=True)
    position = models.CharField(max_length=20, blank=True)
    edit = models.PositiveIntegerField(default=0)
    completed_at = models.DateTimeField(null=True)
    completed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="correction")
    reason = models.TextField(_("reason for the correction"), blank=True)

    objects = AssessmentQuerySet.as_manager()

    personal = frozenset({"answers", "reason"})
    plain = frozenset(
        {
            "id", "client", "episode", "facility", "instrument", "version", "text_version", "status", "ignored", "rules",
            "alerts", "administered_on", "started_at", "saved_at", "position", "edit", "completed_at", "completed_by",
            "started_by", "corrects",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["-administered_on", "-id"]
        constraints = [
            both_or_neither(
                "assessment_completed",
                "completed_at",
                "completed_by",
                _("A completed assessment has a time and a person."),
            ),
            one_open(
                "one_draft_of_an_instrument",
                "client",
                "instrument",
                "facility",
                open_when=Q(status=AssessmentStatus.DRAFT),
                message=_("There is already a draft of this instrument for the client."),
            ),
            models.CheckConstraint(
                name="correction_has_a_reason",
                condition=Q(corrects=None) | ~Q(reason=""),
                violation_error_message=_("A correction needs a reason."),
            ),
        ]
        indexes = [
            models.Index(fields=["episode", "status"], name="assessment_of_episode"),
            models.Index(
                fields=["facility", "administered_on"],
                condition=Q(status=AssessmentStatus.COMPLETED),
                name="assessment_of_facility",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="completed_is_frozen", operation=pgtrigger.Update, condition=_FROZEN),
            pgtrigger.Protect(
                name="completed_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__status__in=AssessmentStatus.frozen()),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.client}"


@tracked()
class AssessmentScore(models.Model):
    """One scale's value, a typed row so that indicators count in SQL. No value where an answer is missing."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    scale = models.CharField(max_length=30)
    value = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    band = models.CharField(max_length=20, blank=True)

    personal = frozenset({"value", "band"})
    plain = frozenset({"id", "assessment", "scale"})

    class Meta:
        ordering = ["assessment", "id"]
        constraints = [models.UniqueConstraint(fields=["assessment", "scale"], name="scale_once")]
        triggers = [pgtrigger.Protect(name="score_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.scale}: {self.value}"
