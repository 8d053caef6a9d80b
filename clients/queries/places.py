"""How many places there are and how many are taken: beds where a facility keeps them, else what it declares."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from clients.enums import BEDDED, Setting
from clients.models import Placement, Treatment
from clients.queries.waiting import before
from facilities.enums import CapacityKind
from facilities.models import Bed, Capacity, Facility
from rehab.enums import Sex


def kind_of(setting: str, sex: str) -> str:
    """The kind of declared place that a treatment takes; in prison and in the community none is declared."""
    if setting == Setting.OUTPATIENT:
        return CapacityKind.OUTPATIENT
    if setting == Setting.INPATIENT:
        return CapacityKind.BEDS_FEMALE if sex == Sex.FEMALE else CapacityKind.BEDS_MALE
    return ""


def setting_now(treatment: Treatment) -> str:
    """The setting of the phase that goes on, else the one it started under."""
    last = treatment.phases.filter(ends_on=None).order_by("-starts_on").values_list("setting", flat=True).first()
    return last or treatment.setting


def bedded(treatment: Treatment) -> bool:
    return setting_now(treatment) in BEDDED


def keeps_beds(facility: Facility, on: date) -> bool:
    """Whether the facility has recorded beds; where it has none, nobody is asked for one."""
    return Bed.objects.filter(facility=facility).on(on).exists()


@dataclass(frozen=True)
class Room:
    """Places of one setting and sex at a facility; `beds`: counted bed by bed, not declared."""

    places: int
    taken: int
    beds: bool

    @property
    def free(self) -> int:
        return max(self.places - self.taken, 0)


def rooms(facilities: Iterable[int], setting: str, sex: str, on: date) -> dict[int, Room]:
    """By facility; those that have neither beds nor a declared number are left out. Three queries at most."""
    wanted = list(facilities)
    found = _rooms_of_beds(wanted, sex, on) if setting in BEDDED else {}
    kind = kind_of(setting, sex)
    declared = Capacity.objects.filter(facility__in=set(wanted) - set(found), kind=kind, starts_on__lte=on)
    held = declared.exclude(ends_on__lte=on).order_by().values_list("facility").annotate(total=Sum("places"))
    places = dict(held) if kind else {}
    inside = _inside(places, setting, sex) if places else {}
    return found | {pk: Room(total, inside.get(pk, 0), beds=False) for pk, total in places.items()}


def _rooms_of_beds(facilities: list[int], sex: str, on: date) -> dict[int, Room]:
    """A facility with beds for the other sex alone has no place, which is not the same as keeping no beds."""
    mine = Q(sex=sex)
    rows = Bed.objects.filter(facility__in=facilities).on(on).annotate(lain_in=Exists(_lying(on)))
    counted = rows.order_by().values_list("facility").annotate(
        places=Count("pk", filter=mine), taken=Count("pk", filter=mine & Q(lain_in=True))
    )  # fmt: skip
    return {pk: Room(places, taken, beds=True) for pk, places, taken in counted}


def _inside(facilities: Iterable[int], setting: str, sex: str) -> dict[int, int]:
    current = FilteredRelation("phases", condition=Q(phases__ends_on=None))
    rows = Treatment.objects.open().filter(facility__in=list(facilities), started_on__isnull=False)
    rows = rows.annotate(current=current, now=Coalesce("current__setting", "setting")).filter(now=setting)
    if setting in BEDDED:
        rows = rows.filter(sex=sex)
    return dict(rows.order_by().values_list("facility").annotate(total=Count("pk")))


def _lying(on: date) -> QuerySet[Placement]:
    """Of the bed in the outer query: who lies there on that day or later."""
    return Placement.objects.standing().filter(bed=OuterRef("pk")).filter(Q(ends_on=None) | Q(ends_on__gt=on))


def free_beds(facility: Facility, sex: str, on: date) -> QuerySet[Bed]:
    """Beds for that sex in which nobody lies from that day on, and which stay in use."""
    rows = Bed.objects.filter(facility=facility, sex=sex, ends_on=None).on(on)
    return rows.exclude(Exists(_lying(on))).order_by("room", "label")


@dataclass(frozen=True)
class Asked:
    """What taking a place asks for. `beds`: the free ones, None where no bed is taken; `room`: None where nothing is declared;
    `ahead`: how many on the waiting list go before; `waits`: whether the client stands there."""

    beds: QuerySet[Bed] | None = None
    room: Room | None = None
    ahead: int = 0
    waits: bool = False

    @property
    def full(self) -> bool:
        return self.room is not None and not self.room.free

    @property
    def needs_reason(self) -> bool:
        return bool(self.ahead) or (self.full and self.beds is None)


def asked_for(treatment: Treatment, setting: str) -> Asked:
    """For a treatment that is to start, or to go on, in this setting. At most eight queries."""
    facility, sex = treatment.facility, treatment.client.sex
    today = facility.local_date()
    room = rooms([facility.pk], setting, sex, today).get(facility.pk)
    ahead = before(facility.pk, setting, sex, treatment.episode_id, today)
    beds = free_beds(facility, sex, today) if room and room.beds else None
    return Asked(beds, room, ahead, waits=treatment.episode.waits.open().exists())
