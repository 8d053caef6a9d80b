"""What the page of one client shows."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone

from clients.enums import EpisodeStatus
from clients.models import Client, Consent, Episode, Treatment
from clients.queries.listing import TONES, Face, face_of
from facilities.access import facility_ids
from rehab import panels
from rehab.models import AuditEvent, User
from rehab.roles import Permission


@dataclass(frozen=True)
class ClientPage:
    """`episode` is the open one, else the last that the person may see."""

    client: Client
    face: Face
    episode: Episode | None
    tone: str
    treatments: list[Treatment]
    consent: Consent | None
    steps: list[panels.NextStep]
    tabs: list[panels.Tab]
    due: panels.Due | None
    cards: list[panels.Card]
    entries: list[panels.TimelineEntry]

    @property
    def may_close(self) -> bool:
        """An open episode in which no treatment is: whoever treats may close it by hand."""
        return bool(self.episode and self.episode.is_open and not any(row.is_open for row in self.treatments))


def with_way(client: Client) -> Client:
    """The client with all episodes, treatments, phases and consents at hand: four queries, none for whoever reads after."""
    prefetch_related_objects(
        [client],
        Prefetch("episodes", Episode.objects.select_related("responsible_facility__region")),
        Prefetch("treatments", Treatment.objects.select_related("facility")),
        "treatments__phases",
        "consents",
    )
    return client


def seen_episodes(user: User, client: Client, permission: Permission = Permission.SEE_CLIENTS) -> list[Episode]:
    """Newest first. A client known here may have been elsewhere too; what happened there is not ours to show.

    Costs nothing after `with_way`.
    """
    reach = facility_ids(user, permission)
    treated = {row.episode_id for row in client.treatments.all() if row.facility_id in reach}
    return [
        episode
        for episode in client.episodes.all()
        if episode.responsible_facility_id in reach or episode.pk in treated
    ]


def client_page(user: User, client: Client, *, timeline: bool = True) -> ClientPage:
    """Without `timeline` what the other tabs of the record need: the head, its steps and the tabs."""
    with_way(client)
    client.page_cache = {}
    episodes = seen_episodes(user, client)
    episode = episodes[0] if episodes else None
    entries = sorted(panels.timeline.collect(user, client), key=_moment) if timeline else []
    entries.reverse()  # of one day too, what came last stands first
    today, reach = timezone.localdate(), facility_ids(user, Permission.SEE_CLIENTS)
    consents = [one for one in client.consents.all() if one.facility_id in reach]
    return ClientPage(
        client=client,
        face=face_of(client, client.identity),
        episode=episode,
        tone=TONES[EpisodeStatus(episode.status)] if episode else "",
        treatments=[row for row in client.treatments.all() if episode and row.episode_id == episode.pk],
        consent=next((one for one in consents if one.holds_on(today)), consents[0] if consents else None),
        steps=sorted(panels.next_steps.collect(user, client, episode), key=lambda step: step.order),
        tabs=panels.client_tabs.collect(user, client),
        due=min(panels.client_due.collect(user, client), key=lambda due: due.on.isoformat(), default=None),
        cards=panels.client_cards.collect(user, client) if timeline else [],
        entries=entries,
    )


def looks(client: Client) -> QuerySet[AuditEvent]:
    """Everything that was done with this client's record, looks included."""
    return AuditEvent.objects.filter(client_code=client.code)


def _moment(entry: panels.TimelineEntry) -> tuple[str, panels.Stage, str]:
    written = entry.on.isoformat()
    return written[:10], entry.stage, written
