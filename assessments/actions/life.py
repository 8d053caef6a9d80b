"""All changes of quality of life computed anew, after a bulk load that left the triggers out."""

from django.db import connection, transaction

from assessments.models.life import REWRITE_ALL


@transaction.atomic
def rebuild_all() -> None:
    """In one statement. Writers of what it rests on wait for it; readers do not."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE assessments_lifechange IN SHARE ROW EXCLUSIVE MODE")
        # The planner takes the measured for a handful, and would go through all of them for each.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(REWRITE_ALL)
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
