from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.enums import ConsentScope, GuardianRelation
from clients.models.client import Client
from facilities.access import facility_ids
from facilities.models import Facility
from rehab.constraints import date_order
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


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
    given_on = models.DateField(_("given on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    by_guardian = models.BooleanField(_("given by the guardian"), default=False)
    revoked_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OfVisibleClients.as_manager()

    personal = frozenset()
    plain = frozenset(
        {"id", "client", "facility", "scope", "given_on", "ends_on", "by_guardian", "revoked_at", "recorded_by"}
    )

    class Meta:
        ordering = ["-given_on", "-id"]
        constraints = [date_order("consent_dates", "given_on", "ends_on", _("The end lies before the start."))]

    def __str__(self) -> str:
        return f"{self.client} {self.scope}"


@tracked()
class Guardian(models.Model):
    """Who answers for a minor; name and phone are encrypted under the client's key."""

    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="guardian", primary_key=True)
    relation = models.CharField(_("relation"), max_length=16, choices=GuardianRelation)
    name = models.BinaryField()
    phone = models.BinaryField()

    objects = OfVisibleClients.as_manager()

    personal = frozenset({"name", "phone"})
    plain = frozenset({"client", "relation"})

    def __str__(self) -> str:
        return str(self.client_id)
