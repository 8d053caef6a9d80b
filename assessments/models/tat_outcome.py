"""How a TAT case goes on: its documents, the plenary, the letter, and whether placement was ordered."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import TatPaper, TatPaperState, TatRecommendation
from assessments.models.tat import OfVisibleCases, TatCase
from clients.models import Episode
from facilities.access import facility_ids
from facilities.models import Facility
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission


@tracked()
class TatDocument(models.Model):
    """One line of the checklist; without a row the document has not come yet."""

    case = models.ForeignKey(TatCase, on_delete=models.PROTECT, related_name="documents", db_index=False)
    kind = models.CharField(_("document"), max_length=13, choices=TatPaper)
    state = models.CharField(_("state"), max_length=10, choices=TatPaperState)
    number = models.CharField(_("number"), max_length=80, blank=True)
    dated = models.DateField(_("date"), null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = OfVisibleCases.as_manager()

    personal = frozenset({"number"})
    plain = frozenset({"id", "case", "kind", "state", "dated", "recorded_by", "recorded_at"})

    class Meta:
        ordering = ["case", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                name="one_tat_document",
                violation_error_message=_("A colleague has just recorded this document."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} · {self.kind}"


@tracked()
class TatPlenary(models.Model):
    """The meeting of both teams: what they concluded together and recommend. Who was there stands at the members."""

    case = models.OneToOneField(TatCase, on_delete=models.PROTECT, related_name="plenary")
    held_on = models.DateField(_("day of the plenary"))
    conclusion = models.TextField(_("conclusion of the plenary"))
    recommendation = models.CharField(_("recommendation"), max_length=16, choices=TatRecommendation)
    length_months = models.PositiveSmallIntegerField(_("recommended length (months)"), null=True, blank=True)
    place = models.CharField(_("recommended place"), max_length=150, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    edit = models.PositiveIntegerField(default=1)

    objects = OfVisibleCases.as_manager()

    personal = frozenset({"conclusion", "recommendation", "length_months", "place"})
    plain = frozenset({"id", "case", "held_on", "recorded_by", "recorded_at", "edit"})

    def __str__(self) -> str:
        return f"{self.case_id} · {self.held_on}"


class TatLetterQuerySet(OfVisibleCases):
    def readable_by(self, user: User) -> "TatLetterQuerySet":
        """Besides team and secretariat the care staff of the facility, once placement there is ordered."""
        cases = TatCase.objects.visible_to(user)
        ordered = Q(
            case__placement__ordered=True, case__placement__facility__in=facility_ids(user, Permission.SEE_CLINICAL)
        )
        return self.filter(Q(case__in=cases) | ordered)


@tracked()
class TatLetter(models.Model):
    """The result letter as it was issued: everything that is printed, under the client's key, so that each print is the same."""

    case = models.OneToOneField(TatCase, on_delete=models.PROTECT, related_name="letter")
    content = models.BinaryField()
    code = models.CharField(_("code of the letter"), max_length=16, unique=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()

    objects = TatLetterQuerySet.as_manager()

    personal = frozenset({"content"})
    plain = frozenset({"id", "case", "code", "issued_by", "issued_at"})

    def __str__(self) -> str:
        return f"{self.case_id} · {self.code}"


@tracked()
class TatPlacement(models.Model):
    """What became of the letter: placement ordered, which opens an episode, or not, with the reason. It closes the case."""

    case = models.OneToOneField(TatCase, on_delete=models.PROTECT, related_name="placement")
    ordered = models.BooleanField(_("placement ordered"))
    decided_on = models.DateField(_("date of the order"))
    ordered_by = models.CharField(_("who decided"), max_length=150)
    number = models.CharField(_("number of the order"), max_length=80, blank=True)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    episode = models.OneToOneField(Episode, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = OfVisibleCases.as_manager()

    personal = frozenset({"ordered", "ordered_by", "number", "reason"})
    plain = frozenset({"id", "case", "decided_on", "facility", "episode", "recorded_by", "recorded_at"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="tat_placement_whole",
                condition=Q(ordered=True, facility__isnull=False, episode__isnull=False, reason="") & ~Q(number="")
                | Q(ordered=False, facility=None, episode=None) & ~Q(reason=""),
                violation_error_message=_("An order has its number and facility; without one there is a reason."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} · {self.ordered}"
