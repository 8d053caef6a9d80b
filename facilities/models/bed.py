from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from facilities.models.facility import Facility
from rehab.constraints import date_order, no_overlap
from rehab.enums import Sex
from rehab.history import tracked


class BedQuerySet(models.QuerySet):
    def on(self, day) -> "BedQuerySet":
        """In use on that day."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))


@tracked()
class Bed(models.Model):
    """A bed from `starts_on` up to, not including, `ends_on`. Taken into use again, it is another row of the same label."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="beds", db_index=False)
    room = models.CharField(_("room"), max_length=40)
    label = models.CharField(_("bed"), max_length=12)
    sex = models.CharField(_("for"), max_length=1, choices=Sex)
    starts_on = models.DateField(_("in use from"))
    ends_on = models.DateField(_("out of use from"), null=True, blank=True)
    end_reason = models.CharField(_("reason"), max_length=250, blank=True)

    objects = BedQuerySet.as_manager()

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "facility", "room", "label", "sex", "starts_on", "ends_on", "end_reason"})

    class Meta:
        ordering = ["facility", "room", "label", "starts_on"]
        constraints = [
            no_overlap("bed_once", "facility", "room", "label", message=_("This room has a bed of that name already.")),
            date_order("bed_dates", "starts_on", "ends_on", _("The end lies before the start.")),
        ]
        indexes = [models.Index(fields=["facility", "sex"], name="bed_of_facility")]

    def __str__(self) -> str:
        return f"{self.room} · {self.label}"
