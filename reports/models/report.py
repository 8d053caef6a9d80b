from typing import cast

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from facilities.access import unit_ids
from facilities.models import Unit
from rehab.constraints import both_or_neither
from rehab.history import tracked
from rehab.models import User
from rehab.periods import Kind, Period
from rehab.roles import Permission
from reports.enums import FigureScope, PeriodKind, ReportStatus
from reports.models.run import ReportRun, RunMember

_SEALED = "RAISE EXCEPTION 'report % is sealed and never changes', {0} USING ERRCODE = 'restrict_violation';"


def _while_unsealed(report: str) -> str:
    """The body of a trigger that refuses once the report, given as an expression of its id, is sealed."""
    sealed = f"EXISTS (SELECT FROM reports_report WHERE id = ({report}) AND status = '{ReportStatus.SEALED}')"
    return f"IF {sealed} THEN {_SEALED.format(f'({report})')} END IF;"


def _kept_when_sealed(name: str, of_new: str, of_old: str) -> tuple[pgtrigger.Trigger, ...]:
    """Rows of a sealed report: none comes, none changes, none goes."""
    return (
        pgtrigger.Trigger(
            name=f"{name}_comes_unsealed",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            func=f"{_while_unsealed(of_new)} RETURN NEW;",
        ),
        pgtrigger.Trigger(
            name=f"{name}_leaves_unsealed",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            func=f"{_while_unsealed(of_old)} IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;",
        ),
    )


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ReportQuerySet":
        return self.filter(unit__in=unit_ids(user, Permission.SEE_FIGURES))


@tracked(exclude=("progress", "lease_until", "lease_token", "sent_at"))
class Report(models.Model):
    """The realisation of a unit in a period `[starts_on, ends_on)`. Unique by unit, period and revision: built once.

    A worker claims it with a lease (`lease_token`, `lease_until`) committed apart from progress; its final write holds
    only while the lease does. A sealed report never changes.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports")
    run = models.ForeignKey(ReportRun, on_delete=models.PROTECT, null=True, related_name="reports")
    scope = models.CharField(_("counts"), max_length=4, choices=FigureScope)
    kind = models.CharField(_("period"), max_length=8, choices=PeriodKind)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    status = models.CharField(_("status"), max_length=10, choices=ReportStatus, default=ReportStatus.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(db_default=models.functions.Now())
    sent_at = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=250, blank=True)
    cut_off = models.DateTimeField(_("counted at"), null=True)
    as_of = models.DateField(_("as of"), null=True)
    header = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField(null=True)
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    edit = models.PositiveIntegerField(default=1)

    objects = ReportQuerySet.as_manager()

    personal: frozenset[str] = frozenset()
    plain = frozenset(
        {
            "id", "unit", "run", "scope", "kind", "starts_on", "ends_on", "revision", "status", "asked_by", "asked_at", "sent_at",
            "lease_token", "lease_until", "attempts", "progress", "error", "cut_off", "as_of", "header", "digest",
            "sealed_at", "sealed_by", "edit",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "starts_on", "revision"],
                name="report_once",
                violation_error_message=_("This report already exists."),
            ),
            both_or_neither("report_sealed", "sealed_at", "sealed_by", _("A seal has a time and a signatory.")),
            models.CheckConstraint(
                name="report_seal_whole",
                condition=~Q(status=ReportStatus.SEALED) | Q(sealed_at__isnull=False) & ~Q(digest=""),
                violation_error_message=_("A sealed report has a signatory and a hash."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["status", "lease_until"],
                condition=Q(status__in=[ReportStatus.ASKED, ReportStatus.BUILDING]),
                name="report_waiting",
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="report_kept_when_sealed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status=ReportStatus.SEALED),
                func=_SEALED.format("OLD.id"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit.code} {self.kind} {self.starts_on}"

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on, Kind(self.kind))

    @property
    def counted_period(self) -> Period:
        """What its figures cover: from 1 January to the end of its period, as the year's target asks."""
        return self.period.to_date()

    @property
    def number(self) -> str:
        """What one calls it by on paper: BNNP-53/2019-B09/1."""
        return f"{self.unit.code}/{self.period.code}/{self.revision}"

    @property
    def is_sealed(self) -> bool:
        return self.status == ReportStatus.SEALED

    @property
    def its_run(self) -> ReportRun:
        """The run that it is counted from: it has one from the moment it is asked for."""
        return cast(ReportRun, self.run)

    def counted_members(self, indicator: str | None = None) -> models.QuerySet[RunMember]:
        """What its run wrote down for its units; of one indicator only, by its key, where one is named.

        A report that was counted before runs were shared has one of its own, and does not name its units.
        """
        found = RunMember.objects.filter(run=self.run_id, counted_on__gte=self.counted_period.start)
        if "units" in self.header:
            found = found.filter(unit_id__in=self.header["units"])
        return found if indicator is None else found.filter(indicator=indicator)

    @property
    def is_building(self) -> bool:
        return self.status in (ReportStatus.ASKED, ReportStatus.BUILDING)


@tracked()
class ReportLine(models.Model):
    """One indicator of a report, as counted at the cut-off, with the definition's version. Obstacle and follow-up are typed.

    `realised` covers January to the period's end, `in_period` the period alone. `months`: {"month", "realised", "target"};
    `last_target` and `last_year` are those of the year before, to the same date; `ceiling` and `spent` (rupiah) what was to be
    and was paid for it.
    `breakdowns`: {"tables": [{"key", "title", "rows": [[value, label, members]]}]} in the definition's order. `edit` counts what was typed.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    indicator = models.CharField(max_length=40)
    definition_version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=150)
    measure = models.CharField(max_length=40)
    source = models.CharField(max_length=10)
    source_note = models.CharField(max_length=250, blank=True)
    target = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    realised = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    numerator = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    denominator = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    in_period = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    last_target = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    last_year = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    ceiling = models.DecimalField(max_digits=16, decimal_places=0, null=True)
    spent = models.DecimalField(max_digits=16, decimal_places=0, null=True)
    as_of = models.DateField(null=True)
    places = models.PositiveSmallIntegerField(null=True)
    adds_up = models.BooleanField(default=True)
    lower_is_better = models.BooleanField(default=False)
    months = models.JSONField(default=list)
    breakdowns = models.JSONField(default=dict)
    obstacle = models.TextField(_("obstacle"), blank=True)
    follow_up = models.TextField(_("follow-up"), blank=True)
    edit = models.PositiveIntegerField(default=1)

    personal: frozenset[str] = frozenset()
    plain = frozenset(
        {
            "id", "report", "position", "indicator", "definition_version", "title", "measure", "source", "source_note",
            "target", "realised", "numerator", "denominator", "in_period", "last_target", "last_year", "ceiling", "spent", "as_of", "places", "adds_up", "lower_is_better",
            "months", "breakdowns", "obstacle", "follow_up", "edit",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["report", "position"]
        constraints = [models.UniqueConstraint(fields=["report", "indicator", "source"], name="report_line_once")]
        triggers = [*_kept_when_sealed("line", "NEW.report_id", "OLD.report_id")]

    def __str__(self) -> str:
        return f"{self.report} {self.indicator}"
