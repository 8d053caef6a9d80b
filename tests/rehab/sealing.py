"""Sealing in a test: the test processes share one cluster and so its transaction numbers."""

from unittest import mock

from django.db import connection

from rehab import audit
from rehab.models import AuditSeal


def seal() -> AuditSeal:
    """Seal by the transactions of this test's own database; those of another process's test write no events here."""
    with mock.patch.object(audit, "_horizon", _oldest_here):
        return audit.seal()


def _oldest_here() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT least(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, min(backend_xid::text::bigint)) "
            "FROM pg_stat_activity WHERE datname = current_database()"
        )
        return int(cursor.fetchone()[0])
