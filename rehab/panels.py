"""What higher floors show on lower pages. Each app registers readers in its own `panels.py`; they read, never work.

Readers are called once for a whole page or list, never per row. Registries keep the order given, then that of registration.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from functools import cached_property
from typing import Any

from rehab.roles import Permission


@dataclass(frozen=True)
class MenuItem:
    """`active` are the URL namespaces that belong to the item."""

    label: Any
    url_name: str
    icon: str
    permissions: frozenset[Permission]
    order: int
    active: tuple[str, ...] = ()


class Stage(IntEnum):
    """Where on a client's way something belongs; on one day it orders what carries no hour."""

    REGISTERED = 1
    CONSENTED = 2
    ASSESSED = 3
    FACTS = 4
    PLANNED = 5
    STARTED = 6
    UNDER_WAY = 7
    ENDED = 8
    CLOSED = 9
    AFTERCARE = 10


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened, or is planned, in a client's way. `on` and `stage` sort; `kind` filters (`assessment`…)."""

    on: date | datetime
    kind: str
    kind_label: Any
    title: Any
    text: Any = ""
    url: str = ""
    chip: Any = ""
    tone: str = ""
    stage: Stage = Stage.UNDER_WAY


@dataclass(frozen=True)
class LaterEntry:
    """An entry that is told only when it is shown: of five hundred a page shows the last hundred. `tell` gives the whole of it."""

    on: date | datetime
    kind: str
    kind_label: Any
    tell: Callable[[], TimelineEntry]
    stage: Stage = Stage.UNDER_WAY

    @cached_property
    def _told(self) -> TimelineEntry:
        return self.tell()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._told, name)


@dataclass(frozen=True)
class TodayItem:
    """`group` is one of attention, today, due, drafts, missed.

    Where a `client` is given, an empty title becomes code and masked name, for the whole page at once. `act_label` is a
    button beside the item: a link to `act_url`, or with `act_posts` one tap that does it.
    """

    group: str
    title: Any
    detail: Any = ""
    url: str = ""
    when: date | datetime | None = None
    urgent: bool = False
    client: Any = None
    act_label: Any = ""
    act_url: str = ""
    act_posts: bool = False


@dataclass(frozen=True)
class Tab:
    key: str
    label: Any
    url: str
    count: int | None = None


@dataclass(frozen=True)
class NextStep:
    """A step that the client's way asks for now; the lowest order becomes the page's main button."""

    label: Any
    url: str
    order: int
    hint: Any = ""


@dataclass(frozen=True)
class Due:
    """What waits for a client next, and where it is looked at; the earliest stands in the head of the record."""

    on: date | datetime
    label: Any
    url: str = ""


@dataclass(frozen=True)
class Card:
    """A box on the client's page: a template of the app that registers it, which finds `content` under that name.

    `paper`: the same for a letter, as (heading, [(label, value)]) in words; called when a letter is made.
    """

    template: str
    content: Any
    paper: Callable[[], list[tuple[str, list[tuple[str, str]]]]] = list


@dataclass(frozen=True)
class Fact:
    label: Any
    value: Any
    url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class ListColumn:
    """A column that a floor above offers for the list of clients. `read(user, clients)` gives {client.pk: text, number or day}
    for a whole list in one query; `permissions` are those of which one is needed."""

    key: str
    label: Any
    read: Callable[[Any, list[Any]], Mapping[Any, Any]]
    permissions: frozenset[Permission]


@dataclass
class Registry:
    """Readers of one kind, called in order."""

    readers: list[tuple[int, Callable]] = field(default_factory=list)

    def register(self, *, order: int = 50) -> Callable[[Callable], Callable]:
        def keep(reader: Callable) -> Callable:
            self.readers.append((order, reader))
            self.readers.sort(key=lambda pair: pair[0])
            return reader

        return keep

    def collect(self, *args: Any) -> list:
        """All that the readers give for these arguments, in order."""
        return [entry for _, reader in self.readers for entry in reader(*args)]

    def merge(self, *args: Any) -> dict[Any, list]:
        """For readers that answer a whole list at once with {key: [facts]}: one dictionary of all of them."""
        merged: dict[Any, list] = {}
        for _, reader in self.readers:
            answer: Mapping[Any, Iterable] = reader(*args)
            for key, facts in answer.items():
                merged.setdefault(key, []).extend(facts)
        return merged


def fetched_once(client: Any, key: str, fetch: Callable[[], list]) -> list:
    """What several readers of one page need, fetched by the first of them: the page opens a `page_cache` on its client.

    Elsewhere (a list, a test) there is none, and everything is fetched anew.
    """
    kept = getattr(client, "page_cache", None)
    if kept is None:
        return fetch()
    if key not in kept:
        kept[key] = fetch()
    return kept[key]


timeline = Registry()  # (user, client) -> list[TimelineEntry | LaterEntry]
client_tabs = Registry()  # (user, client) -> list[Tab]
next_steps = Registry()  # (user, client, episode | None) -> list[NextStep]
client_facts = Registry()  # (user, clients) -> {client.pk: [Fact]}, for the list
plan_sources = Registry()  # (user, treatment) -> list[NextStep]: what a treatment plan may be drafted from
treatment_ends = Registry()  # (user, treatment) -> list[NextStep]: how a treatment may be ended
after_result = Registry()  # (user, client) -> list[NextStep]: where somebody was before an assessment
client_cards = Registry()  # (user, client) -> list[Card]
packet = Registry()  # (episode, facility, until) -> list[Card]: what goes along when the facility hands a client over
client_marks = (
    Registry()
)  # (user) -> list[(name, expression)]: what the query for one client brings along for the readers above
client_due = Registry()  # (user, client) -> list[Due]
client_heads = Registry()  # (ids of clients) -> {client.pk: [code, masked name]}
today = Registry()  # (user, on: date) -> list[TodayItem]
facility_facts = Registry()  # (user, facilities) -> {facility.pk: [Fact]}

_menu: list[MenuItem] = []
_columns: list[ListColumn] = []
_badges: dict[str, tuple[str, Permission]] = {}


def add_column(column: ListColumn) -> None:
    _columns.append(column)


def list_columns() -> tuple[ListColumn, ...]:
    """In the order of their floors."""
    return tuple(_columns)


def add_menu(*items: MenuItem) -> None:
    _menu.extend(items)
    _menu.sort(key=lambda item: item.order)


def add_badge(menu_item: str, url_name: str, permission: Permission) -> None:
    """A number beside a menu item (by its url name), for who holds the permission: a small page of its own that is fetched
    after the page, so that no page waits for it."""
    _badges[menu_item] = (url_name, permission)


def badge_of(menu_item: str, permissions: frozenset[Permission]) -> str:
    """The url name of the item's number, empty where there is none for this person."""
    url_name, permission = _badges.get(menu_item, ("", None))
    return url_name if permission in permissions else ""


def menu() -> tuple[MenuItem, ...]:
    return tuple(_menu)
