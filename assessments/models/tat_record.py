"""What the two teams of a TAT case write, each in a table of its own, so that no query of one stream meets the other."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import EvidenceUnit, IcdGroup, IcdState, SemaSubstance, TatRole, TatTeam
from assessments.models.tat import TatCase, TatMember
from clients.enums import Substance
from rehab.history import tracked
from rehab.models import User


class OfTeam(models.QuerySet):
    def visible_to(self, user: User) -> "OfTeam":
        """For assigned members of the record's own team alone; all others read its conclusion (`queries.tat_part`)."""
        model: Any = self.model
        return self.filter(case__in=TatMember.objects.active_of(user).filter(team=model.team).values("case"))


class TatRecord(models.Model):
    """A signed version. A later one takes its place; none is changed."""

    team: TatTeam

    case = models.ForeignKey(TatCase, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveSmallIntegerField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    examined_on = models.DateField(_("day of the examination"))
    notes = models.TextField(_("notes"))
    conclusion = models.TextField(_("conclusion of the team"))

    objects = OfTeam.as_manager()

    class Meta:
        abstract = True
        ordering = ["case", "-version"]

    def __str__(self) -> str:
        return f"{self.case_id} · {self.version}"


@tracked()
class TatMedicalRecord(TatRecord):
    team = TatTeam.MEDICAL

    icd_group = models.CharField(_("diagnosis"), max_length=3, choices=IcdGroup)
    icd_state = models.CharField(_("state"), max_length=1, choices=IcdState)
    substance = models.CharField(_("main substance"), max_length=16, choices=Substance)
    urine = models.CharField(_("urine test"), max_length=250, blank=True)
    pattern = models.TextField(_("pattern of use"))
    need = models.TextField(_("need of treatment"))

    personal = frozenset({"notes", "conclusion", "icd_group", "icd_state", "substance", "urine", "pattern", "need"})
    plain = frozenset({"id", "case", "version", "signed_by", "signed_at", "examined_on"})

    class Meta(TatRecord.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["case", "version"],
                name="tat_medical_version",
                violation_error_message=_("A colleague has just signed a version of this record."),
            )
        ]

    @property
    def diagnosis(self) -> str:
        return f"{self.icd_group}.{self.icd_state}"


@tracked()
class TatLegalRecord(TatRecord):
    team = TatTeam.LEGAL

    role = models.CharField(_("role in the case"), max_length=8, choices=TatRole)

    personal = frozenset({"notes", "conclusion", "role"})
    plain = frozenset({"id", "case", "version", "signed_by", "signed_at", "examined_on"})

    class Meta(TatRecord.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["case", "version"],
                name="tat_legal_version",
                violation_error_message=_("A colleague has just signed a version of this record."),
            )
        ]


class OfLegalTeam(models.QuerySet):
    def visible_to(self, user: User) -> "OfLegalTeam":
        return self.filter(record__in=TatLegalRecord.objects.visible_to(user))


@tracked()
class TatEvidence(models.Model):
    """One seized amount, as the legal record of that version lists it."""

    record = models.ForeignKey(TatLegalRecord, on_delete=models.PROTECT, related_name="evidence", db_index=False)
    position = models.PositiveSmallIntegerField()
    substance = models.CharField(_("substance"), max_length=16, choices=SemaSubstance)
    name = models.CharField(_("what it is"), max_length=80, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=11, decimal_places=4)
    unit = models.CharField(_("measure"), max_length=6, choices=EvidenceUnit)

    objects = OfLegalTeam.as_manager()

    personal = frozenset({"substance", "name", "amount", "unit"})
    plain = frozenset({"id", "record", "position"})

    class Meta:
        ordering = ["record", "position"]
        constraints = [
            models.UniqueConstraint(fields=["record", "position"], name="tat_evidence_position"),
            models.CheckConstraint(
                name="tat_evidence_amount",
                condition=Q(amount__gt=0),
                violation_error_message=_("An amount is more than nothing."),
            ),
            models.CheckConstraint(
                name="tat_evidence_named",
                condition=~Q(substance=SemaSubstance.OTHER) | ~Q(name=""),
                violation_error_message=_("Say what the other substance is."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} · {self.position}"
