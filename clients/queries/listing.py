"""The list of clients: one row for each, everything for a whole page in a fixed number of queries."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

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


class Cell(NamedTuple):
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
    makers = [_maker(column) for column in columns]
    for known in listed.known(user, clients, columns):
        client, episode = known.client, known.way.episode if known.way else None
        identity = getattr(client, "identity", None)
        face = face_of(client, identity, known.shared.today) if identity else Face("", None)
        known.age = face.age
        away = episode if episode is not None and episode.responsible_facility_id != own else None
        place = away.responsible_facility__name if away is not None else ""
        cells = [make(known, place if own else "") for make in makers]
        found.append(Row(client.code, f"{before}{client.code}{after}", face.name, place, cells))
    return found


def _maker(column: Column) -> Callable[[Known, str], Cell]:
    """What makes the cells of a column, its words looked up once; the place stands beside a status."""
    label, read = str(column.label), column.reader()
    plain = column.key not in _SPEAKING

    def said(known: Known, place: str) -> Cell:
        text = listed.told(read(known))
        return Cell(label, text, plain=plain, wide=len(text) > LONG)

    def status(known: Known, place: str) -> Cell:
        if known.way is None:
            return said(known, place)
        return Cell(label, listed.told(read(known)), _CHIPS[known.way.episode.status], place)

    def last(known: Known, place: str) -> Cell:
        words, on = known.last
        return Cell(label, words, beside=listed.told(on))

    def ahead(known: Known, place: str) -> Cell:
        return Cell(label, "", facts=known.facts)

    return {"status": status, "last": last, "next": ahead}.get(column.key, said)


def face_of(client: Client, identity: Identity, on: date | None = None) -> Face:
    """`on`: today, where a list has it at hand."""
    name, born = opened_fields(client, identity, "name", "birth_date")
    birth_date = date.fromisoformat(born) if born else None
    return Face(masked_name(name), age_on(on or timezone.localdate(), birth_date, client.birth_year))
