from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.models.facility import Facility
from rehab.constraints import date_order
from rehab.history import tracked


@tracked()
class IpwlDesignation(models.Model):
    """A decree by which a facility receives mandatory reports: a status with dates, not a kind of facility."""

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="ipwl_designations")
    decree_number = models.CharField(_("decree number"), max_length=80)
    decree_date = models.DateField(_("date of the decree"))
    starts_on = models.DateField(_("valid from"))
    ends_on = models.DateField(_("valid until"), null=True, blank=True)

    holds: bool  # today, and whether it ends soon; on the page of the facility
    soon: bool

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "facility", "decree_number", "decree_date", "starts_on", "ends_on"})

    class Meta:
        ordering = ["facility", "-starts_on"]
        constraints = [
            date_order("ipwl_dates", "starts_on", "ends_on", _("The end lies before the start.")),
            models.UniqueConstraint(
                fields=["facility", "decree_number"],
                name="ipwl_once",
                violation_error_message=_("This decree is already recorded for the facility."),
            ),
        ]

    def __str__(self) -> str:
        return self.decree_number
