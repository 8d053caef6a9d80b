"""What treatment plans put into the day's page and the client's page. Registered with the app's other panels."""

from django.urls import reverse
from django.utils.translation import gettext as _

from clients.models import Client, Episode, TreatmentPlan
from facilities.access import facility_ids
from rehab import panels
from rehab.models import User
from rehab.panels import NextStep, Stage, Tab, TimelineEntry
from rehab.roles import Permission


def _plans(user: User, client: Client) -> list[TreatmentPlan]:
    rows = TreatmentPlan.objects.visible_to(user).filter(treatment__client=client).order_by("-pk")
    return panels.fetched_once(client, "treatment plans", lambda: list(rows))


@panels.client_tabs.register(order=25)
def tab(user: User, client: Client) -> list[Tab]:
    reach = facility_ids(user, Permission.SEE_CLINICAL)
    if not any(row.facility_id in reach for row in client.treatments.all()):
        return []
    return [Tab("plan", _("Plan"), reverse("clients:plans", args=[client.code]))]


@panels.timeline.register(order=24)
def timeline(user: User, client: Client) -> list[TimelineEntry]:
    url = reverse("clients:plans", args=[client.code])
    return [
        TimelineEntry(
            on=row.agreed_on,
            kind="plan",
            kind_label=_("Plan"),
            title=_("Treatment plan agreed") if row.version == 1 else _("Revised treatment plan agreed"),
            text=row.reason,
            url=url,
            chip=row.get_status_display(),
            stage=Stage.PLANNED,
        )
        for row in _plans(user, client)
        if row.agreed_on
    ]


@panels.next_steps.register(order=31)
def steps(user: User, client: Client, episode: Episode | None) -> list[NextStep]:
    """Write the plan where there is none, or have a draft agreed."""
    if episode is None or not episode.is_open:
        return []
    reach = facility_ids(user, Permission.TREAT)
    held = [row for row in client.treatments.all() if row.episode_id == episode.pk and row.facility_id in reach]
    under = {row.pk for row in held if row.is_open}
    if not under:
        return []
    plans = [row for row in _plans(user, client) if row.treatment_id in under]
    url = reverse("clients:plans", args=[client.code])
    if not plans:
        return [NextStep(_("Write the treatment plan"), url, 55)]
    if any(row.is_draft for row in plans):
        return [NextStep(_("Finish the treatment plan"), url, 54)]
    return []
