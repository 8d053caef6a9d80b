"""What a data steward decides: two clients are one person, or two people, or are let go. Nothing is merged, all can be undone.

The trail names the pair, never a client's code: what the facility may print of its client would tell that there is another.
"""

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.actions import candidates, persons
from clients.enums import CandidateStatus
from clients.models import Client, Identity, KeptApart, LinkGround, MatchCandidate, Person
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User

_LOCK = 74_021


@action
def link(*, by: User, candidate: MatchCandidate, reason: str) -> Person:
    """Both stand for one person, with whoever stood for one with them before.

    Raises Refused without a reason, when a colleague decided meanwhile, and where a steward keeps some of them apart.
    """
    _needs(reason)
    found = _still_open(candidate)
    first, second = _both(found)
    if first.person_id == second.person_id:
        raise Refused(_("These two stand for one person already."))
    group = _hold(first.person_id, second.person_id)
    movers = [client for client in group if client.person_id == second.person_id]
    if persons.is_kept_apart([client.pk for client in movers], first.person):
        raise Refused(
            _("A data steward keeps some of their clients apart. Take that back first, on the page of the person.")
        )
    for client in [client for client in group if client in movers or client == first]:
        _stand_for(client, first.person, by_steward=client.pk in {first.pk, second.pk})
    inside = MatchCandidate.objects.filter(first__person=first.person, second__person=first.person)
    _decide(inside.filter(status=CandidateStatus.OPEN), CandidateStatus.LINKED, by, reason)
    data = {"person": first.person_id, "clients": [client.pk for client in movers]}
    audit.record("person.linked", by=by, subject=found, reason=reason.strip(), data=data)
    return first.person


@action
def keep_apart(*, by: User, candidate: MatchCandidate, reason: str) -> KeptApart:
    """They are two people, whatever their papers say: the same NIK does not link them by itself again.

    Raises Refused without a reason, when a colleague decided meanwhile, and when they stand for one person by now.
    """
    _needs(reason)
    found = _still_open(candidate)
    first, second = _both(found)
    if first.person_id == second.person_id:
        raise Refused(_("These two stand for one person by now. Let one of them go, on the page of the person."))
    kept = _apart(by, first.pk, second.pk, reason)
    audit.record("person.kept_apart", by=by, subject=found, reason=reason.strip())
    return kept


@action
def let_go(*, by: User, client: Client, reason: str) -> Person:
    """The client gets a person of its own, and is kept apart from all it stood for one person with.

    Raises Refused without a reason, and for a client that stands alone.
    """
    _needs(reason)
    _one_steward_at_a_time()
    group = _hold(Client.objects.values_list("person", flat=True).get(pk=client.pk))
    if len(group) == 1:
        raise Refused(_("This client stands for a person of its own already."))
    left = next(one for one in group if one.pk == client.pk)
    before, own = left.person_id, Person.objects.create()
    _stand_for(left, own, by_steward=True)
    for other in group:
        if other.pk != left.pk:
            _apart(by, left.pk, other.pk, reason)
    data = {"from": before, "person": own.pk}
    audit.record("person.unlinked", by=by, subject="clients.personlink", reason=reason.strip(), data=data)
    return own


@action
def let_together(*, by: User, kept: KeptApart, reason: str) -> None:
    """Takes back that two are kept apart: a pair that is alike is to be decided anew. Raises Refused without a reason."""
    _needs(reason)
    _one_steward_at_a_time()
    changed = KeptApart.objects.filter(pk=kept.pk, ended_at=None).update(ended_at=timezone.now())
    if not changed:
        raise Refused(_("A colleague has taken this back already."))
    candidates.of_pair(MatchCandidate.objects.all(), kept.first_id, kept.second_id).update(
        status=CandidateStatus.OPEN, decided_by=None, decided_at=None, reason=""
    )
    if kept.first.episodes.exists():
        candidates.find(kept.first)
    audit.record("person.apart_ended", by=by, subject=kept, reason=reason.strip())


def _needs(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")


def _one_steward_at_a_time() -> None:
    """Decisions are few, and each may reach clients whom another one names: they follow each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _still_open(candidate: MatchCandidate) -> MatchCandidate:
    _one_steward_at_a_time()
    found = MatchCandidate.objects.select_related("decided_by").filter(pk=candidate.pk).first()
    if found is None:
        raise Refused(_("These two are no longer alike: an identity was corrected meanwhile."))
    if found.is_open:
        return found
    raise Refused(
        _("%(who)s has decided on these two meanwhile: %(what)s."),
        params={"who": found.decided_by and found.decided_by.name, "what": found.get_status_display()},
        code="decided",
    )


def _both(candidate: MatchCandidate) -> tuple[Client, Client]:
    """As they stand now, held: a correction of an identity holds its client too."""
    pks = [candidate.first_id, candidate.second_id]
    list(Client.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk").values_list("pk"))
    rows = Client.objects.select_related("person").in_bulk(pks)
    return rows[candidate.first_id], rows[candidate.second_id]


def _hold(*people: int) -> list[Client]:
    """All clients of these persons, held, and their NIKs with them: nobody joins by the same NIK while they move."""
    known = Identity.objects.filter(client__person__in=people, nik_index__isnull=False)
    for nik_index in sorted({bytes(value) for value in known.values_list("nik_index", flat=True) if value}):
        persons.hold(nik_index)
    rows = Client.objects.filter(person__in=people).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))
    return list(rows)


def _stand_for(client: Client, person: Person, *, by_steward: bool) -> None:
    """Those who come along keep the ground on which they stood with the one who was decided on."""
    held = client.person_links.filter(ended_at=None).first()
    ground = LinkGround.STEWARD if by_steward or held is None else LinkGround(held.ground)
    if held and (held.person_id, held.ground) == (person.pk, ground):
        return
    persons.link(client, person, ground)
    client.person = person
    client.save(update_fields=["person"])


def _apart(by: User, one: int, other: int, reason: str) -> KeptApart:
    first, second = candidates.pair(one, other)
    _decide(candidates.of_pair(MatchCandidate.objects.all(), one, other), CandidateStatus.APART, by, reason)
    kept = KeptApart.objects.filter(first=first, second=second, ended_at=None).first()
    return kept or KeptApart.objects.create(first_id=first, second_id=second, reason=reason.strip(), kept_by=by)


def _decide(rows: QuerySet[MatchCandidate], status: CandidateStatus, by: User, reason: str) -> None:
    rows.update(status=status, decided_by=by, decided_at=timezone.now(), reason=reason.strip())
