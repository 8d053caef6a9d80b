from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.enums import StrengtheningKind
from facilities.models.facility import Facility
from facilities.models.unit import Unit
from rehab.history import tracked


@tracked()
class Strengthening(models.Model):
    """An activity by which a unit strengthens an institution (penguatan lembaga)."""

    facility = models.ForeignKey(
        Facility, on_delete=models.PROTECT, related_name="strengthenings", verbose_name=_("institution")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="strengthenings", verbose_name=_("given by"))
    held_on = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=12, choices=StrengtheningKind)
    note = models.CharField(_("note"), max_length=250, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "facility", "unit", "held_on", "kind", "note", "recorded_by"})

    class Meta:
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(fields=["unit", "held_on"], name="strengthening_counted")]

    def __str__(self) -> str:
        return f"{self.facility} {self.held_on}"
