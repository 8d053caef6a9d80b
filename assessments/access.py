"""Who may open what. Everything here answers an outsider with 404: they may not know that the row exists."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from assessments.enums import TatTeam
from assessments.models import Assessment, SafetyAlert, TatCase, TatLetter, TatMember, TextSet
from assessments.models.tat import PERMISSION_OF
from assessments.models.urine import RandomDraw, UrineTest
from assessments.models.vct import VctReferral
from assessments.tat_lifecycle import STEPS
from clients.models import Client, Episode, Treatment
from facilities.access import can, facility_ids, nationwide, reached
from facilities.models import Facility
from rehab.models import User
from rehab.roles import Permission


@dataclass(frozen=True)
class Place:
    """Where a person works with a client: the facility, and the open episode that it takes part in, if there is one."""

    facility: Facility
    episode: Episode | None


def assessment_for(user: User, pk: int, permission: Permission = Permission.SEE_CLINICAL) -> Assessment:
    """The assessment, for care staff of its facility."""
    return reached(
        Assessment.objects.filter(pk=pk, facility__in=facility_ids(user, permission)).select_related(
            "client", "episode", "facility__unit", "facility__region", "completed_by", "started_by", "corrects"
        )
    )


def alert_for(user: User, pk: int, permission: Permission = Permission.SEE_CLINICAL) -> SafetyAlert:
    """The alert, for care staff where it was raised or where the client is in care now."""
    rows = SafetyAlert.objects.visible_to(user, permission).filter(pk=pk)
    return reached(
        rows.select_related("client", "assessment", "facility__region", "raised_by", "handler", "answered_by")
    )


def may_load_texts(user: User) -> bool:
    """The wording holds for the whole nation: the system admin, and who keeps the settings at BNN."""
    return can(user, Permission.TECHNICAL) or nationwide(user, Permission.EDIT_SETTINGS)


def text_set_for(user: User, pk: int) -> TextSet:
    """An official text, for those who may load and withdraw."""
    found = TextSet.objects.filter(pk=pk).first() if may_load_texts(user) else None
    if found is None:
        raise Http404
    return found


def place_for(user: User, client: Client, permission: Permission = Permission.ASSESS) -> Place:
    """Where the person assesses this client: the responsible facility, else one that treats in the open episode, else the
    one that last was responsible. 404 where the person holds the permission at none of them.
    """
    place = place_of(user, client, permission)
    if place is None:
        raise Http404
    return place


def place_of(user: User, client: Client, permission: Permission = Permission.ASSESS) -> Place | None:
    reach = facility_ids(user, permission)
    latest = client.episodes.select_related("responsible_facility", "client").order_by("-number").first()
    if latest is None:
        return None
    episode = latest if latest.is_open else None
    if latest.responsible_facility_id in reach:
        return Place(latest.responsible_facility, episode)
    treating = (
        Treatment.objects.filter(episode=latest, facility__in=reach).select_related("facility").order_by("-id").first()
    )
    return Place(treating.facility, episode) if treating else None


def open_episode_for(user: User, client: Client, permission: Permission = Permission.ASSESS) -> Episode:
    """The open episode, for those who hold the permission at its responsible facility."""
    episode = client.episodes.open().select_related("responsible_facility", "client").first()
    if episode is None or episode.responsible_facility_id not in facility_ids(user, permission):
        raise Http404
    return episode


@dataclass(frozen=True)
class Part:
    """What of one case is a person's: the secretariat's share, and the team in which they sit."""

    manages: bool
    member: TatMember | None

    @property
    def team(self) -> str:
        return self.member.team if self.member else ""

    @property
    def permissions(self) -> frozenset[Permission]:
        own = {Permission.TAT_MANAGE} if self.manages else set()
        return frozenset(own | ({PERMISSION_OF[TatTeam(self.member.team)]} if self.member else set()))


def part_of(user: User, case: TatCase) -> Part:
    """Nothing at all for a person whom the case does not concern. Two queries."""
    manages = TatCase.objects.managed_by(user).filter(pk=case.pk).exists()
    return Part(manages, TatMember.objects.active_of(user).filter(case=case).first())


def tat_case_for(user: User, code: str) -> TatCase:
    """The case, for the secretariat of its unit and for members assigned to it."""
    found = TatCase.objects.visible_to(user).filter(code=code).select_related("client", "unit__region", "unit__parent")
    return reached(found)


def tat_step_for(user: User, code: str, to: str) -> TatCase:
    """The case, for those who may ever take a step to this status: whether it may be taken now says the action."""
    case = tat_case_for(user, code)
    steps = [step for held in STEPS.values() for step in held if step.to == to]
    held = part_of(user, case).permissions
    if not any(step.permissions & held for step in steps):
        raise Http404
    return case


def tat_managed_for(user: User, code: str) -> TatCase:
    """The case, for its secretariat alone."""
    case = tat_case_for(user, code)
    if not part_of(user, case).manages:
        raise Http404
    return case


def tat_team_case_for(user: User, code: str) -> tuple[TatCase, str]:
    """The case and the team in which the person sits; 404 for all others, the secretariat too."""
    case = tat_case_for(user, code)
    team = part_of(user, case).team
    if not team:
        raise Http404
    return case, team


def tat_member_for(user: User, code: str, pk: int) -> TatMember:
    """Somebody of the teams, for the secretariat of the case."""
    case = tat_managed_for(user, code)
    member = case.members.active().filter(pk=pk).select_related("user").first()
    if member is None:
        raise Http404
    member.case = case
    return member


def tat_letter_for(user: User, code: str) -> TatLetter:
    """The letter, for secretariat and teams, and for care staff of the facility once placement there is ordered."""
    found = TatLetter.objects.readable_by(user).filter(case__code=code).select_related("case__client", "case__unit")
    return reached(found)


def urine_test_for(user: User, pk: int, permission: Permission = Permission.SEE_CLINICAL) -> UrineTest:
    """The cup, for care staff of its facility."""
    found = UrineTest.objects.visible_to(user, permission).filter(pk=pk)
    return reached(found.select_related("client", "facility__region"))


def draw_for(user: User, pk: int) -> RandomDraw:
    """The draw, for care staff of its facility."""
    return reached(RandomDraw.objects.visible_to(user).filter(pk=pk).select_related("facility", "drawn_by"))


def vct_referral_for(user: User, pk: int) -> VctReferral:
    """That there was a referral, and whether the client came; never the result."""
    return _vct(VctReferral.objects.visible_to(user).defer("findings"), pk)


def vct_result_for(user: User, pk: int) -> VctReferral:
    """The referral with its result, for those who treat the client now."""
    return _vct(VctReferral.objects.open_to(user), pk)


def _vct(rows: QuerySet[VctReferral], pk: int) -> VctReferral:
    return reached(rows.filter(pk=pk).select_related("client", "treatment__facility__region", "to_facility"))
