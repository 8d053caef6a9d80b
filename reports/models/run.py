import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from facilities.access import unit_ids
from facilities.models import Unit
from rehab.models import User
from rehab.periods import Kind, Period
from rehab.roles import Permission
from reports.enums import PeriodKind, ReportStatus, RunStatus

_CUT = "RAISE EXCEPTION 'run % is cut and never changes', {0} USING ERRCODE = 'restrict_violation';"


def _append_only(name: str) -> tuple[pgtrigger.Trigger, ...]:
    """Rows that a run writes: they come while it is being cut, none changes, and none goes while a sealed report needs it."""
    return (
        pgtrigger.Trigger(
            name=f"{name}_comes_before_the_cut",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="come"),
            declare=[("cut", "bigint")],
            # Locked first: who is cutting just now has committed before it is asked whether the run is cut.
            func=f"""
                PERFORM FROM reports_reportrun WHERE id IN (SELECT DISTINCT run_id FROM come) FOR SHARE;
                SELECT id INTO cut FROM reports_reportrun
                    WHERE id IN (SELECT DISTINCT run_id FROM come) AND status = '{RunStatus.CUT}' LIMIT 1;
                IF cut IS NOT NULL THEN {_CUT.format("cut")} END IF;
                RETURN NULL;
            """,
        ),
        pgtrigger.Trigger(
            name=f"{name}_never_changes",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            func=_CUT.format("OLD.run_id"),
        ),
        pgtrigger.Trigger(
            name=f"{name}_goes_unsealed",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            referencing=pgtrigger.Referencing(old="gone"),
            declare=[("sealed", "bigint")],
            func=f"""
                SELECT id INTO sealed FROM reports_report
                    WHERE run_id IN (SELECT DISTINCT run_id FROM gone) AND status = '{ReportStatus.SEALED}' LIMIT 1;
                IF sealed IS NOT NULL THEN
                    RAISE EXCEPTION 'report % is sealed and never changes', sealed USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NULL;
            """,
        ),
    )


class ReportRunQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ReportRunQuerySet":
        return self.filter(unit__in=unit_ids(user, Permission.SEE_FIGURES))


class ReportRun(models.Model):
    """One moment (`cut_off`) at which the members of all units of `unit`'s tree are written down, for reports of one period.

    Its reports only total and render those members. A run is cut once and never changes: counting again is a new run.
    Who cuts it holds its row locked until that is committed; `lease_token` and `lease_until` cover the moment before.
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

    personal: frozenset[str] = frozenset()
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
        triggers = [
            pgtrigger.Trigger(
                name="run_kept_when_cut",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status=RunStatus.CUT),
                func=_CUT.format("OLD.id"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit.code} {self.kind} {self.starts_on}"

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on, Kind(self.kind))


class RunMember(models.Model):
    """What a run counted: source model and id, person, and the values it was counted by, so that changes explain themselves.

    `values`: the unit it counts for, and the breakdown columns. Of a state: those of the period's last day.
    """

    # The unique constraint is its index too.
    run = models.ForeignKey(ReportRun, on_delete=models.CASCADE, related_name="members", db_index=False)
    indicator = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    source_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField()
    facility_id = models.BigIntegerField(null=True)
    counted_on = models.DateField()
    values = models.JSONField(default=dict)

    personal: frozenset[str] = frozenset()
    plain = frozenset(
        {"id", "run", "indicator", "source", "source_id", "person_id", "unit_id", "facility_id", "counted_on", "values"}
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "unit_id", "indicator", "source_id", "counted_on"], name="run_member_once"
            )
        ]
        triggers = [*_append_only("member")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.source} {self.source_id}"


class RunCount(models.Model):
    """What a run tells without members, by unit and month: the year before, and a state at the end of earlier months.

    `late`: after the same date of the year before. `result`: of a percentage, what its members are told apart by.
    """

    run = models.ForeignKey(ReportRun, on_delete=models.CASCADE, related_name="counts", db_index=False)
    indicator = models.CharField(max_length=40)
    unit_id = models.BigIntegerField()
    first = models.DateField()
    late = models.BooleanField(default=False)
    result = models.CharField(max_length=20, blank=True)
    members = models.PositiveIntegerField()

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "run", "indicator", "unit_id", "first", "late", "result", "members"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "unit_id", "indicator", "first", "late", "result"], name="run_count_once"
            )
        ]
        triggers = [*_append_only("count")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.first}"
