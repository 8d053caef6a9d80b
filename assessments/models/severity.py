import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment
from facilities.access import facility_ids
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class ProblemSeverityQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ProblemSeverityQuerySet":
        return self.filter(assessment__facility__in=facility_ids(user, Permission.SEE_CLINICAL))


@tracked()
class ProblemSeverity(models.Model):
    """How grave an area's problems are in the interviewer's judgement, 0–9: entered by a person, never computed.

    A new judgement is a new row; the latest of an area holds, the earlier ones stay.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="severities")
    area = models.CharField(_("area"), max_length=12)
    value = models.PositiveSmallIntegerField(_("severity"))
    rated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    rated_at = models.DateTimeField(db_default=models.functions.Now())

    objects = ProblemSeverityQuerySet.as_manager()

    personal = frozenset({"value"})
    plain = frozenset({"id", "assessment", "area", "rated_by", "rated_at"})

    class Meta:
        ordering = ["assessment", "id"]
        constraints = [
            models.CheckConstraint(
                name="severity_in_range",
                condition=Q(value__gte=0, value__lte=9),
                violation_error_message=_("A severity goes from 0 to 9."),
            )
        ]
        triggers = [pgtrigger.Protect(name="severity_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.area}: {self.value}"
