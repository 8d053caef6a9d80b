"""Where safety alerts show themselves: the menu, the head and the tabs of the client, the timeline.

Registered with the app's other panels (assessments/panels.py).
"""

from django.urls import reverse
from django.utils.translation import gettext

from assessments.held import held
from assessments.models import SafetyAlert
from assessments.queries import alert_title
from clients.models import Client, Episode
from facilities.access import facility_ids
from rehab import panels
from rehab.models import User
from rehab.panels import NextStep, Tab, TimelineEntry
from rehab.roles import Permission

panels.add_badge("today", "assessments:alert_count", Permission.SEE_CLINICAL)


@panels.next_steps.register(order=1)
def next_steps(user: User, client: Client, episode: Episode | None) -> list[NextStep]:
    """An open alert comes before every other step, whether or not the episode is still open."""
    waiting = [row for row in _of(user, client) if row.is_open]
    if not waiting:
        return []
    label = gettext("Answer the safety alert: %(what)s") % {"what": alert_title(waiting[0])}
    return [NextStep(label, reverse("assessments:alert", args=[waiting[0].pk]), 1)]


@panels.client_tabs.register(order=22)
def tab(user: User, client: Client) -> list[Tab]:
    rows = _of(user, client)
    if not rows:
        return []
    url = reverse("assessments:client_alerts", args=[client.code])
    return [Tab("alerts", gettext("Safety alerts"), url, sum(row.is_open for row in rows))]


@panels.timeline.register(order=22)
def timeline(user: User, client: Client) -> list[TimelineEntry]:
    """Only what was done; that it was raised stands at the assessment."""
    return [
        TimelineEntry(
            row.answered_at,
            "assessment",
            gettext("Assessment"),
            gettext("Safety alert answered: %(what)s") % {"what": alert_title(row)},
            text=row.get_measure_display(),
            url=reverse("assessments:alert", args=[row.pk]),
        )
        for row in _of(user, client)
        if row.answered_at
    ]


def _of(user: User, client: Client) -> list[SafetyAlert]:
    """Those of the client that the person may see, fetched once for the page, and only where an answer ever raised one."""
    if not facility_ids(user, Permission.SEE_CLINICAL) or not any(row.alerts for row in held(client)):
        return []
    rows = SafetyAlert.objects.visible_to(user).filter(client=client).select_related("assessment")
    return panels.fetched_once(client, "safety_alerts", lambda: list(rows))
