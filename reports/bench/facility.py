"""A working day at a facility with five hundred open clients: each page against the trivial list of the same place."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from clients.models import Treatment
from rehab import worklists
from rehab.roles import Role
from reports.bench import floors, pages, people
from reports.bench.clockwork import in_turns
from reports.bench.results import Result

PART = "A full facility"
FULL = 500


def measure() -> Iterator[Result]:
    place = people.fullest_facility()
    held = Treatment.objects.open().filter(facility=place, started_on__isnull=False).count()
    with floors.beside():
        counselor = people.browser(Role.COUNSELOR, place)
        for name, address in (
            ("Hari ini", reverse("today")),
            ("a kind of what waits, whole", reverse("worklist", args=[_longest(place)])),
            ("clients", reverse("clients:list")),
            ("sessions of the day", reverse("clients:sessions")),
            ("out of touch", reverse("clients:out_of_touch")),
            ("urine tests", reverse("assessments:urine_list")),
            ("hand-overs", reverse("clients:handovers")),
            ("beds and waiting list", reverse("clients:beds_of", args=[place.code])),
        ):
            figure, floor = in_turns(pages.getting(counselor, address), pages.getting(counselor, floors.LIST))
            queries, size = pages.asked(counselor, address)
            many = " (too many)" if queries > pages.MOST_QUERIES else ""
            note = f"{queries} queries{many}, {size / 1000:.0f} kB, {held} open"
            yield Result(PART, name, figure, "ms", floor, "trivial list", pages.LISTS_BUDGET, note=note)


def _longest(place) -> str:
    """The kind of which most waits there."""
    user = people.user(Role.COUNSELOR, place)
    found = worklists.first(worklists.Day(user, timezone.localdate()))
    return max(found, key=lambda each: each[2])[0].key
