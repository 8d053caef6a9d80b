from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.models import Unit
from rehab.constraints import at_least_zero
from rehab.history import tracked
from reports.enums import FigureScope


@tracked()
class Target(models.Model):
    """What a unit is to reach in a year by one indicator; its values are dated revisions."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="targets")
    indicator = models.CharField(_("indicator"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    scope = models.CharField(_("means"), max_length=4, choices=FigureScope)

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "unit", "indicator", "year", "scope"})

    class Meta:
        ordering = ["unit", "year", "indicator"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "indicator", "year"],
                name="target_once",
                violation_error_message=_("This unit already has a target for this indicator and year."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit.code} {self.indicator} {self.year}"


@tracked()
class TargetRevision(models.Model):
    """The value in force from `in_force_on` on. `months` splits it over twelve months or is empty."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="revisions")
    value = models.DecimalField(_("target"), max_digits=14, decimal_places=4)
    months = ArrayField(models.DecimalField(max_digits=14, decimal_places=4), size=12, default=list, blank=True)
    in_force_on = models.DateField(_("in force from"))
    reason = models.CharField(_("reason"), max_length=250)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=models.functions.Now())

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "target", "value", "months", "in_force_on", "reason", "made_by", "made_at"})

    class Meta:
        ordering = ["target", "in_force_on", "id"]
        constraints = [at_least_zero("target_value", "value", _("A target is not below zero."))]

    def __str__(self) -> str:
        return f"{self.target}: {self.value}"
