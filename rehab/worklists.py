"""What waits for a person, by kind. Each app registers its kinds in its panels; Hari ini reads the first of all of them in one
statement, and each kind has a page where all of it is listed.

A kind says only which rows wait, by which day, and in which words: whoever treats three hundred clients asks no more
statements than whoever treats one.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, partial
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BigIntegerField, Count, F, IntegerField, JSONField, QuerySet, Value, Window
from django.db.models.functions import JSONArray
from django.urls import reverse

from rehab import panels, prepared, tunables
from rehab.models import User
from rehab.panels import TodayItem

# Annotations of every kind's rows; the names begin alike, so that no model's field is in their way.
DUE, CLIENT, TOLD = "wl_due", "wl_client", "wl_told"


@dataclass(frozen=True)
class Day:
    """Whose day it is, and which."""

    user: User
    on: date

    @cached_property
    def settings(self) -> dict[str, Any]:
        """All tunables in force: one query for the whole page."""
        return tunables.in_force(self.user)


@dataclass(frozen=True)
class Found:
    """One thing that waits. `told` are the values of the kind's columns, as JSON gives them; `code` and `name` are the
    client's, empty where there is none."""

    pk: int
    due: date
    told: list[Any]
    client: int | None = None
    code: str = ""
    name: str = ""


@dataclass(frozen=True)
class Worklist:
    """One kind of what waits.

    `rows` gives the queryset, or None for whom it does not concern: by the day's person, date and settings alone; `due` is a date column of it (or an annotation), `client`
    the path of a client's id, `told` columns that words and link need. `title` stands over the entries and on the page where
    all are listed; `page` is the address of another page that lists them already. `line` makes one line of all of them.
    """

    key: str
    group: str
    title: Any
    rows: Callable[[Day], QuerySet | None]
    due: str
    url: Callable[[Found], str]
    detail: Callable[[Found, Day], Any] = lambda found, day: ""
    client: str = ""
    told: tuple[str, ...] = ()
    name: Callable[[Found], Any] = lambda found: " · ".join(part for part in (found.code, found.name) if part)
    late_after: int | None = 0  # days after `due` from which one is overdue; None: there is no too late
    pressing: bool = False  # each of them is urgent, however new
    shown: int = 3
    headed: bool = True
    leads: bool = False  # stands before all else in its group
    latest_first: bool = False
    page: Callable[[Day], str] | None = None
    line: Callable[[int], str] | None = None

    def of(self, day: Day) -> QuerySet | None:
        """All of the kind that wait, with the columns in which every kind is read; the caller orders them."""
        rows = self.rows(day)
        if rows is None:
            return None
        client = F(self.client) if self.client else Value(None, output_field=BigIntegerField())
        told = JSONArray(*self.told) if self.told else Value([], output_field=JSONField())
        return rows.order_by().annotate(**{DUE: F(self.due), CLIENT: client, TOLD: told})

    @property
    def order(self) -> tuple[str, str]:
        return (f"-{DUE}", "-pk") if self.latest_first else (DUE, "pk")

    def item(self, found: Found, day: Day) -> TodayItem:
        return TodayItem(
            self.group,
            self.name(found),
            self.detail(found, day),
            self.url(found),
            found.due,
            self.is_urgent(found, day),
        )

    def late_before(self, day: Day) -> date | None:
        return None if self.late_after is None else day.on - timedelta(days=self.late_after)

    def is_urgent(self, found: Found, day: Day) -> bool:
        before = self.late_before(day)
        return self.pressing or (before is not None and found.due < before)

    def address(self, day: Day) -> str:
        """Where all of them are listed."""
        return self.page(day) if self.page else reverse("worklist", args=[self.key])


@dataclass(frozen=True)
class Block:
    """What Hari ini shows of one kind: the first few, and how many there are in all. `more` leads to the others."""

    worklist: Worklist
    items: list[TodayItem]
    total: int
    more: str

    @property
    def is_line(self) -> bool:
        return self.worklist.line is not None

    @property
    def left(self) -> int:
        return 0 if self.is_line else self.total - len(self.items)


_kinds: dict[str, tuple[int, Worklist]] = {}


def register(worklist: Worklist, *, order: int = 50) -> Worklist:
    _kinds[worklist.key] = (order, worklist)
    return worklist


def all_kinds() -> list[Worklist]:
    return [kind for _, kind in sorted(_kinds.values(), key=lambda pair: pair[0])]


