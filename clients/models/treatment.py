from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.enums import AdmissionGroup, AgeGroup, Outcome, Programme, ProgrammeStage, Setting, Substance
from clients.models.client import Client
from clients.models.episode import Episode
from facilities.access import facility_ids, unit_ids
from facilities.enums import Ownership
from facilities.models import Facility, Unit
from rehab.constraints import both_or_neither, date_order, no_overlap, one_open
from rehab.enums import Sex
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


class TreatmentQuerySet(models.QuerySet["Treatment"]):
    def counted(self, start, end) -> "TreatmentQuerySet":
        """Counted in the half-open period `[start, end)`."""
        return self.filter(counted_on__gte=start, counted_on__lt=end)

    def open(self) -> "TreatmentQuerySet":
        return self.filter(ended_on=None)

    def visible_to(self, user: User, permission: Permission = Permission.SEE_CLIENTS) -> "TreatmentQuerySet":
        """Treatments at a facility of the scope, and those that count for a unit of it."""
        return self.filter(Q(facility__in=facility_ids(user, permission)) | Q(unit__in=unit_ids(user, permission)))


@tracked()
class Treatment(models.Model):
    """One facility's service within an episode: what is counted.

    From `counted_on` on to `ownership` stand the columns it is counted by, so that one covering index serves a count
    without joins; the actions keep them right.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="treatments")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="treatments", db_index=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="treatments", db_index=False)
    programme = models.CharField(_("programme"), max_length=8, choices=Programme)
    setting = models.CharField(_("setting"), max_length=10, choices=Setting)
    planned_on = models.DateField(_("planned on"))
    started_on = models.DateField(_("first service"), null=True)
    ended_on = models.DateField(_("ended on"), null=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, null=True)
    outcome_note = models.TextField(_("reason"), blank=True)
    counted_on = models.DateField(_("counts on"), null=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("counts for"))
    admission_group = models.CharField(_("report group"), max_length=10, choices=AdmissionGroup)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex)
    age_group = models.CharField(_("age group"), max_length=8, choices=AgeGroup)
    main_substance = models.CharField(_("main substance"), max_length=14, choices=Substance, blank=True)
    ownership = models.CharField(_("ownership"), max_length=10, choices=Ownership)

    objects = TreatmentQuerySet.as_manager()

    personal = frozenset({"outcome_note"})
    plain = frozenset(
        {
            "id", "client", "episode", "facility", "programme", "setting", "planned_on", "started_on", "ended_on",
            "outcome", "counted_on", "unit", "admission_group", "sex", "age_group", "main_substance", "ownership",
        }
    )  # fmt: skip

    class Meta:
        ordering = ["-planned_on", "-id"]
        constraints = [
            one_open(
                "one_open_treatment",
                "episode",
                "facility",
                open_when=Q(ended_on=None),
                message=_("This facility already has an open treatment in this episode."),
            ),
            both_or_neither(
                "treatment_ended", "ended_on", "outcome", _("An ended treatment has a date and an outcome.")
            ),
            date_order("treatment_dates", "started_on", "ended_on", _("It cannot end before it started.")),
            models.CheckConstraint(
                name="treatment_counts_at_start",
                condition=Q(counted_on=None) | Q(counted_on=F("started_on")),
                violation_error_message=_("A treatment counts on the date of its first service."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "counted_on"],
                include=["setting", "admission_group", "sex", "age_group", "main_substance", "ownership", "facility"],
                condition=Q(counted_on__isnull=False),
                name="treatment_counted",
            ),
            models.Index(
                fields=["counted_on"],
                include=["unit", "setting", "admission_group", "sex", "age_group", "ownership", "facility"],
                condition=Q(counted_on__isnull=False),
                name="treatment_counted_all",
            ),
            models.Index(
                fields=["unit", "started_on"],
                condition=Q(counted_on=None, started_on__isnull=False),
                name="treatment_uncounted",
            ),
            models.Index(
                fields=["unit", "ended_on"], condition=Q(outcome=Outcome.COMPLETED), name="treatment_completed"
            ),
            models.Index(fields=["facility", "ended_on", "-id"], name="treatment_of_facility"),
            models.Index(fields=["facility", "client"], include=["episode"], name="treatment_reaches"),
            # Who is in treatment and who waits, the last start of a facility, and what became of each episode.
            models.Index(
                fields=["facility"],
                include=["id", "setting", "sex", "started_on", "planned_on"],
                condition=Q(ended_on=None),
                name="treatment_open",
            ),
            models.Index(
                fields=["facility", "started_on"], condition=Q(started_on__isnull=False), name="treatment_started"
            ),
            models.Index(
                fields=["episode"], include=["id", "started_on", "counted_on", "outcome"], name="treatment_of_episode"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client} · {self.facility}"

    @property
    def is_open(self) -> bool:
        return self.ended_on is None


@tracked()
class TreatmentPhase(models.Model):
    """Setting and programme from `starts_on` up to `ends_on`; a change continues the treatment, counted once.

    `stage` is how far an inpatient has come in the programme; empty where nobody said so.
    """

    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="phases")
    programme = models.CharField(_("programme"), max_length=8, choices=Programme)
    setting = models.CharField(_("setting"), max_length=10, choices=Setting)
    stage = models.CharField(_("stage"), max_length=10, choices=ProgrammeStage, blank=True, db_default="")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True)

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "treatment", "programme", "setting", "stage", "starts_on", "ends_on"})

    class Meta:
        ordering = ["treatment", "starts_on"]
        indexes = [
            models.Index(fields=["treatment"], include=["setting"], condition=Q(ends_on=None), name="phase_now"),
        ]
        constraints = [
            no_overlap("phase_once", "treatment", message=_("The phases of a treatment do not overlap.")),
            date_order("phase_dates", "starts_on", "ends_on", _("The end lies before the start.")),
            models.CheckConstraint(
                name="phase_stage_inpatient",
                condition=Q(stage="") | Q(setting=Setting.INPATIENT),
                violation_error_message=_("Only an inpatient is in a stage of the programme."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.treatment} {self.setting}"
