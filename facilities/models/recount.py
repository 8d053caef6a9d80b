from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.enums import Recounting
from facilities.models.facility import Facility


class Recount(models.Model):
    """What held for a facility from `since` on was recorded anew: rows above, counted by it, are still to be counted again.

    Each floor takes its own marks away in the transaction that counts, so none is lost with the broker or a worker.
    """

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="recounts")
    what = models.CharField(_("what is counted again"), max_length=20, choices=Recounting)
    since = models.DateField()
    asked_at = models.DateTimeField(auto_now_add=True)

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "facility", "what", "since", "asked_at"})

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["what", "facility"], name="recount_what")]

    def __str__(self) -> str:
        return f"{self.facility} {self.since}"
