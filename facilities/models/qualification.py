from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from facilities.enums import CertificateResult, Qualifying
from rehab.constraints import date_order
from rehab.history import tracked


class QualificationQuerySet(models.QuerySet["Qualification"]):
    def valid_on(self, day: date) -> "QualificationQuerySet":
        """Held on the day; a certificate only when its result is competent."""
        held = self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))
        return held.exclude(result=CertificateResult.NOT_COMPETENT)

    def ending(self, first: date, last: date) -> "QualificationQuerySet":
        """Valid for the last time in `first`..`last`, and without a longer one of the same kind beside it."""
        longer = self.model.objects.filter(user=OuterRef("user"), what=OuterRef("what")).filter(
            Q(ends_on=None) | Q(ends_on__gt=OuterRef("ends_on"))
        )
        return self.filter(~Exists(longer), ends_on__gt=first, ends_on__lte=last)


@tracked()
class Qualification(models.Model):
    """A licence in a profession, or a certificate, of one person; held from `starts_on` up to, not including, `ends_on`.

    `what` says which profession or certificate; a certificate has a result, a licence has none.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="qualifications")
    what = models.CharField(_("profession or certificate"), max_length=24, choices=Qualifying)
    number = models.CharField(_("number"), max_length=80, blank=True)
    issuer = models.CharField(_("issued by"), max_length=150, blank=True)
    level = models.CharField(_("level"), max_length=80, blank=True)
    result = models.CharField(_("result"), max_length=14, choices=CertificateResult, blank=True)
    starts_on = models.DateField(_("valid from"))
    ends_on = models.DateField(_("valid until"), null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now=True)
    edit = models.PositiveIntegerField(default=1)

    objects = QualificationQuerySet.as_manager()

    state: str  # where it stands today, and with which colour; on the page of a person
    tone: str

    personal = frozenset({"number"})
    plain = frozenset(
        {"id", "user", "what", "issuer", "level", "result", "starts_on", "ends_on", "recorded_by", "recorded_at", "edit"}
    )  # fmt: skip

    class Meta:
        ordering = ["user", F("ends_on").desc(nulls_first=True), "-id"]
        constraints = [
            date_order("qualification_dates", "starts_on", "ends_on", _("The end lies before the start.")),
            models.CheckConstraint(
                name="certificate_has_a_result",
                condition=Q(what__in=Qualifying.certificates(), number__gt="", result__gt="")
                | (~Q(what__in=Qualifying.certificates()) & Q(result="")),
                violation_error_message=_("A certificate has a number and a result; a licence has no result."),
            ),
            models.UniqueConstraint(
                fields=["user", "what", "number", "starts_on"],
                name="qualification_once",
                violation_error_message=_("This is recorded already."),
            ),
        ]
        indexes = [models.Index(fields=["ends_on"], condition=Q(ends_on__isnull=False), name="qualification_ending")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_what_display()}"

    @property
    def is_certificate(self) -> bool:
        return self.what in Qualifying.certificates()

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)
