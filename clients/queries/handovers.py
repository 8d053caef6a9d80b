"""Hand-overs as pages show them: who may read what of one, which are late, and the code that proves a receipt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol, cast

from django.db.models import Q, QuerySet
from django.utils import timezone

from clients.enums import TAKEN_OVER, HandoverStatus
from clients.lifecycle import HANDOVER_STEPS, HandoverStep, Side, handover_steps
from clients.models import Client, Handover
from clients.models.handover import sharing_on
from facilities.access import facility_ids
from facilities.models import Facility
from rehab import panels, tunables, vault
from rehab.models import User
from rehab.roles import Permission

HOURS_TO_RECEIVE = "clients.handover_hours"
DAYS_TO_CONTACT = "clients.handover_contact_days"
SHOWN = 20


@dataclass(frozen=True)
class Limits:
    hours: int
    days: int


def limits(settings: Mapping[str, Any] | None = None) -> Limits:
    """`settings`: where the page has read them all already (tunables.in_force)."""
    found = settings or tunables.values(HOURS_TO_RECEIVE, DAYS_TO_CONTACT)
    return Limits(found[HOURS_TO_RECEIVE], found[DAYS_TO_CONTACT])


@dataclass(frozen=True)
class Clock:
    """Until when the next step is to be taken; `left` is below zero when it is late."""

    until: datetime
    late: bool


class Timed(Protocol):
    """A hand-over, or as much of it as its clock needs."""

    @property
    def is_open(self) -> bool: ...
    @property
    def status(self) -> str: ...
    @property
    def offered_at(self) -> datetime: ...
    @property
    def decided_at(self) -> datetime | None: ...


def clock_of(handover: Timed, limit: Limits) -> Clock | None:
    """None once nobody waits: of an offer until it is answered, after receiving until the first contact."""
    if handover.is_open:
        until = handover.offered_at + timedelta(hours=limit.hours)
    elif handover.status == HandoverStatus.RECEIVED and handover.decided_at:
        until = handover.decided_at + timedelta(days=limit.days)
    else:
        return None
    return Clock(until, until < timezone.now())


@dataclass(frozen=True)
class Seen:
    """What one person may read and do. `named`: the client's code; `packet`: what the sender tells of the client."""

    handover: Handover
    sends: bool
    receives: bool
    named: bool
    packet: bool
    steps: list[HandoverStep]
    clock: Clock | None


def seen(user: User, handover: Handover, limit: Limits) -> Seen:
    """`handover` with `shared` (QuerySet.with_consent). The sender keeps its record; the receiver reads what the consent
    covers, at the very moment of reading, and nothing of an offer that came to nothing."""
    clinical = facility_ids(user, Permission.SEE_CLINICAL)
    sends, receives = handover.from_facility_id in clinical, handover.to_facility_id in clinical
    taken = handover.status in TAKEN_OVER
    reads = receives and handover.shared and (taken or handover.is_open)
    steps = [
        step
        for step in handover_steps(handover.status, outside=handover.is_outside)
        if _takes(user, handover, step) and (handover.shared or step.to not in _NEED_CONSENT)
    ]
    return Seen(
        handover,
        sends=sends,
        receives=receives,
        named=sends or reads or (receives and taken),
        packet=sends or reads,
        steps=steps,
        clock=clock_of(handover, limit),
    )


_NEED_CONSENT = frozenset({HandoverStatus.RECEIVED, HandoverStatus.LEFT})


def may_ever(user: User, handover: Handover, to: str) -> bool:
    """Whether the person stands on the side that takes this step, whatever the status is now."""
    steps = [step for held in HANDOVER_STEPS.values() for step in held if step.to == to]
    fitting = [step for step in steps if step.outside in {None, handover.is_outside}]
    return any(_takes(user, handover, step) for step in fitting)


def may_write_letter(user: User, handover: Handover) -> bool:
    """The sender's care staff, as long as the client's consent holds and the offer has not come to nothing."""
    writes = facility_ids(user, Permission.TREAT) & facility_ids(user, Permission.SEE_IDENTITY)
    return (
        handover.from_facility_id in writes
        and handover.shared
        and handover.status not in {HandoverStatus.DECLINED, HandoverStatus.RECALLED}
    )


def _takes(user: User, handover: Handover, step: HandoverStep) -> bool:
    place = handover.from_facility_id if step.side == Side.SENDER else handover.to_facility_id
    return place in facility_ids(user, step.permission)


def listed(user: User, *, incoming: bool) -> QuerySet[Handover]:
    """Those towards the person's facilities, or away from them, with what a row shows."""
    reach = facility_ids(user, Permission.TREAT)
    rows = (
        Handover.objects.filter(to_facility__in=reach) if incoming else Handover.objects.filter(from_facility__in=reach)
    )
    return rows.with_consent(timezone.localdate()).select_related("episode__client", "from_facility", "to_facility")


def handovers_of(client: Client) -> list[Handover]:
    """All of one client, the latest first; each reader shows what its person may see.

    No query where `access.client_for` saw that there is none.
    """
    if not getattr(client, "handed_on", True):
        return []
    rows = Handover.objects.filter(episode__client=client).with_consent(timezone.localdate())
    people = ("offered_by", "decided_by", "contacted_by")
    rows = rows.select_related("from_facility", "to_facility", *people)
    return panels.fetched_once(client, "handovers", lambda: list(rows))


def registered_at(client: Client) -> dict[int, Facility]:
    """{episode: where it began}, for the episodes that were handed over since."""
    taken = [row for row in handovers_of(client) if row.status in TAKEN_OVER]
    return {row.episode_id: row.from_facility for row in taken}  # the earliest comes last and stays


def shares(client: Client, sender: Facility) -> bool:
    """Whether the client's consent covers handing over from there today."""
    return client.consents.filter(sharing_on(sender.local_date()), facility=sender).exists()


def places_to_offer(sender: Facility, words: str, today: date) -> list[Facility]:
    """Open facilities by words of their name or their place; without words those of the sender's province. One query."""
    rows = Facility.objects.open_on(today).exclude(pk=sender.pk).select_related("region__parent")
    found = [word for word in words.split() if word][:5]
    if not found:
        rows = rows.filter(region__code__startswith=sender.region_id[:2])
    for word in found:
        rows = rows.filter(
            Q(name__icontains=word) | Q(region__name__icontains=word) | Q(region__parent__name__icontains=word)
        )
    return list(rows.order_by("name", "pk")[:SHOWN])


def receipt_code(handover: Handover) -> str:
    """Sixteen signs under the installation's key over what the receipt says: nobody guesses one, none fits another paper."""
    told = [
        str(handover.pk),
        handover.episode.client.code,
        handover.from_facility.code,
        handover.to_facility.code if handover.to_facility else handover.outside,
        handover.offered_at.isoformat(),
        cast(datetime, handover.decided_at).isoformat(),
    ]
    return cast(bytes, vault.blind("handover.receipt", "|".join(told))).hex()[:16]


def verified(code: str) -> Handover | None:
    """The hand-over whose receipt carries this code, as long as its row still says what the paper says."""
    typed = "".join(sign for sign in code.lower() if sign.isalnum())
    if len(typed) != 16:
        return None
    rows = Handover.objects.select_related("episode__client", "from_facility", "to_facility")
    found = rows.filter(receipt=typed).first()
    return found if found and receipt_code(found) == typed else None
