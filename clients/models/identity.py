from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.enums import NoNikReason
from clients.models import known
from clients.models.client import Client
from facilities.access import facility_ids
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class IdentityQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "IdentityQuerySet":
        reach = facility_ids(user, Permission.SEE_IDENTITY)
        return self.filter(client__in=Client.objects.known_at(reach))


@tracked()
class Identity(models.Model):
    """Who a client is: encrypted under the client's data key, found by keyed indexes only. Figures never join this."""

    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="identity", primary_key=True)
    name = models.BinaryField()
    birth_date = models.BinaryField()
    nik = models.BinaryField()
    phone = models.BinaryField()
    address = models.BinaryField()
    mother_name = models.BinaryField()
    no_nik_reason = models.CharField(_("reason for no NIK"), max_length=12, choices=NoNikReason, blank=True)
    nik_index = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True)
    birth_index = models.BinaryField(null=True)
    name_tokens = ArrayField(models.BigIntegerField(), default=list)
    edit = models.PositiveIntegerField(default=1)  # counts corrections, so that two people never overwrite each other

    objects = IdentityQuerySet.as_manager()

    personal = frozenset(
        {
            "name", "birth_date", "nik", "phone", "address", "mother_name", "nik_index", "phone_index", "birth_index",
            "name_tokens",
        }
    )  # fmt: skip
    plain = frozenset({"client", "no_nik_reason", "edit"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="identity_nik_or_reason",
                condition=models.Q(nik_index__isnull=False, no_nik_reason="")
                | models.Q(nik_index=None) & ~models.Q(no_nik_reason=""),
                violation_error_message=_("Give the NIK, or the reason why there is none."),
            )
        ]
        indexes = [
            models.Index(fields=["nik_index"], name="identity_nik"),
            models.Index(fields=["phone_index"], name="identity_phone"),
            GinIndex(fields=["name_tokens"], name="identity_name_tokens"),
        ]
        triggers = known.OF_IDENTITY

    def __str__(self) -> str:
        return str(self.client_id)
