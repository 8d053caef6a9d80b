import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models import Treatment
from facilities.access import facility_ids
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class SkippedMeasureQuerySet(models.QuerySet):
    def visible_to(self, user: User, permission: Permission = Permission.SEE_CLINICAL) -> "SkippedMeasureQuerySet":
        return self.filter(treatment__facility__in=facility_ids(user, permission))


@tracked()
class SkippedMeasure(models.Model):
    """An instrument that was to be asked once more before a treatment was closed, and why it was not."""

    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="skipped_measures", db_index=False)
    instrument = models.CharField(_("instrument"), max_length=20)
    reason = models.CharField(_("reason"), max_length=250)
    skipped_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = SkippedMeasureQuerySet.as_manager()

    personal = frozenset({"reason"})
    plain = frozenset({"id", "treatment", "instrument", "skipped_by"})

    class Meta:
        ordering = ["treatment", "instrument"]
        constraints = [
            models.UniqueConstraint(fields=["treatment", "instrument"], name="measure_skipped_once"),
            models.CheckConstraint(
                name="measure_skipped_why", condition=~Q(reason=""), violation_error_message=_("Say why.")
            ),
        ]
        triggers = [pgtrigger.Protect(name="skipped_measure_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.treatment_id} {self.instrument}"
