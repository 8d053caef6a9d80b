from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.enums import CapacityKind
from facilities.models.facility import Facility
from rehab.constraints import at_least_zero, date_order, no_overlap
from rehab.history import tracked


@tracked()
class Capacity(models.Model):
    """Places of one kind from `starts_on` up to, not including, `ends_on`."""

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="capacities")
    kind = models.CharField(_("kind"), max_length=12, choices=CapacityKind)
    places = models.PositiveIntegerField(_("places"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "facility", "kind", "places", "starts_on", "ends_on"})

    class Meta:
        ordering = ["facility", "kind", "starts_on"]
        constraints = [
            no_overlap(
                "capacity_once", "facility", "kind", message=_("A capacity of this kind already holds on these days.")
            ),
            date_order("capacity_dates", "starts_on", "ends_on", _("The end lies before the start.")),
            at_least_zero("capacity_places", "places", _("A capacity is not below zero.")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.places}"
