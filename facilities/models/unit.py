from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import UnitKind
from rehab.constraints import date_order, no_overlap
from rehab.enums import Zone
from rehab.history import tracked


@tracked()
class Unit(models.Model):
    """A reporting unit (satker). `name` and `parent` are today's; `UnitTerm` keeps what held on each day."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    kind = models.CharField(_("kind"), max_length=4, choices=UnitKind)
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    region = models.ForeignKey("facilities.Region", on_delete=models.PROTECT, null=True, related_name="+")
    zone = models.CharField(_("time zone"), max_length=20, choices=Zone, default=Zone.WIB)
    address = models.CharField(_("address"), max_length=250, blank=True)
    starts_on = models.DateField(_("exists from"))
    ends_on = models.DateField(_("exists until"), null=True, blank=True)
    activated_on = models.DateField(_("uses Titian since"), null=True, blank=True)

    personal: frozenset[str] = frozenset()
    plain = frozenset(
        {"id", "code", "kind", "name", "parent", "region", "zone", "address", "starts_on", "ends_on", "activated_on"}
    )

    class Meta:
        ordering = ["code"]
        constraints = [date_order("unit_dates", "starts_on", "ends_on", _("The end lies before the start."))]

    def __str__(self) -> str:
        return self.name

    @property
    def zone_label(self) -> str:
        return Zone(self.zone).label

    def local_date(self, moment: datetime | None = None) -> date:
        return (moment or timezone.now()).astimezone(ZoneInfo(self.zone)).date()


@tracked()
class UnitTerm(models.Model):
    """Name and parent of a unit from `starts_on` up to, not including, `ends_on`; who gave it this one, and why."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="terms")
    name = models.CharField(max_length=120)
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=250, blank=True)

    history: "list[UnitTerm]"  # all terms of the unit, in the tree on its page

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "unit", "name", "parent", "starts_on", "ends_on", "given_by", "reason"})

    class Meta:
        ordering = ["unit", "starts_on"]
        constraints = [
            no_overlap("unit_term_once", "unit", message=_("This unit already has a name and parent on these days.")),
            date_order("unit_term_dates", "starts_on", "ends_on", _("The end lies before the start.")),
        ]

    def __str__(self) -> str:
        return self.name
