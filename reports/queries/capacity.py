"""Who is in treatment and who waits for it, beside the places there are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, FilteredRelation, Min, Q, Sum
from django.db.models.functions import Coalesce

from clients.enums import Setting
from clients.models import Treatment
from facilities.enums import CapacityKind
from facilities.models import Capacity
from rehab.enums import Sex


@dataclass
class Load:
    """One facility: places by kind, people in treatment by kind ("" where no kind of place is meant), people waiting.

    `waits_since`: for the one that waits longest, the day the treatment was planned for.
    """

    places: dict[str, int] = field(default_factory=dict)
    inside: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    waiting: int = 0
    waits_since: date | None = None


def kind_of(setting: str, sex: str) -> str:
    """The kind of place that a treatment takes; in prison and in the community none is kept."""
    if setting == Setting.OUTPATIENT:
        return CapacityKind.OUTPATIENT
    if setting == Setting.INPATIENT:
        return CapacityKind.BEDS_FEMALE if sex == Sex.FEMALE else CapacityKind.BEDS_MALE
    return ""


def loads(facilities: Iterable[int], on: date) -> dict[int, Load]:
    """By facility, of the open treatments as they stand now, under the setting of their current phase. Two queries."""
    found: dict[int, Load] = {pk: Load() for pk in facilities}
    held = Capacity.objects.filter(facility__in=list(found), starts_on__lte=on).exclude(ends_on__lte=on)
    for pk, kind, places in held.order_by().values_list("facility", "kind").annotate(total=Sum("places")):
        found[pk].places[kind] = places
    current = FilteredRelation("phases", condition=Q(phases__ends_on=None))
    groups = (
        Treatment.objects.open()
        .filter(facility__in=list(found))
        .annotate(current=current, setting_now=Coalesce("current__setting", "setting"))
        .order_by()
        .values_list("facility", "setting_now", "sex")
        .annotate(
            inside=Count("pk", filter=Q(started_on__isnull=False)),
            waiting=Count("pk", filter=Q(started_on=None)),
            since=Min("planned_on", filter=Q(started_on=None)),
        )
    )
    for pk, setting, sex, inside, waiting, since in groups:
        load = found[pk]
        load.inside[kind_of(setting, sex)] += inside
        load.waiting += waiting
        if since and (load.waits_since is None or since < load.waits_since):
            load.waits_since = since
    return found
