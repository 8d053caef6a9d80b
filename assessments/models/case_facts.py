from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import IcdGroup, IcdState, TreatmentHistory, UseRoute
from clients.enums import Substance
from clients.models import Episode
from facilities.access import facility_ids
from rehab.constraints import at_least_zero
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission

# A diagnosis of ICD-10 F10–F19 with its state.
CODE = r"F1[0-9]\.[0-9]"


class CaseFactsQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "CaseFactsQuerySet":
        reach = facility_ids(user, Permission.SEE_CLINICAL)
        return self.filter(episode__in=Episode.objects.filter(responsible_facility__in=reach))


@tracked()
class CaseFacts(models.Model):
    """The six facts of PP 25/2011 art. 18 before treatment: identity (on the client), and the five kept here.

    `icd_group` and `icd_state` are the main diagnosis; `other_diagnoses` the codes beside it, with commas between them.
    """

    episode = models.OneToOneField(Episode, on_delete=models.PROTECT, related_name="facts", primary_key=True)
    identity_checked = models.BooleanField(_("identity checked against a document or by interview"), default=False)
    substance = models.CharField(_("main substance"), max_length=14, choices=Substance, blank=True)
    substance_note = models.CharField(_("named as"), max_length=80, blank=True)
    months_of_use = models.PositiveSmallIntegerField(_("length of use (months)"), null=True, blank=True)
    route = models.CharField(_("way of use"), max_length=16, choices=UseRoute, blank=True)
    icd_group = models.CharField(_("diagnosis (ICD-10)"), max_length=3, choices=IcdGroup, blank=True)
    icd_state = models.CharField(_("state"), max_length=1, choices=IcdState, blank=True)
    other_diagnoses = models.CharField(_("other diagnoses"), max_length=80, blank=True, default="", db_default="")
    history = models.CharField(_("treatment history"), max_length=10, choices=TreatmentHistory, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now=True)
    edit = models.PositiveIntegerField(default=1)

    objects = CaseFactsQuerySet.as_manager()

    personal = frozenset(
        {
            "substance",
            "substance_note",
            "months_of_use",
            "route",
            "icd_group",
            "icd_state",
            "other_diagnoses",
            "history",
        }
    )
    plain = frozenset({"episode", "identity_checked", "recorded_by", "recorded_at", "edit"})

    class Meta:
        constraints = [
            at_least_zero("facts_months", "months_of_use", _("A length is not below zero.")),
            models.CheckConstraint(
                name="facts_other_diagnoses",
                condition=Q(other_diagnoses="") | Q(other_diagnoses__regex=rf"^{CODE}(, {CODE})*$"),
                violation_error_message=_("Other diagnoses are codes from F10.0 to F19.9."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.episode}"

    @property
    def diagnosis(self) -> str:
        return f"{self.icd_group}.{self.icd_state}" if self.icd_group and self.icd_state else ""

    @property
    def known(self) -> dict[str, bool]:
        """Each of the six facts by name, and whether it stands."""
        return {
            "identity": self.identity_checked,
            "substance": bool(self.substance),
            "length": self.months_of_use is not None,
            "route": bool(self.route),
            "diagnosis": bool(self.diagnosis),
            "history": bool(self.history),
        }

    @property
    def is_complete(self) -> bool:
        return all(self.known.values())
