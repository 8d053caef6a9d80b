"""Loading much at once: row history off, and indexes and constraints built over the whole afterwards instead of row by row.

All of it in the caller's transaction: if anything fails, everything is as it was. Every constraint is checked before the
end, over all rows.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from django.db import connection
from django.db.backends.utils import CursorWrapper

# Without an own class of memory a sort of millions goes through the disk.
MEMORY = ("maintenance_work_mem = '512MB'", "work_mem = '128MB'", "synchronous_commit = off", "jit = off")


@dataclass(frozen=True)
class _Part:
    """Something of a table that is taken away and put back by the same words."""

    away: str
    back: str


@contextmanager
def loading(tables: Iterable[str], *, bare: bool) -> Iterator[CursorWrapper]:
    """A cursor to load `tables` with. `bare`: without their indexes and constraints meanwhile (primary keys stay)."""
    tables = list(tables)
    with connection.cursor() as cursor:
        for setting in MEMORY:
            cursor.execute(f"SET LOCAL {setting}")
        # What was written before must be settled before any table is changed.
        _settle(cursor)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        parts = _parts(cursor, tables) if bare else []
        for part in parts:
            cursor.execute(part.away)
        yield cursor
        _settle(cursor)
        for part in reversed(parts):
            cursor.execute(part.back)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute(f"ANALYZE {', '.join(tables)}")


def _settle(cursor: CursorWrapper) -> None:
    """Check now what would be checked at the end."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def copy(cursor: CursorWrapper, table: str, columns: Iterable[str], lines: BinaryIO) -> None:
    """`lines` is a file of COPY's text format."""
    cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", lines)


def _parts(cursor: CursorWrapper, tables: list[str]) -> list[_Part]:
    """Foreign keys first, then what stands on an index: what goes first comes back last."""
    constraints = """
        SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
               format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) AND contype = ANY(%s) ORDER BY conrelid::text, conname
    """
    indexes = """
        SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
        FROM pg_index WHERE indrelid = ANY(%s::regclass[])
          AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
        ORDER BY indexrelid::regclass::text
    """
    found = []
    for query, arguments in (
        (constraints, [tables, ["f"]]),
        (constraints, [tables, ["u", "x"]]),
        (indexes, [tables]),
    ):
        cursor.execute(query, arguments)
        found += [_Part(*row) for row in cursor.fetchall()]
    return found
