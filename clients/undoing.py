"""What takes back an act of this floor (rehab/undo.py): fetched and authorised anew, then done by the action."""

from datetime import date

from django.utils.translation import gettext as _

from clients.access import client_for, dose_for, episode_for, goal_for, session_for, treatment_for
from clients.actions import attendance, doses, matches, plans, sessions, treatments
from clients.models import MatchNotice
from facilities.access import facility_for
from rehab import undo
from rehab.errors import Refused
from rehab.models import User
from rehab.roles import Permission


@undo.verb("attendance.all_present")
def expect_again(*, by: User, session: int, edit: int, people: list[int]) -> None:
    found = session_for(by, session, Permission.TREAT)
    attendance.expect_again(by=by, session=found, edit=edit, treatments=people)


@undo.verb("sessions.cancelled")
def take_up(*, by: User, session: int) -> None:
    sessions.take_up(by=by, session=session_for(by, session, Permission.TREAT))


@undo.verb("plans.discarded")
def bring_back(*, by: User, treatment: int, plan: int, goals: list[int]) -> None:
    plans.bring_back(by=by, treatment=treatment_for(by, treatment, Permission.TREAT), plan=plan, goals=goals)


@undo.verb("goals.judged")
def judge_as_before(*, by: User, goal: int, now: str, result: str, note: str) -> None:
    found = goal_for(by, goal, Permission.TREAT)
    if found.result != now:
        raise Refused(_("The goal has another result by now."))
    plans.judge(by=by, goal=found, result=result, note=note)


@undo.verb("doses.given")
def not_given(*, by: User, given: list[int]) -> None:
    for pk in given:
        doses.void(by=by, dose=dose_for(by, pk, Permission.TREAT), reason=_("Undone at once"))


@undo.verb("doses.voided")
def given_after_all(*, by: User, dose: int) -> None:
    doses.uphold(by=by, dose=dose_for(by, dose, Permission.TREAT))


@undo.verb("matches.seen")
def ask_again(*, by: User, client: str, notice: int) -> None:
    found = client_for(by, client, Permission.REGISTER)
    row = MatchNotice.objects.visible_to(by).filter(client=found, pk=notice).first()
    if row is None:
        raise Refused(_("Somebody else has already taken care of this."))
    matches.mark_unseen(by=by, notice=row)


@undo.verb("treatments.withdrawn")
def plan_again(*, by: User, client: str, episode: int, facility: str, programme: str, setting: str, on: str) -> None:
    """The same plan anew: all that planning asks for is looked at again."""
    treatments.plan(
        by=by,
        episode=episode_for(by, client, episode, Permission.TREAT),
        facility=facility_for(by, facility, Permission.TREAT),
        programme=programme,
        setting=setting,
        planned_on=date.fromisoformat(on),
    )
