"""A treatment plan may be drafted from assessments: the link on the plan's page. Registered with the app's other panels."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.queries.problems import problems_of
from clients.models import Treatment
from facilities.access import can
from rehab import panels
from rehab.models import User
from rehab.panels import NextStep
from rehab.roles import Permission


@panels.plan_sources.register()
def from_assessments(user: User, treatment: Treatment) -> list[NextStep]:
    """Only for an open treatment without a plan, which is all that can be drafted for."""
    if not treatment.is_open or treatment.plans.all() or not can(user, Permission.TREAT, treatment.facility):
        return []
    found = len(problems_of(treatment))
    if not found:
        return []
    hint = ngettext("one problem found", "%(count)s problems found", found) % {"count": found}
    return [NextStep(_("Draft from the assessments"), reverse("assessments:draft_plan", args=[treatment.pk]), 10, hint)]