def get(key: str) -> Worklist | None:
    return _kinds[key][1] if key in _kinds else None


def first(day: Day, kinds: Iterable[Worklist] | None = None) -> list[tuple[Worklist, list[Found], int]]:
    """Of each kind that waits its first entries and how many there are, in the kinds' order. One statement for all of them;
    the clients are not named yet."""
    asked = list(all_kinds() if kinds is None else kinds)
    statement = _statement(day, asked)
    if statement is None:
        return []
    found: dict[int, tuple[list[Found], int]] = {}
    for number, pk, due, client, told, total in statement():
        found.setdefault(number, ([], total))[0].append(Found(pk, due, json.loads(told), client))
    return [(asked[number], *found[number]) for number in sorted(found)]


Asking = Callable[[], list[tuple[Any, ...]]]
# Wording a score of querysets takes longer than the database does with them. At a facility they are the same all day.
_words: OrderedDict[tuple[Any, ...], Asking | None] = OrderedDict()
_WORDS_KEPT = 128


def _statement(day: Day, asked: list[Worklist]) -> Asking | None:
    """Made once for a person at a facility, a day, and the settings in force: all that a kind's rows may depend on. The reach
    of a post at a unit changes with the units below it, so that is worded each time."""
    post = getattr(day.user, "active_post", None)
    if post is None or post.facility_id is None:
        return _asking(_worded(day, asked), often=False)
    told = tuple((name, str(value)) for name, value in sorted(day.settings.items()))
    key = (day.user.pk, post.pk, post.role, post.facility_id, day.on, told, tuple(kind.key for kind in asked))
    if key not in _words:
        _words[key] = _asking(_worded(day, asked), often=prepared.is_possible())
        if len(_words) > _WORDS_KEPT:
            _words.popitem(last=False)
    return _words[key]


def _asking(worded: tuple[str, tuple[Any, ...]] | None, *, often: bool) -> Asking | None:
    """What runs the statement; with `often` the database keeps its plan, which takes it longer than the work."""
    if worded is None:
        return None
    return prepared.Read(*worded, "worklists").rows if often else partial(prepared.plain, *worded)


def _worded(day: Day, asked: list[Worklist]) -> tuple[str, tuple[Any, ...]] | None:
    arms = [arm for number, kind in enumerate(asked) if (arm := _arm(number, kind, day)) is not None]
    if not arms:
        return None
    rows = arms[0].union(*arms[1:], all=True) if len(arms) > 1 else arms[0]
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None


def _arm(number: int, kind: Worklist, day: Day) -> QuerySet | None:
    rows = kind.of(day)
    if rows is None:
        return None
    rows = rows.annotate(wl_kind=Value(number, output_field=IntegerField()), wl_total=Window(Count("*")))
    return rows.order_by(*kind.order).values_list("wl_kind", "pk", DUE, CLIENT, TOLD, "wl_total")[: kind.shown]


def blocks(
    day: Day, found: Iterable[tuple[Worklist, list[Found], int]], heads: dict[int, list[str]]
) -> Iterator[Block]:
    """`heads`: code and masked name of each client."""
    for kind, rows, total in found:
        address = kind.address(day)
        named = [named_with(row, heads) for row in rows]
        if kind.line is not None:
            item = TodayItem(
                kind.group,
                kind.line(total),
                kind.detail(named[0], day),
                address,
                named[0].due,
                kind.is_urgent(named[0], day),
            )
            yield Block(kind, [item], total, address)
        else:
            yield Block(kind, [kind.item(row, day) for row in named], total, address)


def named_with(found: Found, heads: dict[int, list[str]]) -> Found:
    code, name = heads.get(found.client, ("", "")) if found.client else ("", "")
    return Found(found.pk, found.due, found.told, found.client, code, name)


def found_of(rows: Iterable[Any]) -> list[Found]:
    """Rows of `Worklist.of`, read as they are, with their clients named. One query."""
    bare = [Found(row.pk, getattr(row, DUE), getattr(row, TOLD), getattr(row, CLIENT)) for row in rows]
    heads = panels.client_heads.merge({each.client for each in bare if each.client})
    return [named_with(each, heads) for each in bare]


def told(user: User, on: date, *keys: str) -> list[Block]:
    """What waits for the person of these kinds, named."""
    day = Day(user, on)
    found = first(day, [kind for kind in all_kinds() if kind.key in keys])
    heads = panels.client_heads.merge({each.client for _, rows, _ in found for each in rows if each.client})
    return list(blocks(day, found, heads))
