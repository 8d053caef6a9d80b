from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.access import unit_ids
from facilities.models import Unit
from rehab.constraints import at_least_zero
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission
from reports.enums import Half


class BudgetQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "BudgetQuerySet":
        return self.filter(unit__in=unit_ids(user, Permission.SEE_FIGURES))


@tracked()
class Budget(models.Model):
    """The ceiling (pagu) of one activity of a unit in a year; `indicator` is the output it pays for, where there is one."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="budgets")
    year = models.PositiveSmallIntegerField(_("year"))
    code = models.CharField(_("code"), max_length=30)
    activity = models.CharField(_("activity"), max_length=200)
    indicator = models.CharField(_("output"), max_length=40, blank=True)

    objects = BudgetQuerySet.as_manager()

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "unit", "year", "code", "activity", "indicator"})

    class Meta:
        ordering = ["unit", "-year", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "code"],
                name="budget_once",
                violation_error_message=_("This unit already has an activity of this code in this year."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.activity}"


@tracked()
class BudgetRevision(models.Model):
    """The ceiling in force from `in_force_on` on, in whole rupiah, by semester."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="revisions")
    first_half = models.DecimalField(_("ceiling, semester I"), max_digits=16, decimal_places=0)
    second_half = models.DecimalField(_("ceiling, semester II"), max_digits=16, decimal_places=0)
    in_force_on = models.DateField(_("in force from"))
    reason = models.CharField(_("reason"), max_length=250, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=models.functions.Now())

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "budget", "first_half", "second_half", "in_force_on", "reason", "made_by", "made_at"})

    class Meta:
        ordering = ["budget", "in_force_on", "id"]
        constraints = [
            at_least_zero("budget_first_half", "first_half", _("A ceiling is not below zero.")),
            at_least_zero("budget_second_half", "second_half", _("A ceiling is not below zero.")),
        ]

    def __str__(self) -> str:
        return f"{self.budget}: {self.first_half + self.second_half}"


@tracked()
class Spending(models.Model):
    """What was spent of a budget in one semester, in whole rupiah, as of a day; it may pass the ceiling."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="spendings")
    half = models.PositiveSmallIntegerField(_("semester"), choices=Half)
    amount = models.DecimalField(_("spent"), max_digits=16, decimal_places=0)
    as_of = models.DateField(_("as of"))
    note = models.CharField(_("note"), max_length=250, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    edit = models.PositiveIntegerField(default=1)

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "budget", "half", "amount", "as_of", "note", "recorded_by", "edit"})

    class Meta:
        ordering = ["budget", "half"]
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "half"],
                name="spending_once",
                violation_error_message=_("The spending of this semester is there already; change it."),
            ),
            at_least_zero("spending_amount", "amount", _("Spending is not below zero.")),
        ]

    def __str__(self) -> str:
        return f"{self.budget}: {self.amount}"
