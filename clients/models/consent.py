from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.enums import SHARING, ConsentScope, ConsentState, GuardianRelation
from clients.models.client import Client
from facilities.access import facility_ids
from facilities.models import Facility
from rehab.constraints import date_order
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission

ENDING_SOON = timedelta(days=30)


class OfVisibleClients(models.QuerySet):
    """Rows that hang on a client and are seen by whoever may see the client."""

    def visible_to(self, user: User) -> "OfVisibleClients":
        return self.filter(client__in=Client.objects.at(facility_ids(user, Permission.SEE_CLIENTS)))


@tracked()
class Consent(models.Model):
    """What the client, or the guardian, agreed to. Revoking ends sharing at once; the treating facility keeps its record."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="consents")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(_("consent covers"), max_length=10, choices=ConsentScope)
    only_to = models.ForeignKey(
        Facility, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("only with this facility")
    )
    given_on = models.DateField(_("given on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    by_guardian = models.BooleanField(_("given by the guardian"), default=False)
    revoked_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OfVisibleClients.as_manager()

    personal: frozenset[str] = frozenset()
    plain = frozenset(
        {
            "id", "client", "facility", "scope", "only_to", "given_on", "ends_on", "by_guardian", "revoked_at",
            "recorded_by",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["-given_on", "-id"]
        constraints = [
            date_order("consent_dates", "given_on", "ends_on", _("The end lies before the start.")),
            models.CheckConstraint(
                name="consent_only_to_when_sharing",
                condition=models.Q(only_to=None) | models.Q(scope__in=sorted(SHARING)),
                violation_error_message=_("Only a consent that covers handing over names a facility."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["facility", "ends_on"],
                name="consent_ending",
                condition=models.Q(revoked_at=None, ends_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.client} {self.scope}"

    def holds_on(self, day: date) -> bool:
        """On the day it ends it holds no longer."""
        return self.revoked_at is None and self.given_on <= day and (self.ends_on is None or day < self.ends_on)

    @property
    def state(self) -> ConsentState:
        """By the calendar of the place where the person works."""
        today = timezone.localdate()
        if self.revoked_at:
            return ConsentState.TAKEN_BACK
        if not self.holds_on(today):
            return ConsentState.ENDED
        soon = self.ends_on is not None and self.ends_on - today <= ENDING_SOON
        return ConsentState.ENDS_SOON if soon else ConsentState.IN_FORCE


@tracked()
class Guardian(models.Model):
    """Who answers for a minor; name and phone are encrypted under the client's key."""

    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="guardian", primary_key=True)
    relation = models.CharField(_("relation"), max_length=16, choices=GuardianRelation)
    name = models.BinaryField()
    phone = models.BinaryField()
    edit = models.PositiveIntegerField(default=1)  # counts corrections, as that of the identity

    objects = OfVisibleClients.as_manager()

    personal = frozenset({"name", "phone"})
    plain = frozenset({"client", "relation", "edit"})

    def __str__(self) -> str:
        return str(self.client_id)
