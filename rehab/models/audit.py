"""Audit events and their seals. Both are append-only: the application's database role may only insert and read."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class TransactionId(models.Func):
    """The writing transaction's number, by which the sealer knows what can no longer grow."""

    template = "(pg_current_xact_id()::text::bigint)"
    arity = 0
    output_field = models.BigIntegerField()


class AuditEvent(models.Model):
    """Who did what to whom and why. No foreign keys: an event outlives what it speaks of.

    `subject` is the label of a model and `subject_id` its key as text; `client_code` groups what concerns a client,
    so that "siapa membuka rekam saya" can be printed. `data` never holds identity.
    """

    at = models.DateTimeField(db_default=models.functions.Now())
    xid = models.BigIntegerField(db_default=TransactionId())
    verb = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=150)
    place = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    client_code = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    request = models.CharField(max_length=40, blank=True)

    personal = frozenset({"actor", "reason"})
    plain = frozenset(
        {"id", "at", "xid", "verb", "actor_id", "place", "subject", "subject_id", "client_code", "data", "request"}
    )

    class Meta:
        indexes = [
            models.Index(fields=["client_code", "-id"], name="audit_client", condition=~models.Q(client_code="")),
            models.Index(fields=["actor_id", "-id"], name="audit_actor"),
            models.Index(fields=["xid"], name="audit_xid"),
            BrinIndex(fields=["at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.verb} {self.subject} {self.subject_id}"


class AuditSeal(models.Model):
    """A link of the chain over a batch of events: those of transactions `[from_xid, to_xid)` with ids in `[first_id, last_id]`."""

    sealed_at = models.DateTimeField(db_default=models.functions.Now())
    from_xid = models.BigIntegerField()
    to_xid = models.BigIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64, unique=True)

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "sealed_at", "from_xid", "to_xid", "first_id", "last_id", "count", "previous", "digest"})

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.first_id}-{self.last_id}: {self.digest[:12]}"
