from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.enums import CandidateStatus
from clients.models.client import Client
from facilities.access import nationwide
from rehab.constraints import date_order, one_open
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class StewardQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "StewardQuerySet":
        """For the data steward of BNN, who alone looks over all facilities, and only at masked factors."""
        return self.all() if nationwide(user, Permission.LINK_PERSONS) else self.none()


class MatchKeys(models.Model):
    """By what a client is compared: keyed hashes of two facts together (birth date and a name's sound, phone and name …).

    Two facts in one hash: of a common name alone, or of a birth date alone, there are thousands, and of nobody can be told
    how common the own are. Made by `actions.candidates` from the identity; whoever has no row was not compared yet.
    """

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="match_keys", primary_key=True)
    keys = ArrayField(models.BigIntegerField(), default=list)

    objects = StewardQuerySet.as_manager()

    personal = frozenset({"keys"})
    plain = frozenset({"client"})

    class Meta:
        # Without a list of what is pending: whoever registers looks at once for what was registered just before.
        indexes = [GinIndex(fields=["keys"], name="match_keys_any", fastupdate=False)]

    def __str__(self) -> str:
        return str(self.client_id)


@tracked()
class MatchCandidate(models.Model):
    """Two clients of different persons who may be one human being; a data steward decides. One row for a pair, either way."""

    first = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    strength = models.SmallIntegerField(_("strength"))
    status = models.CharField(_("status"), max_length=6, choices=CandidateStatus, default=CandidateStatus.OPEN)
    found_at = models.DateTimeField(db_default=models.functions.Now())
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=250, blank=True)

    objects = StewardQuerySet.as_manager()

    personal = frozenset({"reason"})
    plain = frozenset({"id", "first", "second", "strength", "status", "found_at", "decided_by", "decided_at"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                name="candidate_once",
                violation_error_message=_("These two are in the queue already."),
            ),
            models.CheckConstraint(
                name="candidate_in_order",
                condition=Q(first__lt=F("second")),
                violation_error_message=_("A pair is written once, the older client first."),
            ),
            models.CheckConstraint(
                name="candidate_decided",
                condition=Q(status=CandidateStatus.OPEN, decided_by=None, decided_at=None)
                | ~Q(status=CandidateStatus.OPEN) & Q(decided_by__isnull=False, decided_at__isnull=False),
                violation_error_message=_("A decision has who decided and when."),
            ),
        ]
        indexes = [
            models.Index(fields=["-strength", "-id"], condition=Q(status=CandidateStatus.OPEN), name="candidate_queue"),
            models.Index(
                fields=["-decided_at", "-id"], condition=~Q(status=CandidateStatus.OPEN), name="candidate_decided_last"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} · {self.second_id}"

    @property
    def is_open(self) -> bool:
        return self.status == CandidateStatus.OPEN


@tracked()
class KeptApart(models.Model):
    """A data steward's word that two clients are two people, from when until when. It binds the rule of the same NIK."""

    first = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=250)
    since = models.DateTimeField(db_default=models.functions.Now())
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = StewardQuerySet.as_manager()

    personal = frozenset({"reason"})
    plain = frozenset({"id", "first", "second", "since", "kept_by", "ended_at"})

    class Meta:
        constraints = [
            one_open(
                "kept_apart_once",
                "first",
                "second",
                open_when=Q(ended_at=None),
                message=_("These two are kept apart already."),
            ),
            models.CheckConstraint(
                name="kept_apart_in_order",
                condition=Q(first__lt=F("second")),
                violation_error_message=_("A pair is written once, the older client first."),
            ),
            date_order("kept_apart_times", "since", "ended_at", _("The end lies before the start.")),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"
