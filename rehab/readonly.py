"""A GET changes nothing: inside `select_only()` the connection refuses every statement that writes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

_allowed = ContextVar("writes_allowed", default=False)
# What is executed by such a name has been prepared as a read (rehab/prepared.py).
_READS = re.compile(
    r"^\s*(?:--.*\n\s*)*\(*(?:SELECT|WITH|SHOW|EXPLAIN|SAVEPOINT|RELEASE|ROLLBACK|DECLARE|FETCH|CLOSE|SET LOCAL|SELECT set_config|EXECUTE read_\w+)\b",
    re.I,
)
# The cache in the database holds counts of attempts and nothing else; reading it also sweeps out what has run out.
_CACHE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM) "?rehab_cache"?\s[^;]*$', re.I)
# What hides a write or a lock in what begins as a read: a second statement, a CTE, a function that writes.
_LOCKS = re.compile(
    r"\bFOR\s+(?:(?:NO\s+KEY\s+)?UPDATE|(?:KEY\s+)?SHARE)\b"
    r"|\b(?:INSERT\s+INTO|MERGE\s+INTO|UPDATE\s.+\sSET|DELETE\s+FROM|SELECT\s[^()]*\sINTO)\b"
    r"|\b(?:nextval|setval|lo_\w+|pg_notify|pg_(?:try_)?advisory\w*)\s*\("
    r"|;\s*\S",
    re.I | re.S,
)


class WriteOnRead(RuntimeError):
    """A view tried to write while answering a GET."""


def _guard(execute, sql, params, many, context):
    if not _allowed.get() and not _CACHE.match(str(sql)) and (not _READS.match(str(sql)) or _LOCKS.search(str(sql))):
        raise WriteOnRead(f"A GET changes nothing, but this was tried: {str(sql)[:200]}")
    return execute(sql, params, many, context)


@contextmanager
def select_only() -> Iterator[None]:
    with connection.execute_wrapper(_guard):
        yield


@contextmanager
def writes_allowed() -> Iterator[None]:
    """The one explicit exception: the record of a read, written before the bytes leave."""
    token = _allowed.set(True)
    try:
        yield
    finally:
        _allowed.reset(token)
