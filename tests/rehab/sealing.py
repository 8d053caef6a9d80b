"""Sealing in a test: the test processes share one cluster and so its transaction numbers."""

import time

from django.db import connection

from rehab import audit
from rehab.models import AuditEvent, AuditSeal


def seal() -> AuditSeal:
    """Seal once no transaction of another process is older than the newest event; `audit.seal` would leave it for later."""
    deadline = time.monotonic() + 300
    newest = max(AuditEvent.objects.values_list("xid", flat=True))
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] > newest:
                return audit.seal()
            assert time.monotonic() < deadline
            time.sleep(0.1)
