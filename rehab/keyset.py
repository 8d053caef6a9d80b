"""Pages by key: a page far down costs what the first one costs, and rows that come or go do not shift it.

The address carries the id of a row (`after` or `before`), never its contents.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from rehab.http import Request

SIZE = 50
COUNTED = 1000


@dataclass(frozen=True)
class Page:
    """`rows` in the list's order; the addresses are empty where there is no further page."""

    rows: list[Any]
    previous_url: str
    next_url: str


@dataclass(frozen=True)
class Count:
    """How many there are, honestly: beyond a thousand only that."""

    number: int
    more: bool


@dataclass(frozen=True)
class _Asked:
    """The rows from the one on that the address names (`named`), in the order in which they are read."""

    rows: QuerySet
    order: list[str]
    back: bool
    named: bool


def count(rows: QuerySet) -> Count:
    found = rows.order_by().values("pk")[: COUNTED + 1].count()
    return Count(min(found, COUNTED), found > COUNTED)


def page(request: Request, rows: QuerySet, *keys: str, size: int = SIZE, whole: QuerySet | None = None) -> Page:
    """The page of `rows` that the address asks for. `keys` are never-null columns, `-` for descending; the last is unique.

    Two queries, one on the first page. A row that is gone or not for this person, or nonsense, gives the first page.
    Where `rows` says which and no more, `whole` says with what the few of the page are read (joins, columns).
    """
    asked = _asked(request, rows, keys)
    shown = asked.rows[: size + 1]
    if whole is not None:
        shown = whole.filter(pk__in=asked.rows.values("pk")[: size + 1]).order_by(*asked.order)
    return _page(request, asked, list(shown), size)


def gathered_page(request: Request, sources: list[QuerySet], order: str, *, whole: QuerySet, size: int = SIZE) -> Page:
    """As `page`, of rows that several sources lead to: querysets with `key`, the id of a row of `whole`, any number of times.

    Each is read in the order of the keys (`order` is pk, or -pk for the highest first) until it has given a page.
    """
    back = "before" in request.GET
    text = request.GET.get("before" if back else "after", "")
    anchor = int(text) if _is_key(text) and any(part.filter(key=int(text)).exists() for part in sources) else None
    back = back and anchor is not None
    order = _turned(order) if back else order
    if anchor is not None:
        beyond = {"key__lt" if order.startswith("-") else "key__gt": anchor}
        sources = [part.filter(**beyond) for part in sources]
    by_key = order.replace("pk", "key")
    parts = [part.order_by(by_key).values("key").distinct()[: size + 1] for part in sources]
    keys = parts[0].union(*parts[1:]) if parts[1:] else parts[0]
    rows = whole.filter(pk__in=keys).order_by(order)[: size + 1]
    return _page(request, _Asked(whole, [order], back, anchor is not None), list(rows), size)


def gathered_count(sources: list[QuerySet], most: int) -> Count:
    """How many rows the sources of a `gathered_page` lead to, counted up to `most`; none is read further than that."""
    parts = [part.order_by("-key").values("key").distinct()[: most + 1] for part in sources]
    found = (parts[0].union(*parts[1:]) if parts[1:] else parts[0]).count()
    return Count(min(found, most), found > most)


def counted_page(request: Request, rows: QuerySet, *keys: str, whole: QuerySet, size: int = SIZE) -> tuple[Page, Count]:
    """As `page`, and how many there are. `rows` says which, `whole` with what the few of the page are read (joins, columns).

    Two queries on the first page: whose rows they are is looked up once, for the count and the page together.
    """
    asked = _asked(request, rows, keys)
    keys_of = asked.rows.values("pk")
    if asked.named:
        shown = whole.filter(pk__in=keys_of[: size + 1]).order_by(*asked.order)
        return _page(request, asked, list(shown), size), count(rows)
    found = list(keys_of.values_list("pk", flat=True)[: COUNTED + 1])
    by_key = whole.in_bulk(found[: size + 1])
    got = [by_key[key] for key in found[: size + 1] if key in by_key]
    return _page(request, asked, got, size), Count(min(len(found), COUNTED), len(found) > COUNTED)


def _asked(request: Request, rows: QuerySet, keys: tuple[str, ...]) -> _Asked:
    back = "before" in request.GET
    anchor = _anchor(rows, request.GET.get("before" if back else "after", ""), keys)
    back = back and anchor is not None
    order = [_turned(key) for key in keys] if back else list(keys)
    found = rows.order_by(*order)
    return _Asked(found if anchor is None else found.filter(_beyond(order, anchor)), order, back, anchor is not None)


def _page(request: Request, asked: _Asked, got: list[Any], size: int) -> Page:
    """`got` is in the order of `asked`, with one row more where there is a further page."""
    further, got = len(got) > size, got[:size]
    if asked.back:
        got.reverse()
    before = further if asked.back else asked.named and bool(got)
    after = bool(got) if asked.back else further
    return Page(
        got,
        _address(request, "before", got[0].pk) if before else "",
        _address(request, "after", got[-1].pk) if after else "",
    )


def _anchor(rows: QuerySet, text: str, keys: tuple[str, ...]) -> dict[str, Any] | None:
    """The keys of the row that the address names, of the list itself: one of another unit would tell where it stands."""
    if not _is_key(text):
        return None
    names = [key.lstrip("-") for key in keys]
    return rows.order_by().filter(pk=int(text)).values(*names).first()


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _beyond(order: list[str], anchor: dict[str, Any]) -> Q:
    """Rows after the anchor: first key greater, or equal and the second greater, and so on."""
    beyond, equal = Q(), Q()
    for key in order:
        name = key.lstrip("-")
        beyond |= equal & Q(**{f"{name}__{'lt' if key.startswith('-') else 'gt'}": anchor[name]})
        equal &= Q(**{name: anchor[name]})
    return beyond


def _turned(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def _address(request: Request, name: str, pk: int) -> str:
    query = request.GET.copy()
    for old in ("after", "before"):
        query.pop(old, None)
    query[name] = str(pk)
    return f"{request.path}?{query.urlencode()}"
