"""Possible duplicates among the simulated clients, as `manage.py find_candidates` would find them, and what was decided.

Nobody here shares a telephone with another, a mother's name is not known, and one NIK is one person already. So a pair that
is worth a look was born on one day and bears names that fit, and one of the two came without a card.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import combinations, groupby
from operator import itemgetter
from random import Random

from django.db.backends.utils import CursorWrapper

from clients.enums import CandidateStatus
from clients.models import Client, KeptApart, LinkGround, MatchCandidate, PersonLink
from clients.queries.likeness import Side, Verdict, compare
from rehab.identity.tokens import matches
from rehab.models import User
from reports.simulation.plan import Plan
from reports.simulation.staff import STEWARD

_BORN = """
    SELECT a.born, a.client, a.name, a.card FROM sim_alike a
    JOIN (SELECT born FROM sim_alike GROUP BY born HAVING count(*) > 1 AND NOT bool_and(card)) AS b ON b.born = a.born
    ORDER BY a.born, a.client
"""
DECIDED, SETTLED = 0.4, 40
Known = tuple[date, int, str, bool]


def find(cursor: CursorWrapper, plan: Plan) -> None:
    """Pairs with a client that was there before the nation are not looked for."""
    pairs = list(_pairs(cursor))
    clients = Client.objects.in_bulk({row[1] for pair in pairs for row in pair})
    linked = dict(
        PersonLink.objects.filter(ground=LinkGround.STEWARD, ended_at=None).values_list("client", "linked_at")
    )
    steward = User.objects.get(username=STEWARD)
    random, rows, kept = Random(f"{plan.seed}:alike"), [], []
    for pair in sorted(pairs, key=lambda pair: (pair[0][1], pair[1][1])):
        first, second = (clients[row[1]] for row in pair)
        likeness = compare(*(_side(clients[row[1]], row) for row in pair))
        if not likeness.is_worth_a_look:
            continue
        row = MatchCandidate(first=first, second=second, strength=likeness.strength)
        row.found_at = max(first.created_at, second.created_at)
        if first.person_id == second.person_id:
            at = linked.get(second.pk) or linked.get(first.pk)
            if at is None:
                continue
            _decide(row, CandidateStatus.LINKED, at, steward, "Orang yang sama (rekaan)")
        elif _is_old(row.found_at, plan.today) and random.random() < DECIDED and _lives_elsewhere(likeness):
            at = row.found_at + timedelta(days=1 + random.randrange(SETTLED - 10))
            _decide(row, CandidateStatus.APART, at, steward, "Dua orang berbeda (rekaan)")
            kept.append(KeptApart(first=first, second=second, reason=row.reason, since=at, kept_by=steward))
        rows.append(row)
    MatchCandidate.objects.bulk_create(rows, batch_size=2000)
    KeptApart.objects.bulk_create(kept, batch_size=2000)


def _pairs(cursor: CursorWrapper) -> Iterator[tuple[Known, Known]]:
    """Of one birth date, one of them without a card, and all words of one name answered by the other."""
    cursor.execute(_BORN)
    answers = _Answers()
    for _born, rows in groupby(cursor, key=itemgetter(0)):
        for one, other in combinations(rows, 2):
            if not (one[3] and other[3]) and answers.either(one[2], other[2]):
                yield one, other


class _Answers:
    """Whether one name answers another: the nation has few words, and each two of them are compared once."""

    def __init__(self) -> None:
        self._words: dict[tuple[str, str], bool] = {}

    def either(self, one: str, other: str) -> bool:
        mine, theirs = one.split(), other.split()
        return self._all(mine, theirs) or self._all(theirs, mine)

    def _all(self, asked: list[str], words: list[str]) -> bool:
        return all(word in words or any(self._answers(own, word) for own in words) for word in asked)

    def _answers(self, own: str, asked: str) -> bool:
        found = self._words.get((own, asked))
        if found is None:
            found = self._words[own, asked] = matches(own, asked)
        return found


def _side(client: Client, row: Known) -> Side:
    """Of a card is known only that it is there: no two of them are the same."""
    born, pk, name, card = row
    return Side(client, name, born, "", "", str(pk) if card else "")


def _lives_elsewhere(likeness) -> bool:
    return any(factor.key == "region" and factor.verdict == Verdict.DIFFERENT for factor in likeness.factors)


def _is_old(found_at: datetime, today: date) -> bool:
    return found_at.date() + timedelta(days=SETTLED) < today


def _decide(row: MatchCandidate, status: CandidateStatus, at: datetime, by: User, reason: str) -> None:
    row.status, row.decided_at, row.decided_by, row.reason = status, at, by, reason
