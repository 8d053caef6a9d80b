import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models.treatment import Treatment
from facilities.access import facility_ids
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class DropOutDelayQuerySet(models.QuerySet):
    def visible_to(self, user: User, permission: Permission = Permission.SEE_CLINICAL) -> "DropOutDelayQuerySet":
        return self.filter(treatment__facility__in=facility_ids(user, permission))

    def on(self, day) -> "DropOutDelayQuerySet":
        """Those that keep the proposal silent on that day."""
        return self.filter(silent_until__gt=day)


@tracked()
class DropOutDelay(models.Model):
    """A person's decision that a silent treatment is not a drop-out yet: nothing is proposed before `silent_until`.

    `missed` and `contact_on` are what stood there when it was decided. The other decision is the treatment's end.
    """

    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="drop_out_delays", db_index=False)
    decided_on = models.DateField(_("decided on"))
    silent_until = models.DateField(_("not proposed before"))
    reason = models.CharField(_("why it is not a drop-out yet"), max_length=250)
    missed = models.PositiveSmallIntegerField(_("missed in a row"))
    contact_on = models.DateField(_("last contact"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = DropOutDelayQuerySet.as_manager()

    personal = frozenset({"reason"})
    plain = frozenset({"id", "treatment", "decided_on", "silent_until", "missed", "contact_on", "decided_by"})

    class Meta:
        ordering = ["-decided_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="drop_out_delay_ahead",
                condition=Q(silent_until__gt=F("decided_on")),
                violation_error_message=_("Choose a day to come."),
            ),
            models.CheckConstraint(
                name="drop_out_delay_why", condition=~Q(reason=""), violation_error_message=_("Say why.")
            ),
        ]
        indexes = [models.Index(fields=["treatment", "silent_until"], name="drop_out_delay_of")]
        triggers = [pgtrigger.Protect(name="drop_out_delay_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.treatment_id} {self.silent_until}"
