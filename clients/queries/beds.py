"""The board of beds: room by room who lies where, what is free, who leaves soon, and who lies in none."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from clients.enums import BEDDED
from clients.models import Client, Placement, Treatment, TreatmentPhase, WaitingListEntry
from clients.queries.waiting import Ranked, group_of
from facilities.enums import CapacityKind
from facilities.models import Bed, Facility
from rehab import panels
from rehab.enums import Sex
from rehab.roles import Permission

# Who may open the board; only care staff and a prison's officers find clients there, all others numbers.
BOARD = frozenset(
    {
        Permission.TREAT, Permission.SEE_PLACEMENT, Permission.REGISTER, Permission.EDIT_OWN_FACILITY,
        Permission.EDIT_FACILITIES, Permission.SEE_CLINICAL_SUMMARY,
    }
)  # fmt: skip
NAMED = (Permission.TREAT, Permission.SEE_PLACEMENT)
SOON_DAYS = 14
KINDS = {Sex.MALE: CapacityKind.BEDS_MALE, Sex.FEMALE: CapacityKind.BEDS_FEMALE}

UNPLACED_SHOWN = 20


@dataclass(frozen=True)
class BedState:
    """`leaves_on`: when the facility's length of programme is over, for whoever lies there."""

    bed: Bed
    placement: Placement | None
    out_of_use: bool
    leaves_on: date | None = None
    soon: bool = False


@dataclass(frozen=True)
class BedRoom:
    name: str
    sexes: str
    beds: list[BedState]
    free: int


@dataclass
class SexCount:
    sex: Sex
    beds: int = 0
    taken: int = 0
    declared: int | None = None

    @property
    def free(self) -> int:
        return self.beds - self.taken

    @property
    def label(self) -> str:
        return str(self.sex.label)

    @property
    def differs(self) -> bool:
        return self.declared is not None and self.declared != self.beds


@dataclass
class Board:
    """`unplaced`: in a treatment that takes a bed, and recorded in none; the longest there first, of `unplaced_in_all`."""

    rooms: list[BedRoom]
    counts: list[SexCount]
    unplaced: list[Treatment] = field(default_factory=list)
    unplaced_in_all: int = 0

    @property
    def unplaced_more(self) -> int:
        return self.unplaced_in_all - len(self.unplaced)

    @property
    def soon(self) -> list[BedState]:
        found = [state for room in self.rooms for state in room.beds if state.soon]
        return sorted(found, key=lambda state: state.leaves_on or date.max)

    @property
    def keeps_beds(self) -> bool:
        return bool(self.rooms)

    @property
    def clients(self) -> list[Client]:
        lying = [state.placement.client for room in self.rooms for state in room.beds if state.placement]
        return lying + [row.client for row in self.unplaced]


def board(facility: Facility, today: date) -> Board:
    """Five queries, whatever the number of beds; one more where many lie in none."""
    lying = {row.bed_id: row for row in _lying(facility)}
    states = [_state(bed, lying.get(bed.pk), facility, today) for bed in _latest(facility, today)]
    rooms = [_room(name, list(of)) for name, of in groupby(states, key=lambda state: state.bed.room)]
    # Where no beds are kept nobody is missing in one: nothing to show, and nothing to record as looked at.
    unplaced = list(_unplaced(facility)[: UNPLACED_SHOWN + 1]) if rooms else []
    in_all = len(unplaced) if len(unplaced) <= UNPLACED_SHOWN else _unplaced(facility).count()
    return Board(rooms, _counts(states, facility, today), unplaced[:UNPLACED_SHOWN], in_all)


def _latest(facility: Facility, today: date) -> list[Bed]:
    """Each bed once, as it stands now: in use, or out of use without having come back."""
    rows = Bed.objects.filter(facility=facility, starts_on__lte=today).order_by("room", "label", "starts_on")
    latest = {(bed.room, bed.label): bed for bed in rows}
    return sorted(latest.values(), key=lambda bed: (bed.room, _number(bed.label)))


def _number(label: str) -> tuple[int, str]:
    return (int(label) if label.isdecimal() else 0, label)


def _lying(facility: Facility) -> QuerySet[Placement]:
    rows = Placement.objects.standing().filter(bed__facility=facility, ends_on=None)
    return rows.select_related("client", "treatment")


