from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import VctKind, VctVisit
from clients.models import Client, Treatment
from facilities.access import facility_ids
from facilities.models import Facility
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class VctReferralQuerySet(models.QuerySet["VctReferral"]):
    def visible_to(self, user: User, permission: Permission = Permission.SEE_CLINICAL) -> "VctReferralQuerySet":
        """That there was a referral: for care staff of the facility that made it, and for who may open its result."""
        return self.filter(Q(treatment__facility__in=facility_ids(user, permission)) | _open_to(user))

    def open_to(self, user: User) -> "VctReferralQuerySet":
        """Those whose result the person may open, and write: care staff of a facility that treats the client now, and either
        made the referral or was let in by the client apart."""
        return self.filter(_open_to(user))


def _open_to(user: User) -> Q:
    care = facility_ids(user, Permission.TREAT) & facility_ids(user, Permission.SEE_CLINICAL)
    if not care:
        return Q(pk__in=[])
    treating = Treatment.objects.open().filter(client=OuterRef("client"), facility__in=care, started_on__isnull=False)
    own = treating.filter(facility=OuterRef("treatment__facility"))
    return Q(Exists(own)) | Q(shared_on__isnull=False) & Q(Exists(treating))


@tracked()
class VctReferral(models.Model):
    """A client sent for a test of HIV or hepatitis C, who agreed to it.

    `findings` holds the result, when the client was told and whether treatment follows: all in one, encrypted under the
    client's data key and always equally long, since each of them tells the result. `shared_on`: the client agreed apart that
    the next facility may open it.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="vct_referrals")
    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="vct_referrals")
    kind = models.CharField(_("test"), max_length=11, choices=VctKind)
    referred_on = models.DateField(_("referred on"))
    referred_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to_facility = models.ForeignKey(Facility, on_delete=models.PROTECT, null=True, related_name="+")
    to_place = models.CharField(_("place"), max_length=150, blank=True)
    consented_on = models.DateField(_("agreed on"))
    visit = models.CharField(_("visit"), max_length=7, choices=VctVisit, default=VctVisit.WAITING)
    came_on = models.DateField(_("came on"), null=True)
    findings = models.BinaryField(default=b"")
    findings_at = models.DateTimeField(null=True)
    shared_on = models.DateField(null=True)
    edit = models.PositiveIntegerField(default=1)  # counts changes, so that two people never overwrite each other

    objects = VctReferralQuerySet.as_manager()

    personal = frozenset(
        {"kind", "to_facility", "to_place", "visit", "came_on", "findings", "findings_at", "shared_on"}
    )
    plain = frozenset({"id", "client", "treatment", "referred_on", "referred_by", "consented_on", "edit"})

    class Meta:
        ordering = ["-referred_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="vct_one_place",
                condition=Q(to_facility__isnull=False, to_place="") | Q(to_facility=None) & ~Q(to_place=""),
                violation_error_message=_("Choose the facility, or write the name of the place."),
            ),
            models.CheckConstraint(
                name="vct_agreed_before",
                condition=Q(consented_on__lte=F("referred_on")),
                violation_error_message=_("The client agrees before being referred."),
            ),
            models.CheckConstraint(
                name="vct_came",
                condition=Q(visit=VctVisit.CAME, came_on__isnull=False, came_on__gte=F("referred_on"))
                | ~Q(visit=VctVisit.CAME) & Q(came_on=None),
                violation_error_message=_("Whoever came has the day, not before the referral."),
            ),
            models.CheckConstraint(
                name="vct_result_after_visit",
                condition=Q(findings=b"", findings_at=None)
                | ~Q(findings=b"") & Q(findings_at__isnull=False, visit=VctVisit.CAME),
                violation_error_message=_("There is a result only of a client who came."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} · {self.referred_on}"

    @property
    def place(self) -> str:
        return self.to_facility.name if self.to_facility else self.to_place

    @property
    def has_findings(self) -> bool:
        return bool(self.findings)
