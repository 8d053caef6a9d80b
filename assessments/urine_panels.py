"""Where urine tests show themselves: the menu, the day's page, the client's tabs and timeline.

Registered with the app's other panels (assessments/panels.py).
"""

from datetime import date

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.enums import UrineStatus
from assessments.models.urine import UrineTest
from assessments.queries.urine import UNDER_WAY, tests_of
from clients.models import Client
from facilities.access import can, facility_ids
from rehab import panels
from rehab.models import User
from rehab.panels import MenuItem, Tab, TimelineEntry, TodayItem
from rehab.roles import Permission

panels.add_menu(
    MenuItem(
        gettext_lazy("Urine tests"), "assessments:urine_list", "assessments", frozenset({Permission.TREAT}), 42,
        ("assessments:urine",),
    )
)  # fmt: skip


@panels.today.register(order=35)
def cups(user: User, on: date) -> list[TodayItem]:
    """How many cups are to be collected and how many to be read, a line each."""
    if not can(user, Permission.TREAT):
        return []
    found = UrineTest.objects.visible_to(user, Permission.TREAT).filter(status__in=UNDER_WAY).aggregate(
        collect=Count("pk", filter=Q(status=UrineStatus.WANTED)),
        read=Count("pk", filter=Q(status=UrineStatus.COLLECTED)),
        collect_since=Min("wanted_on", filter=Q(status=UrineStatus.WANTED)),
        read_since=Min("wanted_on", filter=Q(status=UrineStatus.COLLECTED)),
    )  # fmt: skip
    url = reverse("assessments:urine_list")
    items = []
    if found["collect"]:
        text = ngettext("One urine test to collect", "%(count)s urine tests to collect", found["collect"])
        late = found["collect_since"] < on
        items.append(TodayItem("due", text % {"count": found["collect"]}, "", url, found["collect_since"], urgent=late))
    if found["read"]:
        text = ngettext("One urine test to read", "%(count)s urine tests to read", found["read"])
        late = found["read_since"] < on
        items.append(TodayItem("due", text % {"count": found["read"]}, "", url, found["read_since"], urgent=late))
    return items


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
