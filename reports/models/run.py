from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from facilities.access import unit_ids
from facilities.models import Unit
from rehab.models import User
from rehab.periods import Kind, Period
from rehab.roles import Permission
from reports.enums import PeriodKind, RunStatus


class ReportRunQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ReportRunQuerySet":
        return self.filter(unit__in=unit_ids(user, Permission.SEE_FIGURES))


class ReportRun(models.Model):
    """One moment (`cut_off`) at which the members of all units of `unit`'s tree are written down, for reports of one period.

    Its reports only total and render those members. A run is cut once and never changes: counting again is a new run.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("period"), max_length=8, choices=PeriodKind)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    whole_tree = models.BooleanField(_("with the units below"), default=False)
    status = models.CharField(_("status"), max_length=8, choices=RunStatus, default=RunStatus.ASKED)
    cut_off = models.DateTimeField(_("counted at"), null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(db_default=models.functions.Now())
    sent_at = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=250, blank=True)

    objects = ReportRunQuerySet.as_manager()

    personal = frozenset()
    plain = frozenset(
        {
            "id", "unit", "kind", "starts_on", "ends_on", "whole_tree", "status", "cut_off", "asked_by", "asked_at",
            "sent_at", "lease_token", "lease_until", "attempts", "error",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="run_cut",
                condition=Q(status=RunStatus.CUT, cut_off__isnull=False) | ~Q(status=RunStatus.CUT) & Q(cut_off=None),
                violation_error_message=_("A run that is cut has its moment."),
            )
        ]
        indexes = [
            models.Index(
                fields=["status", "lease_until"],
                condition=Q(status__in=[RunStatus.ASKED, RunStatus.CUTTING]),
                name="run_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit.code} {self.kind} {self.starts_on}"

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on, Kind(self.kind))


class RunMember(models.Model):
    """What a run counted: source model and id, person, and the values it was counted by, so that changes explain themselves."""

    run = models.ForeignKey(ReportRun, on_delete=models.CASCADE, related_name="members")
    indicator = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    source_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField()
    facility_id = models.BigIntegerField(null=True)
    counted_on = models.DateField()
    values = models.JSONField(default=dict)

    personal = frozenset()
    plain = frozenset(
        {"id", "run", "indicator", "source", "source_id", "person_id", "unit_id", "facility_id", "counted_on", "values"}
    )

    class Meta:
        constraints = [
            # A state (the flag of a facility) is a member once for each month's last day.
            models.UniqueConstraint(
                fields=["run", "unit_id", "indicator", "source", "source_id", "counted_on"], name="run_member_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.source} {self.source_id}"


class RunCount(models.Model):
    """What the year before had at the same moment, by unit and month, to stand beside: counts only, no members."""

    run = models.ForeignKey(ReportRun, on_delete=models.CASCADE, related_name="counts")
    indicator = models.CharField(max_length=40)
    unit_id = models.BigIntegerField()
    first = models.DateField()
    late = models.BooleanField(default=False)
    result = models.CharField(max_length=20, blank=True)
    members = models.PositiveIntegerField()

    personal = frozenset()
    plain = frozenset({"id", "run", "indicator", "unit_id", "first", "late", "result", "members"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "unit_id", "indicator", "first", "late", "result"], name="run_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.first}"
