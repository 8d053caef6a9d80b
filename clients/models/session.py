from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.enums import Presence, SessionKind, SessionStatus
from clients.models.client import Client
from clients.models.treatment import Treatment
from facilities.access import facility_ids
from facilities.models import Facility
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class SessionQuerySet(models.QuerySet):
    def visible_to(self, user: User, *permissions: Permission) -> "SessionQuerySet":
        """At facilities where the person holds one of the permissions, to see clients where none is named."""
        return self.filter(facility__in=facility_ids(user, *permissions or [Permission.SEE_CLIENTS]))

    def between(self, start, end) -> "SessionQuerySet":
        """On the days of the half-open period `[start, end)`, in the order of the day."""
        return self.filter(held_on__gte=start, held_on__lt=end).order_by("held_on", "starts_at", "pk")


@tracked()
class Session(models.Model):
    """A meeting of one or more clients at a facility; day and hour are those of its clocks.

    What was said belongs to each client and stands at the attendance, never here.
    """

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="sessions", db_index=False)
    kind = models.CharField(_("kind of session"), max_length=10, choices=SessionKind)
    held_on = models.DateField(_("day"))
    starts_at = models.TimeField(_("begins at"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=60)
    theme = models.CharField(_("theme"), max_length=150, blank=True)
    led_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("led by")
    )
    status = models.CharField(_("status"), max_length=10, choices=SessionStatus, default=SessionStatus.PLANNED)
    cancel_reason = models.CharField(_("reason"), max_length=250, blank=True)
    edit = models.PositiveIntegerField(default=1)  # counts changes, so that two people never overwrite each other

    objects = SessionQuerySet.as_manager()

    personal = frozenset({"theme", "cancel_reason"})
    plain = frozenset({"id", "facility", "kind", "held_on", "starts_at", "minutes", "led_by", "status", "edit"})

    class Meta:
        ordering = ["-held_on", "-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="session_length",
                condition=models.Q(minutes__gte=5, minutes__lte=480),
                violation_error_message=_("A session lasts from 5 minutes to 8 hours."),
            ),
            models.CheckConstraint(
                name="session_cancelled_why",
                condition=models.Q(status=SessionStatus.CANCELLED) & ~models.Q(cancel_reason="")
                | ~models.Q(status=SessionStatus.CANCELLED) & models.Q(cancel_reason=""),
                violation_error_message=_("Say why the session is cancelled."),
            ),
        ]
        indexes = [
            models.Index(fields=["facility", "held_on", "starts_at"], name="session_of_day"),
            models.Index(
                fields=["facility", "held_on"],
                condition=models.Q(status=SessionStatus.PLANNED),
                name="session_not_recorded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.held_on} {self.starts_at:%H.%M}"

    @property
    def is_planned(self) -> bool:
        return self.status == SessionStatus.PLANNED


class AttendanceQuerySet(models.QuerySet):
    def visible_to(self, user: User, *permissions: Permission) -> "AttendanceQuerySet":
        return self.filter(treatment__facility__in=facility_ids(user, *permissions or [Permission.SEE_CLIENTS]))


@tracked()
class Attendance(models.Model):
    """One client of a session: expected, then there or not. `held_on` follows the session, so that the last contact
    of every open treatment is one look at one index."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendances", db_index=False)
    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="attendances", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="attendances")
    held_on = models.DateField(_("day"))
    presence = models.CharField(_("attendance"), max_length=8, choices=Presence, default=Presence.EXPECTED)
    note = models.TextField(_("note"), blank=True)
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AttendanceQuerySet.as_manager()

    personal = frozenset({"presence", "note"})
    plain = frozenset({"id", "session", "treatment", "client", "held_on", "recorded_at", "recorded_by"})

    class Meta:
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "treatment"],
                name="attendance_once",
                violation_error_message=_("This client is in the session already."),
            ),
            models.CheckConstraint(
                name="attendance_recorded",
                condition=models.Q(presence=Presence.EXPECTED, recorded_at=None)
                | ~models.Q(presence=Presence.EXPECTED) & models.Q(recorded_at__isnull=False),
                violation_error_message=_("A recorded attendance has its time."),
            ),
        ]
        indexes = [
            models.Index(fields=["treatment", "-held_on"], include=["presence"], name="attendance_of_treatment"),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} · {self.held_on} {self.presence}"
