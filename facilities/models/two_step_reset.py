from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import ResetStatus
from rehab.constraints import one_open
from rehab.history import tracked


class TwoStepResetQuerySet(models.QuerySet):
    def waiting(self) -> "TwoStepResetQuerySet":
        return self.filter(status=ResetStatus.WAITING, expires_at__gt=timezone.now())

    def overdue(self) -> "TwoStepResetQuerySet":
        return self.filter(status=ResetStatus.WAITING, expires_at__lte=timezone.now())


@tracked()
class TwoStepReset(models.Model):
    """One admin asks that a person's two-step sign-in be taken away, another one consents: never one of them alone."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="two_step_resets")
    reason = models.CharField(_("reason"), max_length=250)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    status = models.CharField(_("status"), max_length=8, choices=ResetStatus, default=ResetStatus.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(_("reason"), max_length=250, blank=True)

    objects = TwoStepResetQuerySet.as_manager()

    personal: frozenset[str] = frozenset()
    plain = frozenset(
        {
            "id", "user", "reason", "asked_by", "asked_at", "expires_at", "status", "decided_by", "decided_at",
            "decision_note",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            one_open(
                "one_waiting_reset",
                "user",
                open_when=Q(status=ResetStatus.WAITING),
                message=_("A request for this person is waiting already."),
            ),
            models.CheckConstraint(
                name="reset_decided",
                condition=Q(status__in=ResetStatus.decided(), decided_by__isnull=False, decided_at__isnull=False)
                | (~Q(status__in=ResetStatus.decided()) & Q(decided_by=None, decided_at=None)),
                violation_error_message=_("A decision has a person and a time."),
            ),
            models.CheckConstraint(
                name="reset_by_two",
                condition=~Q(asked_by=F("user")) & ~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("user")),
                violation_error_message=_("Nobody decides on their own request, nor for themselves."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_status_display()}"
