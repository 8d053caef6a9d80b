from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import AlertMeasure
from assessments.models.assessment import Assessment
from clients.models import Client, Episode, Treatment
from facilities.access import facility_ids
from facilities.models import Facility
from rehab.constraints import both_or_neither
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class SafetyAlertQuerySet(models.QuerySet):
    def open(self) -> "SafetyAlertQuerySet":
        return self.filter(answered_at=None)

    def visible_to(self, user: User, permission: Permission = Permission.SEE_CLINICAL) -> "SafetyAlertQuerySet":
        """For care staff where it was raised, and wherever the client is now in care: it follows the client."""
        reach = facility_ids(user, permission)
        # Collected once from the facilities' own rows, instead of looked up for each open alert of the nation.
        episodes = Episode.objects.open().filter(responsible_facility__in=reach).order_by().values("client")
        treatments = Treatment.objects.open().filter(facility__in=reach).order_by().values("client")
        return self.filter(Q(facility__in=reach) | Q(client__in=episodes) | Q(client__in=treatments))


@tracked()
class SafetyAlert(models.Model):
    """An answer that somebody must look at (self-harm, injecting). It waits until a person says what was done.

    It belongs to the care staff of the facility and to nobody alone: whoever asked may leave, the alert stays. `handler` has
    taken it on, which others see; any of them may answer.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="safety_alerts")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="safety_alerts")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    raised_at = models.DateTimeField(db_default=models.functions.Now())
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    measure = models.CharField(_("what was done"), max_length=14, choices=AlertMeasure, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = SafetyAlertQuerySet.as_manager()

    personal = frozenset({"code", "measure", "note"})
    plain = frozenset(
        {
            "id", "assessment", "client", "facility", "raised_at", "raised_by", "handler", "taken_at", "answered_at",
            "answered_by",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["raised_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "code"],
                name="alert_once",
                violation_error_message=_("This alert stands already."),
            ),
            both_or_neither("alert_taken", "handler", "taken_at", _("Who takes an alert on does so at a time.")),
            both_or_neither("alert_answered", "answered_at", "answered_by", _("An answer has a person and a time.")),
            models.CheckConstraint(
                name="alert_answer_whole",
                condition=Q(answered_at=None, measure="", note="")
                | Q(answered_at__isnull=False) & ~Q(measure="") & ~Q(note=""),
                violation_error_message=_("An answer says what was done."),
            ),
        ]
        indexes = [
            models.Index(F("facility"), F("raised_at"), condition=Q(answered_at=None), name="alert_open"),
            models.Index(fields=["client", "raised_at"], name="alert_of_client"),
        ]

    def __str__(self) -> str:
        return f"{self.client} {self.code}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None