def _state(bed: Bed, placement: Placement | None, facility: Facility, today: date) -> BedState:
    out = bed.ends_on is not None and bed.ends_on <= today
    leaves_on = None
    if placement and facility.programme_months and placement.treatment.started_on:
        leaves_on = months_after(placement.treatment.started_on, facility.programme_months)
    soon = leaves_on is not None and leaves_on <= today + timedelta(days=SOON_DAYS)
    return BedState(bed, placement, out, leaves_on, soon)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    first = date(day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def _room(name: str, states: list[BedState]) -> BedRoom:
    sexes = dict.fromkeys(str(state.bed.get_sex_display()) for state in states)
    free = sum(state.placement is None and not state.out_of_use for state in states)
    return BedRoom(name, ", ".join(sexes), states, free)


def _counts(states: list[BedState], facility: Facility, today: date) -> list[SexCount]:
    held = facility.capacities.filter(kind__in=KINDS.values(), starts_on__lte=today).exclude(ends_on__lte=today)
    declared = dict(held.values_list("kind", "places"))
    found = []
    for sex, kind in KINDS.items():
        mine = [state for state in states if state.bed.sex == sex and not state.out_of_use]
        taken = sum(state.placement is not None for state in mine)
        found.append(SexCount(Sex(sex), len(mine), taken, declared.get(kind)))
    return [row for row in found if row.beds or row.declared is not None]


def _unplaced(facility: Facility) -> QuerySet[Treatment]:
    lying = Placement.objects.standing().filter(treatment=OuterRef("pk"), ends_on=None)
    rows = Treatment.objects.open().filter(facility=facility, started_on__isnull=False).exclude(Exists(lying))
    now = TreatmentPhase.objects.filter(treatment=OuterRef("pk"), ends_on=None)
    bedded = Q(setting__in=BEDDED) & ~Exists(now) | Exists(now.filter(setting__in=BEDDED))
    return rows.filter(bedded).select_related("client").order_by("started_on", "pk")


@dataclass(frozen=True)
class BedCount:
    """Of one facility: beds in use, and those in which somebody lies."""

    beds: int
    taken: int


def counts(facilities: Iterable[int]) -> dict[int, BedCount]:
    """Beds in use today, and how many are taken, for facilities that keep any. One query."""
    today = timezone.localdate()
    lying = Placement.objects.standing().filter(bed=OuterRef("pk"), ends_on=None)
    rows = Bed.objects.filter(facility__in=list(facilities)).on(today).annotate(taken=Exists(lying)).order_by()
    grouped = rows.values_list("facility").annotate(beds=Count("pk"), lain=Count("pk", filter=Q(taken=True)))
    return {pk: BedCount(beds, taken) for pk, beds, taken in grouped}


@dataclass
class Numbers:
    """One facility in a list: free beds by sex, and how many wait."""

    beds: int = 0
    taken: int = 0
    free_men: int = 0
    free_women: int = 0
    waiting: int = 0


def numbers_of(facilities: Iterable[Facility]) -> dict[int, Numbers]:
    """For a page of facilities. Two queries."""
    found = {facility.pk: Numbers() for facility in facilities}
    lying = Placement.objects.standing().filter(bed=OuterRef("pk"), ends_on=None)
    rows = (
        Bed.objects.filter(facility__in=list(found)).on(timezone.localdate()).annotate(taken=Exists(lying)).order_by()
    )
    for pk, sex, taken, beds in rows.values_list("facility", "sex", "taken").annotate(beds=Count("pk")):
        numbers = found[pk]
        numbers.beds += beds
        if taken:
            numbers.taken += beds
        elif sex == Sex.FEMALE:
            numbers.free_women += beds
        else:
            numbers.free_men += beds
    waits = WaitingListEntry.objects.open().filter(facility__in=list(found)).order_by()
    for pk, people in waits.values_list("facility").annotate(people=Count("pk")):
        found[pk].waiting = people
    return found


@dataclass(frozen=True)
class QueueGroup:
    """Those who wait for the same places, in their order."""

    setting: str
    sex: str
    rows: list[Ranked]


def grouped(queue: Iterable[Ranked]) -> list[QueueGroup]:
    found: dict[tuple[int, str, str], list[Ranked]] = {}
    for row in queue:
        found.setdefault(group_of(row.entry), []).append(row)
    return [
        QueueGroup(rows[0].entry.get_setting_display(), str(rows[0].entry.get_sex_display()) if sex else "", rows)
        for (_facility, _setting, sex), rows in sorted(found.items())
    ]


def placements_of(client: Client) -> list[Placement]:
    """Those of one client that stand, the latest first. No query where `access.client_for` saw that there is none."""
    if not getattr(client, "placed", True):
        return []
    rows = Placement.objects.standing().filter(client=client).select_related("bed", "treatment")
    return panels.fetched_once(client, "placements", lambda: list(rows))
