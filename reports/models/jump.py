from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.models import Facility, Unit
from rehab.history import tracked


@tracked()
class JumpReason(models.Model):
    """Why a month of a facility (or of the unit itself) stands out from its others, in the words of who knows."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, null=True, related_name="+")
    indicator = models.CharField(max_length=40)
    month = models.DateField()
    members = models.PositiveIntegerField(_("count when it was explained"))
    reason = models.CharField(_("reason"), max_length=250)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(db_default=models.functions.Now())

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "unit", "facility", "indicator", "month", "members", "reason", "given_by", "given_at"})

    class Meta:
        ordering = ["-month", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "facility", "indicator", "month"],
                name="jump_reason_once",
                nulls_distinct=False,
                violation_error_message=_("This month has been explained already; change the reason."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.month}"
