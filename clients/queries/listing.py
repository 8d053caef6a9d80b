"""The list of clients: one row for each, everything for a whole page in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.enums import EpisodeStatus
from clients.models import Client, Episode, Identity, Treatment
from clients.queries.identities import opened_fields
from clients.queries.way import age_on, latest_episodes
from facilities.models import Facility
from rehab import panels
from rehab.identity.masking import masked_name
from rehab.labels import label
from rehab.models import User

OPEN = "open"
TONES = {
    EpisodeStatus.REGISTERED: "attention",
    EpisodeStatus.ASSESSED: "attention",
    EpisodeStatus.PLANNED: "action",
    EpisodeStatus.IN_TREATMENT: "action",
    EpisodeStatus.CLOSED: "",
}


_CHIPS = {status: f"chip chip-{tone}" if tone else "chip" for status, tone in TONES.items()}


@dataclass(frozen=True)
class Face:
    """What a list may show of an identity."""

    name: str
    age: int | None


@dataclass(frozen=True)
class Row:
    """Everything as it is shown. `about`: sex and age; `chip`: how the status is drawn; `place`: the responsible facility,
    named where it is not the reader's own."""

    code: str
    url: str
    name: str
    about: str
    status: str
    chip: str
    place: str
    last_label: str
    last_on: date | None
    facts: list[panels.Fact]


def found(user: User, *, status: str = "", admission: str = "", facility: Facility | None = None) -> QuerySet[Client]:
    """Clients of the person's scope, filtered by their episodes there. Closed means that none is open any more."""
    clients = Client.objects.visible_to(user)
    if not (status or admission or facility):
        return clients
    episodes = Episode.objects.visible_to(user).filter(client=OuterRef("pk"))
    wanted = episodes
    if admission:
        wanted = wanted.filter(admission=admission)
    if facility:
        wanted = wanted.filter(responsible_facility=facility)
    if status == OPEN:
        wanted = wanted.open()
    elif status:
        wanted = wanted.filter(status=status)
    clients = clients.filter(Exists(wanted))
    return clients.exclude(Exists(episodes.open())) if status == EpisodeStatus.CLOSED else clients


def whole() -> QuerySet[Client]:
    """Clients as `rows` needs them: together with the two fields of their identity that are opened."""
    shown = ("code", "sex", "birth_year", "data_key", "identity__name", "identity__birth_date")
    return Client.objects.select_related("identity").only(*shown)


def rows(user: User, clients: list[Client]) -> list[Row]:
    """`clients` were read with their identity. Two queries of our own, and those of the readers that higher floors registered."""
    episodes = latest_episodes(user, clients)
    held = list(_held(episodes.values()))
    last, planned = _last_steps(episodes.values(), held), _planned(held)
    facts = panels.client_facts.merge(user, clients)
    own = getattr(getattr(user, "active_post", None), "facility_id", None)
    # One look-up for all of them; a code stands in an address as it is.
    before, _place, after = reverse("clients:client", args=["_"]).rpartition("_")
    found = []
    for client in clients:
        episode, identity = episodes.get(client.pk), getattr(client, "identity", None)
        face = face_of(client, identity) if identity else Face("", None)
        away = episode is not None and episode.responsible_facility_id != own
        found.append(
            Row(
                client.code,
                f"{before}{client.code}{after}",
                face.name,
                f"{label(client, 'sex')}{'' if face.age is None else f', {face.age}'}",
                label(episode, "status"),
                _CHIPS[episode.status] if episode else "",
                episode.responsible_facility.name if away else "",
                *last.get(client.pk, ("", None)),
                planned.get(client.pk, []) + facts.get(client.pk, []),
            )
        )
    return found


def _held(episodes: Iterable[Episode]) -> QuerySet[Treatment, Any]:
    """Of the treatments of these episodes the client and the dates."""
    rows = Treatment.objects.filter(episode__in=[episode.pk for episode in episodes]).order_by()
    return rows.values_list("client_id", "planned_on", "started_on", "ended_on", named=True)


def face_of(client: Client, identity: Identity) -> Face:
    name, born = opened_fields(client, identity, "name", "birth_date")
    birth_date = date.fromisoformat(born) if born else None
    return Face(masked_name(name), age_on(timezone.localdate(), birth_date, client.birth_year))


def _last_steps(episodes: Iterable[Episode], held: list[Any]) -> dict[int, tuple[str, date]]:
    """{client.pk: (what happened last, when)} within these episodes."""
    steps: dict[int, list[tuple[date, int, str]]] = {}
    for episode in episodes:
        of = steps.setdefault(episode.client_id, [(episode.opened_on, 0, _("registered"))])
        if episode.assessed_on:
            of.append((episode.assessed_on, 1, _("assessed")))
        if episode.closed_on:
            of.append((episode.closed_on, 5, _("closed")))
    for treatment in held:
        if treatment.started_on:
            steps[treatment.client_id].append((treatment.started_on, 3, _("treatment started")))
        if treatment.ended_on:
            steps[treatment.client_id].append((treatment.ended_on, 4, _("treatment ended")))
    latest = {client: max(of, key=lambda step: step[:2]) for client, of in steps.items()}
    return {client: (label, on) for client, (on, _rank, label) in latest.items()}


def _planned(held: list[Any]) -> dict[int, list[panels.Fact]]:
    """What a plan that has not started says is next."""
    waiting = [row for row in held if row.started_on is None]
    return {row.client_id: [panels.Fact(_("start planned"), f"{row.planned_on:%d-%m-%Y}")] for row in waiting}
