from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clients.enums import SHARING, TAKEN_OVER, HandoverStatus, Programme, Setting
from clients.models.consent import Consent
from clients.models.episode import Episode
from facilities.access import facility_ids
from facilities.models import Facility
from rehab.constraints import both_or_neither, one_open
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class HandoverQuerySet(models.QuerySet):
    def visible_to(self, user: User, permission: Permission = Permission.SEE_CLINICAL) -> "HandoverQuerySet":
        """A hand-over is for care staff of the two sides; nobody else learns that there is one."""
        reach = facility_ids(user, permission)
        return self.filter(Q(from_facility__in=reach) | Q(to_facility__in=reach))

    def open(self) -> "HandoverQuerySet":
        """Offered and not yet decided."""
        return self.filter(status=HandoverStatus.OFFERED)

    def with_consent(self, day: date) -> "HandoverQuerySet":
        """Each with `shared`: whether the client's consent lets the receiver read on that day."""
        consents = Consent.objects.filter(client=OuterRef("episode__client"), facility=OuterRef("from_facility"))
        return self.annotate(shared=Exists(consents.filter(sharing_on(day), reaching(OuterRef("to_facility")))))


def sharing_on(day: date) -> Q:
    """Of consents: those that let the next facility read on that day."""
    in_time = Q(given_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gt=day))
    return Q(scope__in=SHARING, revoked_at=None) & in_time


def reaching(to_facility) -> Q:
    """Of consents: those that name no facility, or this one. `None` is a place outside Titian."""
    unnamed = Q(only_to=None)
    return unnamed if to_facility is None else unnamed | Q(only_to=to_facility)


@tracked()
class Handover(models.Model):
    """A client on the way from the responsible facility to the next one, or to a named place outside Titian.

    The episode stays with the sender until the receiver has said yes.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="handovers")
    from_facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    to_facility = models.ForeignKey(
        Facility,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("receiving facility"),
    )
    outside = models.CharField(_("place outside Titian"), max_length=150, blank=True)
    setting = models.CharField(_("service asked for"), max_length=10, choices=Setting)
    programme = models.CharField(_("programme"), max_length=8, choices=Programme)
    reason = models.CharField(_("why the client is handed over"), max_length=250)
    summary = models.TextField(_("what the receiver should know"))
    status = models.CharField(_("status"), max_length=10, choices=HandoverStatus, default=HandoverStatus.OFFERED)
    offered_at = models.DateTimeField(_("offered at"))
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decision_note = models.CharField(_("reason"), max_length=250, blank=True)
    contacted_on = models.DateField(_("first contact on"), null=True)
    contacted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    receipt = models.CharField(_("code of the receipt"), max_length=16, null=True)

    objects = HandoverQuerySet.as_manager()

    shared: bool  # of rows `with_consent`

    personal = frozenset({"reason", "summary", "decision_note", "outside"})
    plain = frozenset(
        {
            "id", "episode", "from_facility", "to_facility", "setting", "programme", "status", "offered_at",
            "offered_by", "decided_at", "decided_by", "contacted_on", "contacted_by", "receipt",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["-offered_at", "-id"]
        constraints = [
            one_open(
                "one_open_handover",
                "episode",
                open_when=Q(status=HandoverStatus.OFFERED),
                message=_("This client is being offered to another place already."),
            ),
            models.CheckConstraint(
                name="handover_goes_somewhere",
                condition=Q(to_facility__isnull=False, outside="") | Q(to_facility=None) & ~Q(outside=""),
                violation_error_message=_("Choose a facility, or name one place outside Titian."),
            ),
            models.CheckConstraint(
                name="handover_goes_elsewhere",
                condition=Q(to_facility=None) | ~Q(to_facility=F("from_facility")),
                violation_error_message=_("A client is handed over to another facility."),
            ),
            models.CheckConstraint(
                name="handover_decided",
                condition=Q(status=HandoverStatus.OFFERED, decided_at=None, decided_by=None)
                | ~Q(status=HandoverStatus.OFFERED) & Q(decided_at__isnull=False, decided_by__isnull=False),
                violation_error_message=_("A decided hand-over says who decided, and when."),
            ),
            both_or_neither(
                "handover_contacted", "contacted_on", "contacted_by", _("A first contact has its day and its person.")
            ),
            models.CheckConstraint(
                name="handover_contacted_status",
                condition=Q(status=HandoverStatus.CONTACTED, contacted_on__isnull=False)
                | ~Q(status=HandoverStatus.CONTACTED) & Q(contacted_on=None),
                violation_error_message=_("A first contact has its day and its person."),
            ),
            models.CheckConstraint(
                name="handover_refused_why",
                condition=~Q(status__in=[HandoverStatus.DECLINED, HandoverStatus.RECALLED]) | ~Q(decision_note=""),
                violation_error_message=_("Say why."),
            ),
            models.CheckConstraint(
                name="handover_sides",
                condition=~Q(status__in=sorted(TAKEN_OVER)) & ~Q(status=HandoverStatus.LEFT)
                | Q(status__in=sorted(TAKEN_OVER), to_facility__isnull=False, receipt__isnull=False)
                | Q(status=HandoverStatus.LEFT, to_facility=None, receipt__isnull=False),
                violation_error_message=_("Only a facility of Titian receives here."),
            ),
            models.UniqueConstraint(fields=["receipt"], name="handover_receipt_once"),
        ]
        indexes = [
            models.Index(fields=["to_facility", "status", "-id"], name="handover_incoming"),
            models.Index(fields=["from_facility", "status", "-id"], name="handover_outgoing"),
        ]

    def __str__(self) -> str:
        return f"{self.episode} → {self.place}"

    @property
    def place(self) -> str:
        """Where the client goes, in words."""
        return self.to_facility.name if self.to_facility else self.outside

    @property
    def is_outside(self) -> bool:
        return self.to_facility_id is None

    @property
    def is_open(self) -> bool:
        return self.status == HandoverStatus.OFFERED
