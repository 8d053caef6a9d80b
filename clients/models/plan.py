from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.enums import GoalResult, PlanStatus, ProblemArea
from clients.models.treatment import Treatment
from facilities.access import facility_ids
from rehab.constraints import date_order, one_open
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class TreatmentPlanQuerySet(models.QuerySet):
    def visible_to(self, user: User, permission: Permission = Permission.SEE_CLINICAL) -> "TreatmentPlanQuerySet":
        """A plan is clinical: for care staff of the treatment's facility."""
        return self.filter(treatment__facility__in=facility_ids(user, permission))


@tracked()
class TreatmentPlan(models.Model):
    """One version of what a client and the staff set out to do. The versions before it stay as they were agreed."""

    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveSmallIntegerField(_("version"))
    status = models.CharField(_("status"), max_length=8, choices=PlanStatus, default=PlanStatus.DRAFT)
    reason = models.TextField(_("why it is revised"), blank=True)
    source = models.CharField(_("drafted from"), max_length=150, blank=True)
    review_on = models.DateField(_("looked at again on"), null=True, blank=True)
    agreed_on = models.DateField(_("agreed on"), null=True)
    by_guardian = models.BooleanField(_("agreed by the guardian as well"), default=False)
    replaced_on = models.DateField(_("replaced on"), null=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edit = models.PositiveIntegerField(default=1)  # counts changes, so that two people never overwrite each other

    objects = TreatmentPlanQuerySet.as_manager()

    personal = frozenset({"reason"})
    plain = frozenset(
        {
            "id", "treatment", "version", "status", "source", "review_on", "agreed_on", "by_guardian", "replaced_on",
            "written_by", "edit",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["treatment", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["treatment", "version"],
                name="treatment_plan_version_once",
                violation_error_message=_("A colleague has just written this version of the plan."),
            ),
            one_open(
                "one_plan_in_force",
                "treatment",
                open_when=Q(status=PlanStatus.AGREED),
                message=_("Another plan is in force."),
            ),
            one_open(
                "one_plan_drafted",
                "treatment",
                open_when=Q(status=PlanStatus.DRAFT),
                message=_("A draft of this plan is open already."),
            ),
            models.CheckConstraint(
                name="treatment_plan_agreed",
                condition=Q(status=PlanStatus.DRAFT, agreed_on=None)
                | ~Q(status=PlanStatus.DRAFT) & Q(agreed_on__isnull=False),
                violation_error_message=_("A plan in force has the day on which the client agreed."),
            ),
            models.CheckConstraint(
                name="treatment_plan_replaced",
                condition=Q(status=PlanStatus.REPLACED, replaced_on__isnull=False)
                | ~Q(status=PlanStatus.REPLACED) & Q(replaced_on=None),
                violation_error_message=_("A replaced plan has the day on which it was replaced."),
            ),
            date_order(
                "treatment_plan_dates", "agreed_on", "replaced_on", _("A plan is not replaced before it was agreed.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.treatment} · {self.version}"

    @property
    def is_draft(self) -> bool:
        return self.status == PlanStatus.DRAFT


class PlanGoalQuerySet(models.QuerySet):
    def visible_to(self, user: User, permission: Permission = Permission.SEE_CLINICAL) -> "PlanGoalQuerySet":
        return self.filter(plan__treatment__facility__in=facility_ids(user, permission))


@tracked()
class PlanGoal(models.Model):
    """A problem, what is to become of it, what is done for it, and until when."""

    plan = models.ForeignKey(TreatmentPlan, on_delete=models.PROTECT, related_name="goals", db_index=False)
    position = models.PositiveSmallIntegerField()
    area = models.CharField(_("area"), max_length=12, choices=ProblemArea)
    problem = models.CharField(_("problem"), max_length=250)
    goal = models.CharField(_("goal"), max_length=250, blank=True)
    measures = models.TextField(_("what is done"), blank=True)
    due_on = models.DateField(_("until"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=8, choices=GoalResult, default=GoalResult.OPEN)
    result_note = models.CharField(_("remark"), max_length=250, blank=True)
    result_on = models.DateField(_("result of"), null=True)

    objects = PlanGoalQuerySet.as_manager()

    personal = frozenset({"problem", "goal", "measures", "result_note"})
    plain = frozenset({"id", "plan", "position", "area", "due_on", "result", "result_on"})

    class Meta:
        ordering = ["plan", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "position"],
                name="goal_position_once",
                violation_error_message=_("Two goals stand at the same place of the plan."),
            ),
            models.CheckConstraint(
                name="goal_result_dated",
                condition=Q(result=GoalResult.OPEN, result_on=None)
                | ~Q(result=GoalResult.OPEN) & Q(result_on__isnull=False),
                violation_error_message=_("A result has its day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} · {self.position}"
