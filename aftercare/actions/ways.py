"""The ways of all episodes computed anew, after a bulk load that left the triggers out."""

from django.db import connection, transaction

from aftercare.models.way import REWRITE_ALL


@transaction.atomic
def rebuild_all() -> None:
    """In one statement. Writers of what it rests on wait for it; readers do not."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE aftercare_episodeway IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(REWRITE_ALL)
