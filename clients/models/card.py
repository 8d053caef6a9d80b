from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.enums import CardEnd
from clients.models.client import Client
from facilities.access import facility_ids
from facilities.models import Facility
from rehab.constraints import date_order, one_open
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class CardQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "CardQuerySet":
        """Cards of the facilities at which the person registers."""
        return self.filter(facility__in=facility_ids(user, Permission.REGISTER))

    def valid(self) -> "CardQuerySet":
        return self.filter(ended_on=None)


@tracked()
class MandatoryReportCard(models.Model):
    """The card of somebody who reported as the law asks (kartu lapor diri). A lost one is replaced under a new number."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="cards")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("card number"), max_length=40)
    is_our_number = models.BooleanField(default=False)
    issued_on = models.DateField(_("issued on"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    ended_on = models.DateField(null=True)
    ended_because = models.CharField(_("why it is replaced"), max_length=9, choices=CardEnd, blank=True)

    objects = CardQuerySet.as_manager()

    personal = frozenset({"number"})
    plain = frozenset(
        {
            "id", "client", "facility", "is_our_number", "issued_on", "issued_by", "replaces", "ended_on",
            "ended_because",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "number"],
                name="card_number_once",
                violation_error_message=_("This facility has given this number to a card already."),
            ),
            one_open(
                "one_card_at_a_time",
                "client",
                "facility",
                open_when=Q(ended_on=None),
                message=_("The client has a card of this facility already. A lost one is replaced."),
            ),
            date_order("card_dates", "issued_on", "ended_on", _("The end lies before the start.")),
            models.CheckConstraint(
                name="card_ended_why",
                condition=Q(ended_on=None, ended_because="") | Q(ended_on__isnull=False) & ~Q(ended_because=""),
                violation_error_message=_("Say why."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_valid(self) -> bool:
        return self.ended_on is None
