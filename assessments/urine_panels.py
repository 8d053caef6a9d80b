"""Where urine tests show themselves: the menu, the client's tabs and timeline.

Registered with the app's other panels (assessments/panels.py).
"""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import UrineStatus
from assessments.models.urine import UrineTest
from assessments.queries.urine import tests_of
from clients.models import Client
from facilities.access import can, facility_ids
from rehab import panels
from rehab.models import User
from rehab.panels import MenuItem, Tab, TimelineEntry
from rehab.roles import Permission

panels.add_menu(
    MenuItem(
        gettext_lazy("Urine tests"), "assessments:urine_list", "assessments", frozenset({Permission.TREAT}), 42,
        ("assessments:urine_list", "assessments:urine_draw", "assessments:urine_test"),
    )
)  # fmt: skip


@panels.client_tabs.register(order=35)
def tab(user: User, client: Client) -> list[Tab]:
    reach = facility_ids(user, Permission.SEE_CLINICAL)
    if not any(row.facility_id in reach for row in client.treatments.all()):
        return []
    return [Tab("urine", _("Tests"), reverse("assessments:urine_of_client", args=[client.code]))]


@panels.timeline.register(order=26)
def timeline(user: User, client: Client) -> list[TimelineEntry]:
    if not can(user, Permission.SEE_CLINICAL):
        return []
    rows = panels.fetched_once(client, "urine", lambda: list(tests_of(user, client)[:200]))
    return [_entry(row) for row in rows]


def _entry(row: UrineTest) -> TimelineEntry:
    if row.status != UrineStatus.READ:
        chip, tone = row.get_status_display(), ""
    elif row.positives:
        chip, tone = _("positive: %(strips)s") % {"strips": ", ".join(row.positives)}, "attention"
    else:
        chip, tone = _("negative"), "reached"
    return TimelineEntry(
        on=row.collected_at or row.wanted_on,
        kind="urine",
        kind_label=_("Urine test"),
        title=row.label,
        url=reverse("assessments:urine_test", args=[row.pk]),
        chip=chip,
        tone=tone,
    )
