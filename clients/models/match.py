from django.conf import settings
from django.db import models

from clients.models.client import Client
from facilities.access import facility_ids
from facilities.models import Facility
from rehab.models import User
from rehab.roles import Permission


class MatchNoticeQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "MatchNoticeQuerySet":
        """Told to those who know clients at the facility; each side sees only its own notice."""
        return self.filter(facility__in=facility_ids(user, Permission.SEE_IDENTITY))


class MatchNotice(models.Model):
    """ "A possible match exists": told after a registration, to both sides, without a name, a place, a count or a date."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="match_notices")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(db_default=models.functions.Now())
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = MatchNoticeQuerySet.as_manager()

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "client", "facility", "told_at", "seen_by"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "facility"], name="match_told_once")]

    def __str__(self) -> str:
        return f"{self.client} · {self.facility}"
