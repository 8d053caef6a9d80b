"""Folding the deltas of counts into their cells, and counting all cells anew after a bulk load that left the triggers out."""

from django.db import connection, transaction

from reports.models.cell import KEPT

MOST = 200_000
_FOLD = """
    WITH chosen AS (SELECT id FROM reports_countdelta ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED), taken AS (
        DELETE FROM reports_countdelta d USING chosen WHERE d.id = chosen.id
        RETURNING d.indicator, d.first, d.unit_id, d.result, d.members), folded AS (
        INSERT INTO reports_countcell AS c (indicator, first, unit_id, result, members)
        SELECT indicator, first, unit_id, result, sum(members) FROM taken GROUP BY 1, 2, 3, 4 HAVING sum(members) <> 0
        ORDER BY 1, 2, 3, 4
        ON CONFLICT (indicator, first, unit_id, result) DO UPDATE SET members = c.members + EXCLUDED.members)
    SELECT count(*) FROM taken
"""


def fold() -> int:
    """All that are there, some in each statement: whoever reads meanwhile sees all of these or none. Two at once take
    different ones. Gives how many."""
    total = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_FOLD, [MOST])
            taken = cursor.fetchone()[0]
            total += taken
            if taken < MOST:
                return total


@transaction.atomic
def rebuild_all() -> None:
    """From the rows themselves. Writers wait for it, readers do not."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE reports_countdelta IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM reports_countdelta")
        cursor.execute("DELETE FROM reports_countcell")
        for kept in KEPT.values():
            sums = [(kept.key, "count(*)"), *([(kept.total_key, f"sum(r.{kept.value})")] if kept.value else [])]
            for cell, number in sums:
                cursor.execute(
                    f"INSERT INTO reports_countcell (indicator, first, unit_id, result, members) "
                    f"SELECT {cell.format('r')}, {number} FROM {kept.model._meta.db_table} r "
                    f"WHERE r.{kept.day} IS NOT NULL GROUP BY 1, 2, 3, 4"
                )
