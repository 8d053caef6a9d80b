"""The list of clients: one row for each, everything for a whole page in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from clients.enums import EpisodeStatus
from clients.models import Client, Identity
from clients.queries import columns as listed
from clients.queries.columns import Column, Known
from clients.queries.identities import opened_fields
from clients.queries.way import age_on
from rehab import panels
from rehab.identity.masking import masked_name
from rehab.models import User

TONES = {
    EpisodeStatus.REGISTERED: "attention",
    EpisodeStatus.ASSESSED: "attention",
    EpisodeStatus.PLANNED: "action",
    EpisodeStatus.IN_TREATMENT: "action",
    EpisodeStatus.CLOSED: "",
}


LONG = 24
# Columns whose words are understood without a label.
_SPEAKING = {"about", "status", "facility", "setting"}
_CHIPS = {status: f"chip chip-{tone}" if tone else "chip" for status, tone in TONES.items()}


@dataclass(frozen=True)
class Face:
    """What a list may show of an identity."""

    name: str
    age: int | None


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands under a column. `chip`: how a status is drawn; `beside`: a quieter word after it; `facts`: what is
    next; `plain`: says little without its label, which a card on a phone shows; `wide`: asks for room."""

    label: Any
    text: str
    chip: str = ""
    beside: str = ""
    plain: bool = False
    wide: bool = False
    facts: list[panels.Fact] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Everything as it is shown. `place`: the responsible facility, named where it is not the reader's own."""

    code: str
    url: str
    name: str
    place: str
    cells: list[Cell]


def whole() -> QuerySet[Client]:
    """Clients as `rows` needs them: together with the two fields of their identity that are opened."""
    shown = ("code", "sex", "birth_year", "data_key", "identity__name", "identity__birth_date")
    return Client.objects.select_related("identity").only(*shown)


def rows(user: User, clients: list[Client], columns: Iterable[Column] = ()) -> list[Row]:
    """`clients` were read with their identity. The queries are those of `columns.known`."""
    columns = list(columns) or listed.chosen(user, ())
    own = getattr(getattr(user, "active_post", None), "facility_id", None)
    # One look-up for all of them; a code stands in an address as it is.
    before, _place, after = reverse("clients:client", args=["_"]).rpartition("_")
    found = []
    for known in listed.known(user, clients, columns):
        client, episode = known.client, known.way.episode if known.way else None
        identity = getattr(client, "identity", None)
        face = face_of(client, identity) if identity else Face("", None)
        known.age = face.age
        away = episode if episode is not None and episode.responsible_facility_id != own else None
        place = away.responsible_facility__name if away is not None else ""
        cells = [_cell(column, known, place, own) for column in columns]
        found.append(Row(client.code, f"{before}{client.code}{after}", face.name, place, cells))
    return found


def _cell(column: Column, known: Known, place: str, own: int | None) -> Cell:
    if column.key == "next":
        return Cell(column.label, "", facts=known.facts)
    if column.key == "last":
        words, on = known.last
        return Cell(column.label, words, beside=listed.told(on))
    value = column.read(known)
    text = listed.told(value)
    if column.key == "status" and known.way:
        return Cell(column.label, text, _CHIPS[known.way.episode.status], place if own else "")
    return Cell(column.label, text, plain=column.key not in _SPEAKING, wide=len(text) > LONG)


def face_of(client: Client, identity: Identity) -> Face:
    name, born = opened_fields(client, identity, "name", "birth_date")
    birth_date = date.fromisoformat(born) if born else None
    return Face(masked_name(name), age_on(timezone.localdate(), birth_date, client.birth_year))
