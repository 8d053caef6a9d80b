"""Who may open what of aftercare. An outsider gets 404: they may not know that the plan exists."""

from aftercare.models import AftercarePlan, FollowUp
from facilities.access import can, reached
from rehab.models import User
from rehab.roles import Permission

_PLAN = ("client", "facility__region", "facility__unit", "unit", "treatment__facility", "counted_unit", "started_by")


def plan_for(user: User, pk: int, *permissions: Permission) -> AftercarePlan:
    """The plan, for those who read clinical data of its place at least as a summary, or hold one of `permissions`."""
    return reached(AftercarePlan.objects.visible_to(user, *permissions).filter(pk=pk).select_related(*_PLAN))


def follow_up_for(user: User, pk: int) -> FollowUp:
    """The follow-up, for those who follow up at the plan's place."""
    found = FollowUp.objects.visible_to(user, Permission.FOLLOW_UP).filter(pk=pk)
    return reached(found.select_related("plan__client", "plan__facility__region", "plan__unit", "recorded_by"))


def may_follow_up(user: User, plan: AftercarePlan) -> bool:
    return can(user, Permission.FOLLOW_UP, plan.place)


def may_read_details(user: User, plan: AftercarePlan) -> bool:
    """Notes and urine results; a summary shows dates, contact, relapse and activity only."""
    return can(user, Permission.SEE_CLINICAL, plan.place)
