"""The register as the streams of clients need it: read once, plain numbers, days as ordinals."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random
from typing import cast

from facilities.enums import FacilityKind
from facilities.models import FacilityTerm, Posting
from rehab.enums import Zone
from rehab.roles import Role
from reports.simulation.kinds import KINDS, KindRule
from reports.simulation.register import simulated

NEVER = date.max.toordinal()
HOURS = {Zone.WIB: 7, Zone.WITA: 8, Zone.WIT: 9}
# Whoever comes is served to the end: nobody is taken in this long before a facility closes.
LAST_CLIENTS = 400


@dataclass(frozen=True, slots=True)
class Term:
    first: int
    end: int
    unit: int
    ownership: str


@dataclass(frozen=True, slots=True)
class Place:
    """A facility. `hours` is the distance of its clock from UTC, `by` who records there."""

    id: int
    region: str
    rule: KindRule
    prison: bool
    opened: int
    closing: int
    terms: tuple[Term, ...]
    hours: int
    by: int

    def takes(self, day: int) -> bool:
        return self.opened <= day < self.closing

    def term(self, day: int) -> Term:
        for term in self.terms:
            if term.first <= day < term.end:
                return term
        raise ValueError(f"facility {self.id} has no term on {date.fromordinal(day)}")


class Choice:
    """Weighted choice by one look at a sorted list."""

    def __init__(self, items, weights):
        self._items, self._reached = list(items), list(accumulate(weights))

    def pick(self, random: Random):
        return self._items[bisect_right(self._reached, random.random() * self._reached[-1])]


class Nation:
    """The facilities, weighted by size: of the whole nation and of each province."""

    def __init__(self, places: list[Place], luck: Random):
        self.places = places
        # No two facilities of a kind are of one size.
        sizes = {place.id: place.rule.size * luck.lognormvariate(0, 0.5) for place in places}
        self._all = Choice(places, (sizes[place.id] for place in places))
        provinces = defaultdict(list)
        for place in places:
            provinces[place.region[:2]].append(place)
        self._near = {
            code: Choice(near, (sizes[place.id] for place in near)) for code, near in sorted(provinces.items())
        }

    @property
    def clinic(self) -> Place:
        """The clinic of the first province's office; it never closes."""
        return next(place for place in self.places if place.rule is KINDS[FacilityKind.KLINIK_PRATAMA])

    def anywhere(self, random: Random, day: int) -> Place:
        """A facility that takes people in on that day."""
        while True:
            place = self._all.pick(random)
            if place.takes(day):
                return place

    def another(self, random: Random, place: Place, day: int) -> Place:
        """Another facility of the province that is no prison unless this one is; else one anywhere; else the same."""
        for near in [self._near[place.region[:2]].pick] * 8 + [self._all.pick] * 8:
            other = near(random)
            if other is not place and other.takes(day) and other.prison == place.prison:
                return other
        return place


def read(seed: int) -> Nation:
    """Four queries."""
    terms = defaultdict(list)
    for row in FacilityTerm.objects.filter(facility__in=simulated()).order_by("starts_on"):
        end = row.ends_on.toordinal() if row.ends_on else NEVER
        terms[row.facility_id].append(Term(row.starts_on.toordinal(), end, row.unit_id, row.ownership))
    posts = Posting.objects.filter(facility__in=simulated(), role=Role.COUNSELOR).order_by("-pk")
    people = dict(posts.values_list("facility_id", "user_id"))
    places = [
        Place(
            id=row.pk,
            region=row.region_id,
            rule=KINDS[FacilityKind(row.kind)],
            prison=KINDS[FacilityKind(row.kind)].doors[0][0] == "prison",
            opened=cast(date, row.opened_on).toordinal(),
            closing=row.closed_on.toordinal() - LAST_CLIENTS if row.closed_on else NEVER,
            terms=tuple(terms[row.pk]),
            hours=HOURS[row.zone],
            by=people[row.pk],
        )
        for row in simulated().select_related("region").order_by("code")
    ]
    return Nation(places, Random(f"{seed}:sizes"))
