"""Clients with the same NIK stand for one person by themselves; what a data steward decided is never touched."""

from django.db import connection
from django.utils import timezone

from clients.models import Client, Identity, LinkGround, Person, PersonLink
from clients.models.known import REBUILD


def person_for(nik_index: bytes | None, *, other_than: Client | None = None) -> tuple[Person, LinkGround]:
    """The person known under this NIK, else a new one. Waits for a simultaneous registration of the same NIK."""
    known = _known(nik_index, other_than) if nik_index else None
    if known:
        return known, LinkGround.NIK
    return Person.objects.create(), LinkGround.REGISTRATION


def link(client: Client, person: Person, ground: LinkGround) -> PersonLink:
    """End the link that holds, if any, and begin this one."""
    client.person_links.filter(ended_at=None).update(ended_at=timezone.now())
    return PersonLink.objects.create(client=client, person=person, ground=ground)


def relink(client: Client, *, old: bytes | None, new: bytes | None) -> bool:
    """After a corrected NIK: end the automatic link and make the new one. Says whether the person changed."""
    held = client.person_links.filter(ended_at=None).first()
    if old == new or (held and held.ground == LinkGround.STEWARD):
        return False
    known = _known(new, client) if new else None
    shared = old and Identity.objects.filter(nik_index=old, client__person=client.person_id).exclude(client=client)
    if known is None and not (held and held.ground == LinkGround.NIK) and not (shared and shared.exists()):
        return False
    if known and known.pk == client.person_id:
        return False
    person, ground = (known, LinkGround.NIK) if known else (Person.objects.create(), LinkGround.REGISTRATION)
    link(client, person, ground)
    client.person = person
    client.save(update_fields=["person"])
    return True


def _known(nik_index: bytes, other_than: Client | None) -> Person | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(nik_index[:8], "big", signed=True)])
    same = Identity.objects.filter(nik_index=nik_index).select_related("client__person").order_by("client_id")
    if other_than:
        same = same.exclude(client=other_than)
    first = same.first()
    return first.client.person if first else None


def rebuild_known() -> None:
    """Which persons have a NIK, anew for all, after a bulk load that left the triggers out."""
    with connection.cursor() as cursor:
        cursor.execute(REBUILD)
