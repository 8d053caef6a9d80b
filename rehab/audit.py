"""Writing and sealing the audit trail. Every action calls `record` inside its transaction; reads call `record_read`."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection, models, transaction

from rehab.models import AuditEvent, AuditSeal, User
from rehab.readonly import writes_allowed

request_id: ContextVar[str] = ContextVar("request_id", default="")
GENESIS = "0" * 64
_SEAL_LOCK = 74_011


def record(
    verb: str,
    *,
    by: User | None,
    subject: models.Model | str,
    place: str = "",
    client_code: str = "",
    reason: str = "",
    data: dict | None = None,
) -> AuditEvent:
    """Write one event in the current transaction. `by=None` means Titian itself (a task). `data` must not hold identity."""
    label, key = (subject, "") if isinstance(subject, str) else (subject._meta.label_lower, str(subject.pk))
    return AuditEvent.objects.create(
        verb=verb,
        actor_id=by.pk if by else None,
        actor=by.name if by else "Titian",
        place=place or getattr(getattr(by, "active_post", None), "place_code", ""),
        subject=label,
        subject_id=key,
        client_code=client_code,
        reason=reason,
        data=data or {},
        request=request_id.get(),
    )


def record_read(verb: str, *, by: User, subject: models.Model | str, client_code: str = "", reason: str = "") -> None:
    """Record a look at identity or clinical data before it is shown. A failure here must stop the page."""
    with writes_allowed():
        record(verb, by=by, subject=subject, client_code=client_code, reason=reason)


def record_reads(verb: str, *, by: User, subject: models.Model, client_codes: Iterable[str], reason: str = "") -> None:
    """One look at the data of several clients at once: an event for each of them, in one statement."""
    place = getattr(getattr(by, "active_post", None), "place_code", "")
    label, key = subject._meta.label_lower, str(subject.pk)
    events = [
        AuditEvent(
            verb=verb,
            actor_id=by.pk,
            actor=by.name,
            place=place,
            subject=label,
            subject_id=key,
            client_code=code,
            reason=reason,
            request=request_id.get(),
        )
        for code in client_codes
    ]
    with writes_allowed():
        AuditEvent.objects.bulk_create(events, batch_size=1000)


def seal() -> AuditSeal | None:
    """Chain all events that can no longer grow; None when there are none. Safe to run twice at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEAL_LOCK])
        horizon = _horizon()
        last = AuditSeal.objects.order_by("-id").first()
        # After a restore into a new cluster transaction numbers start again; ids do not.
        restored = last is not None and horizon < last.to_xid
        from_xid = last.to_xid if last and not restored else 0
        events = AuditEvent.objects.filter(xid__gte=from_xid, xid__lt=horizon)
        if restored:
            events = events.filter(id__gt=AuditSeal.objects.aggregate(top=models.Max("last_id"))["top"])
        bounds = events.aggregate(first=models.Min("id"), last=models.Max("id"), count=models.Count("id"))
        if not bounds["count"]:
            return None
        previous = last.digest if last else GENESIS
        found = AuditSeal(
            from_xid=from_xid,
            to_xid=horizon,
            first_id=bounds["first"],
            last_id=bounds["last"],
            count=bounds["count"],
            previous=previous,
        )
        found.digest = _digest(previous, _events_of(found))
        found.save()
        return found


def _horizon() -> int:
    """The lowest transaction number that may still be running, anywhere in the cluster."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


@dataclass(frozen=True)
class Break:
    """A link of the chain that does not hold."""

    seal_id: int
    what: str


def breaks() -> Iterator[Break]:
    """Recompute every link; yields what was altered, removed or slipped in."""
    previous = GENESIS
    for link in AuditSeal.objects.order_by("id").iterator():
        if link.previous != previous:
            yield Break(link.pk, "does not follow the link before it")
        events = _events_of(link)
        if events.count() != link.count:
            yield Break(link.pk, f"holds {events.count()} events, sealed were {link.count}")
        elif _digest(link.previous, events) != link.digest:
            yield Break(link.pk, "an event was altered")
        previous = link.digest


def _events_of(link: AuditSeal) -> models.QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(
        xid__gte=link.from_xid, xid__lt=link.to_xid, id__gte=link.first_id, id__lte=link.last_id
    ).order_by("id")


def _digest(previous: str, events: models.QuerySet[AuditEvent]) -> str:
    chain = hashlib.sha256(previous.encode())
    for event in events.values_list(
        "id",
        "at",
        "verb",
        "actor_id",
        "actor",
        "place",
        "subject",
        "subject_id",
        "client_code",
        "reason",
        "data",
        "request",
    ).iterator(chunk_size=2000):
        chain.update(json.dumps(event, default=str, sort_keys=True, ensure_ascii=False).encode() + b"\n")
    return chain.hexdigest()
