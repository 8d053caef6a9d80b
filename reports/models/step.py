import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reports.enums import ReportStatus
from reports.models.report import Report


class ReportStep(models.Model):
    """One step of a report's way from hand to hand: submitted, returned, approved, sealed; who, when and with what words. What was taken stays."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="steps")
    status = models.CharField(_("step"), max_length=10, choices=ReportStatus)
    comment = models.TextField(_("comment"), blank=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(db_default=models.functions.Now())

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "report", "status", "comment", "taken_by", "taken_at"})

    class Meta:
        ordering = ["report", "id"]
        triggers = [
            pgtrigger.Trigger(
                name="step_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="RAISE EXCEPTION 'step % of a report was taken and stays', OLD.id USING ERRCODE = 'restrict_violation';",
            )
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.status}"
