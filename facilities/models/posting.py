from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from facilities.enums import UnitKind
from facilities.models.facility import Facility
from facilities.models.unit import Unit
from rehab.constraints import date_order
from rehab.enums import Zone
from rehab.history import tracked
from rehab.roles import Permission, Role, permissions_at


class PostingQuerySet(models.QuerySet["Posting"]):
    def on(self, day: date) -> "PostingQuerySet":
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))

    def around(self, moment: datetime) -> "PostingQuerySet":
        """Those that may hold at the moment in one of the three zones; `holds_on` decides by the place's own date."""
        days = [moment.astimezone(ZoneInfo(zone)).date() for zone in Zone]
        return self.filter(starts_on__lte=max(days)).filter(Q(ends_on=None) | Q(ends_on__gt=min(days)))


@tracked()
class Posting(models.Model):
    """A role held at a unit or at a facility, from `starts_on` up to, not including, `ends_on`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="postings")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="postings")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, null=True, blank=True, related_name="postings")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=250, blank=True)

    objects = PostingQuerySet.as_manager()

    sentence: str  # what the role may do, on the page of a person

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "user", "role", "unit", "facility", "starts_on", "ends_on", "given_by", "reason"})

    class Meta:
        ordering = ["user", "starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="posting_at_one_place",
                condition=Q(unit=None, facility__isnull=False) | Q(unit__isnull=False, facility=None),
                violation_error_message=_("A post is at a unit or at a facility, not at both."),
            ),
            date_order("posting_dates", "starts_on", "ends_on", _("The end lies before the start.")),
        ]
        indexes = [models.Index(fields=["user", "starts_on"], name="posting_user")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.place}"

    @property
    def place(self) -> Unit | Facility:
        return self.facility or cast(Unit, self.unit)

    @property
    def permissions(self) -> frozenset[Permission]:
        """What this post lets its holder do, within the reach of its place."""
        return permissions_at(self.role, nationwide=self.unit is not None and self.unit.kind == UnitKind.BNN)

    @property
    def place_code(self) -> str:
        return self.place.code

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)
