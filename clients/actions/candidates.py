"""Clients of different persons who may be one human being, found when an identity is written and put into the queue.

Nobody is told here: whether a pair stands in the queue is for the data steward alone.
"""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from clients.enums import CandidateStatus
from clients.models import Client, Episode, KeptApart, MatchCandidate, MatchKeys
from clients.queries.likeness import Side, compare, keys_of, side_of

MOST = 200
BATCH = 2000


def pair(one: int, other: int) -> tuple[int, int]:
    """The keys of two clients in the order in which a pair is written."""
    return (one, other) if one < other else (other, one)


def of_pair(rows: QuerySet, one: int, other: int) -> QuerySet:
    first, second = pair(one, other)
    return rows.filter(first=first, second=second)


def apart_from(client_id: int) -> set[int]:
    """Clients whom a steward keeps apart from this one."""
    rows = KeptApart.objects.filter(Q(first=client_id) | Q(second=client_id), ended_at=None)
    return {pk for row in rows.values_list("first", "second") for pk in row} - {client_id}


def find(client: Client) -> None:
    """Inside the transaction of a registration or a correction: keep the client's keys, and the pairs that follow of them.

    Pairs still to be decided that are no longer alike, or are one person now, leave the queue. A suspect without an episode
    is nobody's to see but the team's, and compared with the first one.
    """
    client = Client.objects.select_related("identity").get(pk=client.pk)
    mine = side_of(client)
    keys = keys_of(mine)
    MatchKeys.objects.update_or_create(client=client, defaults={"keys": keys})
    alike = _compared(mine, _sharing(client, keys))
    waiting = MatchCandidate.objects.filter(status=CandidateStatus.OPEN)
    waiting.filter(first=client).exclude(second__in=alike).delete()
    waiting.filter(second=client).exclude(first__in=alike).delete()
    _keep({pair(client.pk, other): strength for other, strength in alike.items()})


def _sharing(client: Client, keys: list[int]) -> QuerySet[Client]:
    if not keys:
        return Client.objects.none()
    sharing = MatchKeys.objects.filter(keys__overlap=keys).exclude(client=client).order_by("-client_id")
    rows = Client.objects.filter(pk__in=sharing.values("client")[:MOST]).exclude(person=client.person_id)
    return _with_episode(rows).exclude(pk__in=apart_from(client.pk)).select_related("identity")


def _with_episode(clients: QuerySet[Client]) -> QuerySet[Client]:
    return clients.filter(Exists(Episode.objects.filter(client=OuterRef("pk"))))


def _compared(mine: Side, others: Iterable[Client]) -> dict[int, int]:
    """{client: strength} of those who are worth a look."""
    found = {other.pk: compare(mine, side_of(other)) for other in others}
    return {pk: likeness.strength for pk, likeness in found.items() if likeness.is_worth_a_look}


def _keep(pairs: dict[tuple[int, int], int]) -> None:
    """New pairs join the queue; of those that are there, decided or not, the strength is told anew."""
    MatchCandidate.objects.bulk_create(
        [
            MatchCandidate(first_id=first, second_id=second, strength=pairs[first, second])
            for first, second in sorted(pairs)
        ],
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["strength"],
    )


def backfill(batch: int = BATCH, *, after: int = 0) -> list[int]:
    """Compares a batch of those who never were, whose keys lie beyond `after`, in one transaction; gives their keys in order.

    Call it with the last of them until it gives none.
    """
    with transaction.atomic():
        waiting = _with_episode(Client.objects.filter(pk__gt=after, match_keys=None, identity__isnull=False))
        clients = list(waiting.select_related("identity").order_by("pk")[:batch])
        sides = {client.pk: side_of(client) for client in clients}
        MatchKeys.objects.bulk_create(
            [MatchKeys(client_id=pk, keys=keys_of(side)) for pk, side in sides.items()], ignore_conflicts=True
        )
        pairs = _pairs_of(list(sides))
        others = {pk for both in pairs for pk in both} - sides.keys()
        for client in Client.objects.filter(pk__in=others).select_related("identity"):
            sides[client.pk] = side_of(client)
        pairs = _undecided(
            {both for both in pairs if sides[both[0]].client.person_id != sides[both[1]].client.person_id}
        )
        likeness = {both: compare(sides[both[0]], sides[both[1]]) for both in pairs}
        _keep({both: found.strength for both, found in likeness.items() if found.is_worth_a_look})
        return [client.pk for client in clients]


# Each client by a look of its own into the index of keys: what a batch costs does not grow with the nation.
_PAIRS = """
    SELECT DISTINCT least(mine.client_id, other.client_id), greatest(mine.client_id, other.client_id)
    FROM clients_matchkeys mine CROSS JOIN LATERAL (
        SELECT client_id FROM clients_matchkeys WHERE keys && mine.keys AND client_id <> mine.client_id LIMIT %s
    ) other
    WHERE mine.client_id = ANY(%s)
"""


def _pairs_of(clients: list[int]) -> set[tuple[int, int]]:
    """Those of them who share a key with somebody. The planner knows nothing yet of a table that is just being filled."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(_PAIRS, [MOST, clients])
        found = set(cursor.fetchall())
        cursor.execute("SET LOCAL enable_seqscan = on")
    return found


def _undecided(pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Without those whom a steward keeps apart."""
    firsts = {first for first, _second in pairs}
    kept = KeptApart.objects.filter(first__in=firsts, ended_at=None).values_list("first", "second")
    return pairs - set(kept)
