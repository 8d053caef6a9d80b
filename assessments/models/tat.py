from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import TEAM_OF, TatAgency, TatRecommendation, TatRoute, TatStatus, TatTeam
from clients.models import Client
from facilities.access import nationwide, permissions_of, unit_ids
from facilities.enums import UnitKind
from facilities.models import Unit
from rehab.constraints import date_order, one_open
from rehab.history import tracked
from rehab.models import User
from rehab.roles import Permission

PERMISSION_OF = {TatTeam.MEDICAL: Permission.TAT_MEDICAL, TatTeam.LEGAL: Permission.TAT_LEGAL}


class TatCaseQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "TatCaseQuerySet":
        """The secretariat's own, and those a member is assigned to. Nobody else learns that a case exists."""
        mine = TatMember.objects.active_of(user).filter(case=OuterRef("pk"))
        return self.filter(_managed(user) | Exists(mine)) if _is_member(user) else self.managed_by(user)

    def managed_by(self, user: User) -> "TatCaseQuerySet":
        return self.filter(_managed(user))

    def running(self) -> "TatCaseQuerySet":
        return self.filter(status__in=TatStatus.running())


def _managed(user: User) -> Q:
    own = Q(unit__in=unit_ids(user, Permission.TAT_MANAGE))
    # At BNN itself the reach over the whole nation is for figures: there the secretariat has BNN's own cases.
    return own & Q(unit__kind=UnitKind.BNN) if nationwide(user, Permission.TAT_MANAGE) else own


def _is_member(user: User) -> bool:
    return not permissions_of(user).isdisjoint(PERMISSION_OF.values())


class TatMemberQuerySet(models.QuerySet):
    def active(self) -> "TatMemberQuerySet":
        return self.filter(ended_at=None)

    def active_of(self, user: User) -> "TatMemberQuerySet":
        """Assignments of the person that hold, in teams for which a post of theirs still holds."""
        held = permissions_of(user)
        teams = [team for team, permission in PERMISSION_OF.items() if permission in held]
        return self.active().filter(user=user, team__in=teams)

    def visible_to(self, user: User) -> "TatMemberQuerySet":
        return self.filter(case__in=TatCase.objects.visible_to(user))


@tracked()
class TatCase(models.Model):
    """A joint medical and legal assessment of a suspect; the client has no episode until placement is ordered."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="tat_cases")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("held by"))
    code = models.CharField(_("case code"), max_length=20, unique=True)
    status = models.CharField(_("status"), max_length=10, choices=TatStatus, default=TatStatus.DRAFT)
    route = models.CharField(_("route"), max_length=16, choices=TatRoute, blank=True, db_default="", default="")
    requested_by = models.CharField(_("requesting agency"), max_length=150)
    request_number = models.CharField(_("number of the request"), max_length=80)
    request_on = models.DateField(_("date of the request"))
    received_on = models.DateField(_("received on"))
    scheduled_for = models.DateField(_("day of the assessment"), null=True, blank=True)
    repair_note = models.TextField(_("what must be completed"), blank=True, db_default="", default="")
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
        {
            "requested_by", "request_number", "letter_number", "recommendation", "length_months", "place", "refusal",
            "repair_note",
        }
    )  # fmt: skip
    plain = frozenset(
        {
            "id", "client", "unit", "code", "status", "route", "request_on", "received_on", "scheduled_for", "letter_on",
            "recorded_by", "edit",
        }
    )  # fmt: skip

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
            models.CheckConstraint(
                name="tat_scheduled_for_a_day",
                condition=~Q(status__in=[TatStatus.SCHEDULED, TatStatus.ASSESSING, TatStatus.PLENARY])
                | Q(scheduled_for__isnull=False),
                violation_error_message=_("A scheduled case has its day."),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "letter_on"], condition=Q(letter_on__isnull=False), name="tat_counted"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_running(self) -> bool:
        return self.status in TatStatus.running()


@tracked()
class TatMember(models.Model):
    """One person in one team of one case, for an agency. Who is taken off loses the case; what was signed stays."""

    case = models.ForeignKey(TatCase, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tat_memberships")
    team = models.CharField(_("team"), max_length=8, choices=TatTeam)
    agency = models.CharField(_("agency"), max_length=12, choices=TatAgency)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    attended = models.BooleanField(_("at the plenary"), null=True)

    objects = TatMemberQuerySet.as_manager()

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "case", "user", "team", "agency", "assigned_by", "assigned_at", "ended_at", "attended"})

    class Meta:
        ordering = ["case", "-team", "id"]
        constraints = [
            one_open(
                "one_tat_membership",
                "case",
                "user",
                open_when=Q(ended_at=None),
                message=_("This person is in a team of the case already."),
            ),
            models.CheckConstraint(
                name="tat_agency_of_team",
                condition=Q(
                    team=TatTeam.MEDICAL, agency__in=[one for one, team in TEAM_OF.items() if team == TatTeam.MEDICAL]
                )
                | Q(team=TatTeam.LEGAL, agency__in=[one for one, team in TEAM_OF.items() if team == TatTeam.LEGAL]),
                violation_error_message=_("This agency does not belong to this team."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} · {self.user_id}"


class OfVisibleCases(models.QuerySet):
    def visible_to(self, user: User) -> "OfVisibleCases":
        return self.filter(case__in=TatCase.objects.visible_to(user))
