"""What doses put into the day's page and the client's page, only where a facility gives them.

Registered with the app's other panels (clients/panels.py).
"""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients.enums import Medicine
from clients.models import Client
from clients.queries.doses import MISSED_DOSES, due
from facilities.access import can, facility_ids
from facilities.models import Facility
from rehab import panels, tunables
from rehab.models import User
from rehab.panels import Tab, TodayItem
from rehab.roles import Permission

tunables.declare(
    tunables.Tunable(
        key=MISSED_DOSES,
        title=gettext_lazy("Missed doses in a row after which a doctor sets the dose anew"),
        default=3,
        hint=gettext_lazy("Until then nobody can record a dose: the body is no longer used to it."),
        default_source=gettext_lazy("Working assumption, no published rule"),
        least=1,
        most=14,
    )
)


def _gives(facility: Facility | None) -> bool:
    return facility is not None and any(medicine in facility.services for medicine in Medicine)


@panels.client_tabs.register(order=36)
def tab(user: User, client: Client) -> list[Tab]:
    reach = facility_ids(user, Permission.SEE_CLINICAL)
    if not any(row.facility_id in reach and _gives(row.facility) for row in client.treatments.all()):
        return []
    return [Tab("doses", _("Doses"), reverse("clients:doses", args=[client.code]))]


@panels.today.register(order=18)
def doses_today(user: User, on: date) -> list[TodayItem]:
    """One line for all who still wait, one for those whom a doctor has to see first."""
    post = getattr(user, "active_post", None)
    if post is None or not _gives(post.facility) or not can(user, Permission.TREAT, post.facility):
        return []
    waiting = [row for row in due([post.facility_id], on) if not row.covered]
    if not waiting:
        return []
    text = ngettext("One dose to give today", "%(count)s doses to give today", len(waiting)) % {"count": len(waiting)}
    longest = max(row.missed for row in waiting)
    missed = ngettext("one day missed", "up to %(count)s days missed", longest) % {"count": longest} if longest else ""
    return [TodayItem("today", text, missed, reverse("clients:doses_today"), urgent=longest > 1)]
