"""Clients with the same NIK stand for one person by themselves; what a data steward decided is never touched."""

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from clients.models import Client, Identity, KeptApart, LinkGround, Person, PersonLink
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
    """None too where a steward keeps the client apart from that person, or the NIK stands with several: nobody guesses."""
    hold(nik_index)
    same = Identity.objects.filter(nik_index=nik_index)
    if other_than:
        same = same.exclude(client=other_than)
    found = list(Person.objects.filter(clients__identity__in=same).distinct()[:2])
    if len(found) != 1 or (other_than and is_kept_apart([other_than.pk], found[0])):
        return None
    return found[0]


def hold(nik_index: bytes) -> None:
    """Whoever writes this NIK, or moves who has it, waits until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(nik_index[:8], "big", signed=True)])


def is_kept_apart(clients: list[int], person: Person) -> bool:
    """Whether a steward's word stands between one of the clients and one of the person's."""
    theirs = Client.objects.filter(person=person).values("pk")
    either = Q(first__in=clients, second__in=theirs) | Q(second__in=clients, first__in=theirs)
    return KeptApart.objects.filter(either, ended_at=None).exists()


def rebuild_known() -> None:
    """Which persons have a NIK, anew for all, after a bulk load that left the triggers out."""
    with connection.cursor() as cursor:
        cursor.execute(REBUILD)
