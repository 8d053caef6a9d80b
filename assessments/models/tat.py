from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import TatRecommendation, TatStatus
from clients.models import Client
from facilities.access import unit_ids
from facilities.models import Unit
from rehab.constraints import date_order
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class TatCaseQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "TatCaseQuerySet":
        return self.filter(unit__in=unit_ids(user, Permission.TAT_MANAGE))


@tracked()
class TatCase(models.Model):
    """A joint medical and legal assessment of a suspect; the client has no episode until placement is ordered."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="tat_cases")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("held by"))
    code = models.CharField(_("case code"), max_length=20, unique=True)
    status = models.CharField(_("status"), max_length=10, choices=TatStatus, default=TatStatus.SUBMITTED)
    requested_by = models.CharField(_("requesting agency"), max_length=150)
    request_number = models.CharField(_("number of the request"), max_length=80)
    request_on = models.DateField(_("date of the request"))
    received_on = models.DateField(_("received on"))
    letter_number = models.CharField(_("number of the result letter"), max_length=80, blank=True)
    letter_on = models.DateField(_("date of the result letter"), null=True, blank=True)
    recommendation = models.CharField(_("recommendation"), max_length=16, choices=TatRecommendation, blank=True)
    length_months = models.PositiveSmallIntegerField(_("recommended length (months)"), null=True, blank=True)
    place = models.CharField(_("recommended place"), max_length=150, blank=True)
    refusal = models.TextField(_("reason for the refusal"), blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    edit = models.PositiveIntegerField(default=1)

    objects = TatCaseQuerySet.as_manager()

    personal = frozenset(
        {"requested_by", "request_number", "letter_number", "recommendation", "length_months", "place", "refusal"}
    )
    plain = frozenset(
        {"id", "client", "unit", "code", "status", "request_on", "received_on", "letter_on", "recorded_by", "edit"}
    )

    class Meta:
        ordering = ["-received_on", "-id"]
        constraints = [
            date_order("tat_dates", "received_on", "letter_on", _("The letter cannot be older than the request.")),
            models.CheckConstraint(
                name="tat_letter_whole",
                condition=Q(letter_on=None, letter_number="", recommendation="")
                | Q(letter_on__isnull=False) & ~Q(letter_number="") & ~Q(recommendation=""),
                violation_error_message=_("A result letter has a number, a date and a recommendation."),
            ),
            models.CheckConstraint(
                name="tat_result_has_letter",
                condition=~Q(status=TatStatus.RESULT) | Q(letter_on__isnull=False),
                violation_error_message=_("A result needs its letter."),
            ),
            models.CheckConstraint(
                name="tat_refused_with_reason",
                condition=~Q(status=TatStatus.REFUSED) | ~Q(refusal=""),
                violation_error_message=_("Say why the request is refused."),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "letter_on"], condition=Q(letter_on__isnull=False), name="tat_counted"),
        ]

    def __str__(self) -> str:
        return self.code
