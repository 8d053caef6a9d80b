"""Earlier versions of an identity, from its row history."""

from datetime import datetime
from typing import Any

from clients.models import Client, Identity
from clients.queries.identities import RevealedIdentity, opened
from rehab.models import AuditEvent


def version(client: Client, edit: int) -> RevealedIdentity | None:
    """The identity as it stood in that edit; None when there never was such a one."""
    kept: Any = Identity  # pghistory adds its event model
    history = kept.pgh_event_model.objects.filter(client=client.pk, edit=edit)
    row = history.order_by("-pgh_id").first()
    return opened(client, row) if row else None


def last_correction(client: Client) -> tuple[str, datetime | None]:
    """Who corrected the identity last, and when."""
    event = AuditEvent.objects.filter(client_code=client.code, verb="identity.corrected").order_by("-id").first()
    return (event.actor, event.at) if event else ("", None)
