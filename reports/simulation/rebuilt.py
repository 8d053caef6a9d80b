"""What the database keeps beside the rows it follows from (counts, windows, ways, measures, persons with a card), left out
while much is written and computed once at the end."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.utils import CursorWrapper

from aftercare.actions import ways, windows
from assessments.actions import life
from clients.actions.persons import rebuild_known
from reports.actions import cells

_KEEPERS = r"^pgtrigger_(cell|life|nik|person|way|window)_"


def rebuild(cursor: CursorWrapper) -> None:
    """All of it, in the order in which one rests on the other."""
    cursor.execute(
        "ANALYZE clients_episode, clients_treatment, aftercare_aftercareplan, aftercare_followup, assessments_assessment, "
        "assessments_assessmentscore"
    )
    rebuild_known()
    windows.rebuild_all()
    ways.rebuild_all()
    life.rebuild_all()
    cells.rebuild_all()


@contextmanager
def keeping_later() -> Iterator[None]:
    """In the caller's transaction. Row history and what protects rows stay on."""
    with connection.cursor() as cursor:
        _settle(cursor)
        cursor.execute(
            "SELECT format('ALTER TABLE %%s %%%%s TRIGGER %%I', tgrelid::regclass, tgname) FROM pg_trigger "
            "WHERE NOT tgisinternal AND tgname ~ %s ORDER BY tgrelid::regclass::text, tgname",
            [_KEEPERS],
        )
        statements = [row[0] for row in cursor.fetchall()]
        _turn(cursor, statements, "DISABLE")
        yield
        _settle(cursor)
        _turn(cursor, statements, "ENABLE")
        rebuild(cursor)


def _turn(cursor: CursorWrapper, statements: list[str], how: str) -> None:
    cursor.execute(";".join(statement % how for statement in statements))


def _settle(cursor: CursorWrapper) -> None:
    """A table with checks that still wait for the end cannot be altered."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
