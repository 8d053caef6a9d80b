"""What documents and mandatory-report cards put into the client's page. Registered with the app's other panels."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.enums import Admission, ConsentState, EpisodeStatus
from clients.models import Client, Consent, Episode
from clients.models.consent import ENDING_SOON
from clients.queries.cards import PERIODS
from clients.queries.documents import MEGABYTES, handed_along, papers
from clients.queries.page import seen_episodes
from facilities.access import facility_ids
from facilities.models import Facility
from rehab import panels, tunables, worklists
from rehab.models import User
from rehab.panels import Card, NextStep, Tab
from rehab.roles import Permission
from rehab.worklists import Day, Worklist

tunables.declare(
    tunables.Tunable(
        key=MEGABYTES,
        title=gettext_lazy("Largest document in MB"),
        default=10,
        hint=gettext_lazy("A page scanned in colour takes about 1 MB."),
        default_source=gettext_lazy("Working assumption, no published rule"),
        least=1,
        most=50,
    ),
    tunables.Tunable(
        key=PERIODS,
        title=gettext_lazy("Treatment periods for which a card of mandatory report is good"),
        default=2,
        hint=gettext_lazy("At the last one Titian warns; it never refuses."),
        default_source=gettext_lazy("PP 25/2011 on mandatory reports"),
        least=1,
        most=10,
    ),
)


@panels.client_tabs.register(order=60)
def tabs(user: User, client: Client) -> list[Tab]:
    """Without a number: counting documents would cost each page of the record a query."""
    reach = facility_ids(user, Permission.REGISTER)
    episodes = seen_episodes(user, client)
    here = [row for row in episodes if row.responsible_facility_id in reach]
    if not here and not any(row.facility_id in reach for row in client.treatments.all()):
        return []
    found = [Tab("documents", _("Documents"), reverse("clients:documents", args=[client.code]))]
    if any(row.admission == Admission.MANDATORY_REPORT for row in episodes) or getattr(client, "has_card", False):
        found.append(Tab("card", _("Report card"), reverse("clients:card", args=[client.code])))
    return found


@panels.next_steps.register(order=33)
def steps(user: User, client: Client, episode: Episode | None) -> list[NextStep]:
    """Who came by mandatory report leaves with a card."""
    if episode is None or not episode.is_open or episode.admission != Admission.MANDATORY_REPORT:
        return []
    if getattr(client, "has_card", True) or episode.responsible_facility_id not in facility_ids(
        user, Permission.REGISTER
    ):
        return []
    return [NextStep(_("Issue the report card"), reverse("clients:card", args=[client.code]), 65)]


@panels.next_steps.register(order=34)
def consent_ends(user: User, client: Client, episode: Episode | None) -> list[NextStep]:
    """Before the consent of an open episode runs out; reads what `queries.page.with_way` fetched."""
    reach = facility_ids(user, Permission.REGISTER)
    if episode is None or not episode.is_open or episode.responsible_facility_id not in reach:
        return []
    ending = [one for one in client.consents.all() if one.facility_id in reach and one.state == ConsentState.ENDS_SOON]
    url = reverse("clients:consent", args=[client.code])
    return [NextStep(_("Renew the consent"), f"{url}?perpanjang={one.pk}#new-consent", 70) for one in ending[:1]]


def _consents_ending(day: Day) -> QuerySet | None:
    """Of open episodes of the facilities at which the person registers."""
    here = facility_ids(day.user, Permission.REGISTER)
    open_here = Episode.objects.exclude(status=EpisodeStatus.CLOSED).filter(
        client=OuterRef("client"), responsible_facility=OuterRef("facility")
    )
    rows = Consent.objects.filter(
        Exists(open_here), facility__in=here, revoked_at=None, ends_on__gt=day.on, ends_on__lte=day.on + ENDING_SOON
    )
    return rows if here else None


worklists.register(
    Worklist(
        "persetujuan-berakhir", "due", gettext_lazy("Consents that end soon"), _consents_ending, "ends_on",
        lambda found: f"{reverse('clients:consent', args=[found.code])}?perpanjang={found.pk}#new-consent",
        client="client", late_after=None,
    ),
    order=75,
)  # fmt: skip


@panels.packet.register(order=30)
def medical_papers(episode: Episode, sender: Facility, until: datetime) -> list[Card]:
    rows = list(handed_along(episode, sender, until))
    return [Card("clients/_packet_documents.html", papers(rows[0].client, rows))] if rows else []
