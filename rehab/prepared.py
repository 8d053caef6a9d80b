"""Reads that the database plans once for a connection: for the statement whose planning takes longer than its work.

A person, a place and a day become parameters, so that all who have the same duties share one plan; everything else stays in
the text, where the planner sees that a partial index fits. Not used behind a pool that gives each transaction another
connection: `DISABLE_SERVER_SIDE_CURSORS` says so, as for Django's own.
"""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.models import QuerySet

MOST = 64  # for a connection; then it begins anew
_PLACE = re.compile(r"(LIMIT )?%([s%])")
_READ = re.compile(r"\(*SELECT\b")


class Read:
    """A SELECT as Django words it. Raises ValueError for anything else.

    `text` has $1, $2 … for days and whole numbers, which can mean whose and where; how many are wanted stays in the text,
    since it decides how they are found. `kinds` are the types of `asked`, their values. `what` is read begins its name, which
    is all that a log of statements shows.
    """

    def __init__(self, sql: str, params: Sequence[Any], what: str):
        if not _READ.match(sql):
            raise ValueError("only what reads is prepared")
        self.kinds: list[str] = []
        self.asked: list[Any] = []
        left = iter(params)
        self.text = _PLACE.sub(lambda found: self._placed(found, left), sql)
        told = hashlib.sha256(repr((self.text, self.kinds)).encode()).hexdigest()
        self.name = f"read_{what[:40]}_{told[:16]}"

    def _placed(self, found: re.Match[str], left: Iterator[Any]) -> str:
        limit = found[1] or ""
        if found[2] == "%":
            return f"{limit}%"
        value = next(left)
        kind = _kind(value)
        if limit or not kind:
            return limit + _literal(value)
        self.kinds.append(kind)
        self.asked.append(value)
        return f"${len(self.asked)}"

    def rows(self) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            _prepare(self)
            places = ", ".join(["%s"] * len(self.asked))
            cursor.execute(f"EXECUTE {self.name} ({places})" if places else f"EXECUTE {self.name}", self.asked)
            return cursor.fetchall()


_kept: OrderedDict[Hashable, Read] = OrderedDict()
_KEPT = 256
MANY = 200  # values: a unit with so many facilities below it has a text of its own


def rows(key: Hashable, make: Callable[[], QuerySet]) -> list[tuple[Any, ...]]:
    """The rows of a `values_list()`, worded once for each key: the key names all that the queryset is made from, and whose it
    is. Columns come as the database gives them. One query."""
    read = _kept.get(key)
    if read is None:
        found = make()
        sql, params = found.query.sql_with_params()
        if len(params) > MANY or not is_possible():
            return plain(sql, params)
        read = _kept[key] = Read(sql, params, found.model._meta.db_table)
        if len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return read.rows()


def plain(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Planned anew."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def is_possible() -> bool:
    return not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")


def _kind(value: Any) -> str:
    """The type that the value has where it stands in a text; empty where it is better left there."""
    if type(value) is int:
        return "integer" if abs(value) < 2**31 else "bigint"
    return "date" if type(value) is date else ""


def _literal(value: Any) -> str:
    with connection.cursor() as cursor:
        return cursor.mogrify("%s", [value]).decode()


# By connection of the driver, so that a new one begins with none.
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def _prepare(read: Read) -> None:
    """On this connection, where it is not yet. That is part of setting the connection up, not a statement of the page."""
    raw: Any = connection.connection
    known = _known.setdefault(raw, set())
    if read.name in known:
        return
    types = f" ({', '.join(read.kinds)})" if read.kinds else ""
    with raw.cursor() as cursor:
        if len(known) >= MOST:
            cursor.execute("DEALLOCATE ALL")
            known.clear()
        cursor.execute(f"PREPARE {read.name}{types} AS {read.text}")
    known.add(read.name)
