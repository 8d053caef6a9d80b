"""Who is in treatment and who waits for a place, beside the places there are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, FilteredRelation, Min, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from clients.models import Placement, Treatment, WaitingListEntry
from clients.queries.places import kind_of
from facilities.models import Bed, Capacity


@dataclass
class Load:
    """One facility: declared places by kind, people in treatment by kind ("" where no kind of place is meant), beds in use
    and those in which somebody lies, people on the waiting list.

    `waits_since`: since when the one that waits longest does.
    """

    places: dict[str, int] = field(default_factory=dict)
    inside: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    beds: int = 0
    lying: int = 0
    waiting: int = 0
    waits_since: date | None = None


def loads(facilities: Iterable[int], on: date) -> dict[int, Load]:
    """By facility, as it stands now; treatments under the setting of their current phase. Four queries."""
    found: dict[int, Load] = {pk: Load() for pk in facilities}
    held = Capacity.objects.filter(facility__in=list(found), starts_on__lte=on).exclude(ends_on__lte=on)
    for pk, kind, places in held.order_by().values_list("facility", "kind").annotate(total=Sum("places")):
        found[pk].places[kind] = places
    current = FilteredRelation("phases", condition=Q(phases__ends_on=None))
    groups = (
        Treatment.objects.open()
        .filter(facility__in=list(found), started_on__isnull=False)
        .annotate(current=current, setting_now=Coalesce("current__setting", "setting"))
        .order_by()
        .values_list("facility", "setting_now", "sex")
        .annotate(inside=Count("pk"))
    )
    for pk, setting, sex, inside in groups:
        found[pk].inside[kind_of(setting, sex)] += inside
    _add_beds(found, on)
    _add_waits(found)
    return found


def _add_beds(found: dict[int, Load], on: date) -> None:
    lying = Placement.objects.standing().filter(bed=OuterRef("pk"), ends_on=None)
    beds = Bed.objects.filter(facility__in=list(found)).on(on).annotate(lain=Exists(lying)).order_by()
    for pk, total, taken in beds.values_list("facility").annotate(
        total=Count("pk"), taken=Count("pk", filter=Q(lain=True))
    ):
        found[pk].beds, found[pk].lying = total, taken


def _add_waits(found: dict[int, Load]) -> None:
    waits = WaitingListEntry.objects.open().filter(facility__in=list(found)).order_by().values_list("facility")
    for pk, people, since in waits.annotate(people=Count("pk"), since=Min("entered_on")):
        found[pk].waiting, found[pk].waits_since = people, since
