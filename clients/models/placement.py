from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from clients.models.treatment import Treatment
from facilities.access import facility_ids
from facilities.models import Bed
from rehab.constraints import date_order, no_overlap
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class PlacementQuerySet(models.QuerySet):
    def visible_to(self, user: User, *permissions: Permission) -> "PlacementQuerySet":
        """Care staff of the facility, and in a prison the officers: who lies there is told to nobody else."""
        wanted = permissions or (Permission.SEE_CLINICAL, Permission.SEE_PLACEMENT)
        return self.filter(treatment__facility__in=facility_ids(user, *wanted))

    def standing(self) -> "PlacementQuerySet":
        return self.filter(void_reason="")

    def on(self, day: date) -> "PlacementQuerySet":
        return self.standing().filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))


@tracked()
class Placement(models.Model):
    """A client in a bed from `starts_on` up to, not including, `ends_on`: on the day of leaving the bed is free again.

    One made by mistake is taken back, not erased.
    """

    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="placements")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="placements", db_index=False)
    bed = models.ForeignKey(Bed, on_delete=models.PROTECT, related_name="placements", db_index=False)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    void_reason = models.CharField(_("taken back because"), max_length=250, blank=True)

    objects = PlacementQuerySet.as_manager()

    personal = frozenset({"void_reason"})
    plain = frozenset({"id", "treatment", "client", "bed", "starts_on", "ends_on", "placed_by"})

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            no_overlap(
                "one_client_in_a_bed",
                "bed",
                condition=Q(void_reason=""),
                message=_("Somebody else lies in this bed on these days. Choose another one."),
            ),
            no_overlap(
                "one_bed_for_a_client",
                "client",
                condition=Q(void_reason=""),
                message=_("This client lies in another bed on these days."),
            ),
            date_order("placement_dates", "starts_on", "ends_on", _("The end lies before the start.")),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.bed_id} {self.starts_on}"
