from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.enums import STILL_WAITING, QueuePriority, Setting, WaitingStatus
from clients.models.episode import Episode
from facilities.access import facility_ids
from facilities.models import Facility
from rehab.constraints import both_or_neither, date_order, one_open
from rehab.enums import Sex
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class WaitingListQuerySet(models.QuerySet):
    def visible_to(self, user: User, permission: Permission = Permission.TREAT) -> "WaitingListQuerySet":
        return self.filter(facility__in=facility_ids(user, permission))

    def open(self) -> "WaitingListQuerySet":
        return self.filter(status__in=sorted(STILL_WAITING))


@tracked()
class WaitingListEntry(models.Model):
    """An episode that waits for a place at a facility. While it is open, the episode stays open."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="waits", db_index=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="waits", db_index=False)
    setting = models.CharField(_("waits for"), max_length=10, choices=Setting)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex)
    priority = models.CharField(_("priority"), max_length=12, choices=QueuePriority)
    priority_reason = models.CharField(_("why this priority"), max_length=250, blank=True)
    entered_on = models.DateField(_("waits since"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=9, choices=WaitingStatus, default=WaitingStatus.WAITING)
    offered_on = models.DateField(_("place offered on"), null=True)
    ended_on = models.DateField(_("waited until"), null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(_("reason"), max_length=250, blank=True)

    objects = WaitingListQuerySet.as_manager()

    personal = frozenset({"sex", "priority", "priority_reason", "end_reason"})
    plain = frozenset(
        {
            "id", "episode", "facility", "setting", "entered_on", "entered_by", "status", "offered_on", "ended_on",
            "ended_by",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["entered_on", "id"]
        constraints = [
            one_open(
                "one_open_wait",
                "episode",
                "facility",
                open_when=Q(status__in=sorted(STILL_WAITING)),
                message=_("This client stands on the waiting list of this facility already."),
            ),
            both_or_neither(
                "wait_ended", "ended_on", "ended_by", _("A wait that is over says who ended it, and when.")
            ),
            models.CheckConstraint(
                name="wait_ended_status",
                condition=Q(status__in=sorted(STILL_WAITING), ended_on=None)
                | ~Q(status__in=sorted(STILL_WAITING)) & Q(ended_on__isnull=False),
                violation_error_message=_("A wait that is over says who ended it, and when."),
            ),
            models.CheckConstraint(
                name="wait_withdrawn_why",
                condition=~Q(status=WaitingStatus.WITHDRAWN) | ~Q(end_reason=""),
                violation_error_message=_("Say why."),
            ),
            models.CheckConstraint(
                name="wait_offered_on",
                condition=~Q(status=WaitingStatus.OFFERED) | Q(offered_on__isnull=False),
                violation_error_message=_("An offered place has its day."),
            ),
            date_order("wait_dates", "entered_on", "ended_on", _("The end lies before the start.")),
        ]
        indexes = [
            models.Index(
                fields=["facility", "setting", "sex", "entered_on"],
                condition=Q(status__in=sorted(STILL_WAITING)),
                name="wait_queue",
            ),
            models.Index(fields=["episode"], name="wait_of_episode"),
        ]

    def __str__(self) -> str:
        return f"{self.episode} · {self.facility}"

    @property
    def is_open(self) -> bool:
        return self.status in STILL_WAITING
