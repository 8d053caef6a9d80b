from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import Approach, FacilityKind, Owner, Ownership, Payer, Service
from facilities.models.unit import Unit
from rehab.constraints import at_least_zero, date_order, no_overlap
from rehab.enums import Zone, zone_of_province
from rehab.history import tracked


class FacilityQuerySet(models.QuerySet["Facility"]):
    def open_on(self, day: date) -> "FacilityQuerySet":
        return self.filter(models.Q(closed_on=None) | models.Q(closed_on__gt=day))

    def ipwl_on(self, day: date) -> "FacilityQuerySet":
        return self.filter(
            models.Exists(
                self.model.ipwl_designations.rel.related_model._default_manager.filter(
                    facility=models.OuterRef("pk"), starts_on__lte=day
                ).exclude(ends_on__lte=day)
            )
        )


@tracked()
class Facility(models.Model):
    """A place that serves clients. `unit`, `ownership` and the flags are today's; `FacilityTerm` keeps what held each day."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=20, choices=FacilityKind)
    kind_note = models.CharField(_("class and population"), max_length=120, blank=True)
    owner = models.CharField(_("owner"), max_length=20, choices=Owner)
    ownership = models.CharField(_("ownership"), max_length=10, choices=Ownership)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="facilities", verbose_name=_("supervising unit")
    )
    region = models.ForeignKey(
        "facilities.Region", on_delete=models.PROTECT, related_name="+", verbose_name=_("regency or city")
    )
    address = models.CharField(_("address"), max_length=250, blank=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-11), MaxValueValidator(6)],
    )  # fmt: skip
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(95), MaxValueValidator(141)],
    )  # fmt: skip
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    person_in_charge = models.CharField(_("person in charge"), max_length=120, blank=True)
    licence_number = models.CharField(_("operating licence"), max_length=80, blank=True)
    licence_issuer = models.CharField(_("licence issued by"), max_length=120, blank=True)
    licence_until = models.DateField(_("licence valid until"), null=True, blank=True)
    deed_number = models.CharField(_("deed of foundation"), max_length=80, blank=True)
    npwp = models.CharField(_("tax number (NPWP)"), max_length=25, blank=True)
    sni_certificate = models.CharField(_("SNI 8807 certificate"), max_length=80, blank=True)
    approaches = ArrayField(
        models.CharField(max_length=12, choices=Approach), default=list, blank=True, verbose_name=_("approach")
    )
    services = ArrayField(
        models.CharField(max_length=14, choices=Service), default=list, blank=True, verbose_name=_("services")
    )
    payers = ArrayField(
        models.CharField(max_length=14, choices=Payer), default=list, blank=True, verbose_name=_("who pays")
    )
    programme_months = models.PositiveSmallIntegerField(_("length of programme (months)"), null=True, blank=True)
    tariff = models.DecimalField(_("tariff (rupiah)"), max_digits=12, decimal_places=0, null=True, blank=True)
    is_operational = models.BooleanField(_("operational"), default=True)
    offers_aftercare = models.BooleanField(_("offers aftercare"), default=False)
    note = models.TextField(_("note"), blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closed_reason = models.CharField(_("reason for closing"), max_length=250, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = FacilityQuerySet.as_manager()

    personal = frozenset({"person_in_charge", "phone", "email"})
    plain = frozenset(
        {
            "id", "code", "name", "kind", "kind_note", "owner", "ownership", "unit", "region", "address", "latitude",
            "longitude", "licence_number", "licence_issuer", "licence_until", "deed_number", "npwp", "sni_certificate",
            "approaches", "services", "payers", "programme_months", "tariff", "is_operational", "offers_aftercare",
            "note", "opened_on", "closed_on", "closed_reason", "version",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("facility")
        constraints = [
            date_order("facility_dates", "opened_on", "closed_on", _("It cannot close before it opened.")),
            at_least_zero("facility_tariff", "tariff", _("A tariff is not below zero.")),
            models.UniqueConstraint(
                fields=["name", "region"],
                name="facility_once",
                violation_error_message=_("A facility of this name is already registered in this regency or city."),
            ),
        ]
        indexes = [
            GinIndex(fields=["services"], name="facility_services"),
            models.Index(fields=["unit", "kind"], name="facility_unit_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> Zone:
        return zone_of_province(self.region_id)

    @property
    def zone_label(self) -> str:
        return self.zone.label

    def local_date(self, moment: datetime | None = None) -> date:
        return (moment or timezone.now()).astimezone(ZoneInfo(self.zone)).date()


@tracked()
class FacilityTerm(models.Model):
    """Supervision, ownership and flags from `starts_on` up to, not including, `ends_on`: a change never rewrites the past."""

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="terms")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    ownership = models.CharField(max_length=10, choices=Ownership)
    is_operational = models.BooleanField(default=True)
    offers_aftercare = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    personal: frozenset[str] = frozenset()
    plain = frozenset(
        {"id", "facility", "unit", "ownership", "is_operational", "offers_aftercare", "starts_on", "ends_on"}
    )

    class Meta:
        ordering = ["facility", "starts_on"]
        constraints = [
            no_overlap("facility_term_once", "facility", message=_("This facility already has a term on these days.")),
            date_order("facility_term_dates", "starts_on", "ends_on", _("The end lies before the start.")),
        ]

    def __str__(self) -> str:
        return f"{self.facility} {self.starts_on}"
