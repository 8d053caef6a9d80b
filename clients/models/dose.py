from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.enums import DoseWay, Medicine
from clients.models.client import Client
from clients.models.treatment import Treatment
from facilities.access import facility_ids
from rehab.constraints import date_order, no_overlap
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class PrescriptionQuerySet(models.QuerySet):
    def visible_to(self, user: User, permission: Permission = Permission.SEE_CLINICAL) -> "PrescriptionQuerySet":
        return self.filter(treatment__facility__in=facility_ids(user, permission))

    def on(self, day) -> "PrescriptionQuerySet":
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))


@tracked()
class Prescription(models.Model):
    """So many milligrams a day, from `starts_on` up to, not including, `ends_on`. Another dose is another prescription."""

    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="prescriptions")
    medicine = models.CharField(_("medicine"), max_length=14, choices=Medicine)
    mg = models.DecimalField(_("dose a day (mg)"), max_digits=6, decimal_places=2)
    take_home_most = models.PositiveSmallIntegerField(_("days to take home at most"), default=0)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True)
    prescribed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stop_reason = models.CharField(_("reason"), max_length=250, blank=True)

    objects = PrescriptionQuerySet.as_manager()

    personal = frozenset({"medicine", "mg", "stop_reason"})
    plain = frozenset({"id", "treatment", "take_home_most", "starts_on", "ends_on", "prescribed_by"})

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            no_overlap(
                "one_prescription_a_day", "treatment", message=_("On some of these days another prescription holds.")
            ),
            date_order("prescription_dates", "starts_on", "ends_on", _("The end lies before the start.")),
            models.CheckConstraint(
                name="prescription_dose",
                condition=Q(mg__gt=0, mg__lte=400),
                violation_error_message=_("A daily dose lies above 0 and is at most 400 mg."),
            ),
            models.CheckConstraint(
                name="prescription_take_home",
                condition=Q(take_home_most__lte=14),
                violation_error_message=_("At most 14 days are taken home."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.treatment_id} {self.medicine} {self.mg}"


class DoseQuerySet(models.QuerySet):
    def visible_to(self, user: User, permission: Permission = Permission.SEE_CLINICAL) -> "DoseQuerySet":
        return self.filter(prescription__treatment__facility__in=facility_ids(user, permission))

    def standing(self) -> "DoseQuerySet":
        return self.filter(void_reason="")


@tracked()
class Dose(models.Model):
    """The dose for one day. One a day for a client, wherever it is given; a record made by mistake is taken back, not erased."""

    prescription = models.ForeignKey(Prescription, on_delete=models.PROTECT, related_name="doses", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="doses", db_index=False)
    for_day = models.DateField(_("for the day"))
    way = models.CharField(_("how"), max_length=9, choices=DoseWay)
    mg = models.DecimalField(_("dose (mg)"), max_digits=6, decimal_places=2)
    given_at = models.DateTimeField(_("given at"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    void_reason = models.CharField(_("taken back because"), max_length=250, blank=True)

    objects = DoseQuerySet.as_manager()

    personal = frozenset({"mg", "void_reason"})
    plain = frozenset({"id", "prescription", "client", "for_day", "way", "given_at", "given_by"})

    class Meta:
        ordering = ["-for_day", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "for_day"],
                condition=Q(void_reason=""),
                name="one_dose_a_day",
                violation_error_message=_("This client has had the dose for one of these days already."),
            )
        ]
        indexes = [
            models.Index(fields=["prescription", "-for_day"], name="dose_of_prescription"),
            models.Index(fields=["client", "-for_day"], name="dose_of_client"),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.for_day}"
