from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import CustodyStep, UrineResult, UrineStatus
from assessments.lottery import drawn
from clients.models import Client, Treatment
from facilities.access import facility_ids
from facilities.models import Facility
from rehab.constraints import one_open
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission

# The panel, in the order of the cup.
PANEL = ("amp", "met", "thc", "bzo", "mop", "coc", "mdma")


def _result(name: str) -> models.CharField:
    return models.CharField(name, max_length=8, choices=UrineResult, default=UrineResult.NOT_DONE)


class AtFacility(models.QuerySet):
    """Urine tests are clinical: for care staff of the place."""

    def visible_to(self, user: User, permission: Permission = Permission.SEE_CLINICAL) -> "AtFacility":
        return self.filter(facility__in=facility_ids(user, permission))


@tracked()
class RandomDraw(models.Model):
    """Who is tested today, drawn from all in treatment: one draw a day, so that nobody draws until it suits."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="urine_draws", db_index=False)
    drawn_on = models.DateField(_("day"))
    drawn_at = models.DateTimeField(_("drawn at"))
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    seed = models.CharField(_("seed"), max_length=64)
    pool = ArrayField(models.CharField(max_length=12), verbose_name=_("drawn from"))
    size = models.PositiveSmallIntegerField(_("how many"))

    objects = AtFacility.as_manager()

    personal = frozenset({"pool"})
    plain = frozenset({"id", "facility", "drawn_on", "drawn_at", "drawn_by", "seed", "size"})

    class Meta:
        ordering = ["-drawn_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "drawn_on"],
                name="one_draw_a_day",
                violation_error_message=_("Today's draw has been made already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} · {self.drawn_on}"

    @property
    def chosen(self) -> list[str]:
        """The codes that seed and list give, computed anew: a draw that was tampered with differs from its tests."""
        return drawn(self.seed, self.pool, self.size)


@tracked()
class UrineTest(models.Model):
    """One cup: wanted, collected, read on seven strips. What happened to it on the way are its custody steps."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="urine_tests")
    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="urine_tests")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="urine_tests", db_index=False)
    draw = models.ForeignKey(RandomDraw, on_delete=models.PROTECT, null=True, related_name="tests")
    status = models.CharField(_("status"), max_length=9, choices=UrineStatus, default=UrineStatus.WANTED)
    wanted_on = models.DateField(_("wanted on"))
    observed = models.BooleanField(_("collected under observation"), default=False)
    collected_at = models.DateTimeField(_("collected at"), null=True)
    read_at = models.DateTimeField(_("read at"), null=True)
    amp = _result("AMP")
    met = _result("MET")
    thc = _result("THC")
    bzo = _result("BZO")
    mop = _result("MOP")
    coc = _result("COC")
    mdma = _result("MDMA")
    note = models.TextField(_("note"), blank=True)
    cancel_reason = models.CharField(_("reason"), max_length=250, blank=True)

    objects = AtFacility.as_manager()

    personal = frozenset({*PANEL, "note", "cancel_reason"})
    plain = frozenset(
        {"id", "client", "treatment", "facility", "draw", "status", "wanted_on", "observed", "collected_at", "read_at"}
    )

    class Meta:
        ordering = ["-wanted_on", "-id"]
        constraints = [
            one_open(
                "one_urine_test_waiting",
                "treatment",
                open_when=Q(status__in=(UrineStatus.WANTED, UrineStatus.COLLECTED)),
                message=_("A urine test of this client is under way already."),
            ),
            models.CheckConstraint(
                name="urine_collected",
                condition=Q(status__in=(UrineStatus.COLLECTED, UrineStatus.READ), collected_at__isnull=False)
                | Q(status=UrineStatus.WANTED, collected_at=None)
                | Q(status=UrineStatus.CANCELLED),
                violation_error_message=_("A collected cup has its time."),
            ),
            models.CheckConstraint(
                name="urine_read",
                condition=Q(status=UrineStatus.READ, read_at__isnull=False)
                | ~Q(status=UrineStatus.READ) & Q(read_at=None),
                violation_error_message=_("A read test has its time."),
            ),
            models.CheckConstraint(
                name="urine_cancelled_why",
                condition=Q(status=UrineStatus.CANCELLED) & ~Q(cancel_reason="")
                | ~Q(status=UrineStatus.CANCELLED) & Q(cancel_reason=""),
                violation_error_message=_("Say why there is no test."),
            ),
        ]
        indexes = [
            models.Index(fields=["facility", "-wanted_on"], name="urine_of_facility"),
            models.Index(
                fields=["facility", "wanted_on"],
                condition=Q(status__in=(UrineStatus.WANTED, UrineStatus.COLLECTED)),
                name="urine_under_way",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What stands on the cup: no name, no client's code."""
        return f"U-{self.pk:06d}"

    @property
    def results(self) -> list[tuple[str, str, str]]:
        """(strip, value, words) of the whole panel."""
        return [(name.upper(), getattr(self, name), getattr(self, f"get_{name}_display")()) for name in PANEL]

    @property
    def positives(self) -> list[str]:
        return [name.upper() for name in PANEL if getattr(self, name) == UrineResult.POSITIVE]


class OfVisibleTests(models.QuerySet):
    def visible_to(self, user: User) -> "OfVisibleTests":
        return self.filter(test__facility__in=facility_ids(user, Permission.SEE_CLINICAL))


@tracked()
class CustodyEntry(models.Model):
    """A step of the cup from hand to hand, with the server's time. Nothing is changed or taken away."""

    test = models.ForeignKey(UrineTest, on_delete=models.PROTECT, related_name="custody", db_index=False)
    number = models.PositiveSmallIntegerField()
    step = models.CharField(_("step"), max_length=10, choices=CustodyStep)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    remark = models.CharField(_("remark"), max_length=250, blank=True)

    objects = OfVisibleTests.as_manager()

    personal = frozenset({"remark"})
    plain = frozenset({"id", "test", "number", "step", "at", "by"})

    class Meta:
        ordering = ["test", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["test", "number"],
                name="custody_number_once",
                violation_error_message=_("A colleague has just recorded a step of this cup."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.test} · {self.number}"
