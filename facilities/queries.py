"""Reads of the register in the domain's words."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from facilities.enums import RegionLevel
from facilities.models import Facility, FacilityTerm, IpwlDesignation, Posting, Qualification, Region, Unit, UnitTerm
from facilities.models.posting import PostingQuerySet


def descendants(unit_ids: Iterable[int], *, on: date) -> dict[int, set[int]]:
    """For each unit: itself and all units below it, by the tree of that day. One query."""
    roots = list(unit_ids)
    if not roots:
        return {}
    children: dict[int | None, list[int]] = {}
    held = UnitTerm.objects.filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gt=on))
    for unit, parent in held.values_list("unit_id", "parent_id"):
        children.setdefault(parent, []).append(unit)
    found = {}
    for root in roots:
        reached, waiting = set(), [root]
        while waiting:
            unit = waiting.pop()
            reached.add(unit)
            waiting.extend(child for child in children.get(unit, ()) if child not in reached)
        found[root] = reached
    return found


def term_on(facility_id: int, day: date) -> FacilityTerm | None:
    """Supervision, ownership and flags of a facility on a day."""
    held = FacilityTerm.objects.filter(facility_id=facility_id, starts_on__lte=day)
    return held.filter(Q(ends_on=None) | Q(ends_on__gt=day)).select_related("unit").first()


def terms_since(facility_id: int, day: date) -> QuerySet[FacilityTerm]:
    """The terms that hold on that day or later, oldest first."""
    return FacilityTerm.objects.filter(facility_id=facility_id).exclude(ends_on__lte=day).order_by("starts_on")


def register(on: date) -> QuerySet[Facility]:
    """The national register with unit, place and `ipwl_today`."""
    valid = IpwlDesignation.objects.filter(facility=OuterRef("pk"), starts_on__lte=on).exclude(ends_on__lte=on)
    return Facility.objects.select_related("unit", "region", "region__parent").annotate(ipwl_today=Exists(valid))


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Today's names of units and facilities by their codes; unknown codes are left out. Two queries at most."""
    wanted = set(codes) - {""}
    if not wanted:
        return {}
    units = Unit.objects.filter(code__in=wanted).values_list("code", "name")
    return {**dict(units), **dict(Facility.objects.filter(code__in=wanted).values_list("code", "name"))}


def posts_at(*, units: Iterable[int] = (), facilities: Iterable[int] = ()) -> PostingQuerySet:
    """Posts at the places, of every day, with person and place."""
    return with_places(Posting.objects.filter(Q(unit__in=units) | Q(facility__in=facilities)))


def with_places(posts: PostingQuerySet) -> PostingQuerySet:
    return posts.select_related("user", "unit", "facility", "given_by").order_by("user__name", "-starts_on", "pk")


def tree(on: date) -> list[tuple[int, UnitTerm]]:
    """The units of that day with their depth, each under its parent. One query."""
    held = UnitTerm.objects.filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gt=on))
    below: dict[int | None, list[UnitTerm]] = {}
    for term in held.select_related("unit").order_by("unit__code"):
        below.setdefault(term.parent_id, []).append(term)

    def walk(parent: int | None, depth: int) -> Iterator[tuple[int, UnitTerm]]:
        for term in below.get(parent, ()):
            yield depth, term
            yield from walk(term.unit_id, depth + 1)

    return list(walk(None, 0))


def with_history(rows: list[tuple[int, UnitTerm]]) -> list[tuple[int, UnitTerm]]:
    """Gives each term of the tree `history`: all terms of its unit, newest first, where there is more than one. One query."""
    every: dict[int, list[UnitTerm]] = {}
    for term in UnitTerm.objects.select_related("parent", "given_by").order_by("-starts_on"):
        every.setdefault(term.unit_id, []).append(term)
    for _depth, term in rows:
        terms = every[term.unit_id]
        term.history = terms if len(terms) > 1 else []
    return rows


def areas() -> list[tuple[str, str, str]]:
    """("province" or "unit", code, name) of each province and each unit of today, to choose from. One query."""
    provinces = Region.objects.filter(level=RegionLevel.PROVINCE).annotate(what=Value("province"))
    units = Unit.objects.filter(ends_on=None).annotate(what=Value("unit"))
    columns = ("what", "code", "name")
    return sorted(provinces.order_by().values_list(*columns).union(units.order_by().values_list(*columns), all=True))


def qualified(user_id: int, any_of: Iterable[str], *, on: date) -> bool:
    """Whether the person held one of these licences or certificates (codes of Qualifying) on the day, as far as recorded."""
    return Qualification.objects.filter(user=user_id, what__in=list(any_of)).valid_on(on).exists()
