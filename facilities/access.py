"""Who may do what where. A person's reach is computed once for each request, here, and every `visible_to` reads it.

A role at a unit reaches the units below it in today's tree and the facilities they supervise; a role at a facility
reaches that facility. With several posts the active one counts; outside of a request (a command, a test) all of them.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone

from facilities.enums import UnitKind
from facilities.models import Facility, Posting, TwoStepReset, Unit
from facilities.models.posting import PostingQuerySet
from facilities.queries import descendants
from rehab.http import Request
from rehab.models import User
from rehab.roles import Permission

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Scope:
    """The reach of one person: for each permission the units and the facilities it holds for; `nation` are those that hold
    for all of them."""

    units: dict[Permission, frozenset[int]] = field(default_factory=dict)
    facilities: dict[Permission, frozenset[int]] = field(default_factory=dict)
    nation: frozenset[Permission] = frozenset()


class AtWork(Protocol):
    """What a user object carries while a request lasts."""

    posts: list[Posting]
    active_post: Posting | None
    _scope: Scope


def posts_of(user: User) -> list[Posting]:
    """The posts that hold today, by the date at each place, oldest first, with their places."""
    if not user.is_authenticated or not user.is_active:
        return []
    now = timezone.now()
    found = user.postings.around(now).select_related("unit", "facility", "facility__unit", "facility__region")
    return [post for post in found if post.holds_on(post.place.local_date(now))]


def scope_of(user: User) -> Scope:
    """Computed once and kept with the user object, which lives as long as the request."""
    known = cast(AtWork, user)
    if not hasattr(known, "_scope"):
        active = getattr(user, "active_post", None)
        known._scope = _scope([active] if active else posts_of(user))
    return known._scope


def at_work(user: User) -> AtWork:
    """The user of a request, with the posts that the middleware found."""
    return cast(AtWork, user)


def post_of(user: User) -> Posting:
    """The post at which one works now; whom `permitted` lets in has one."""
    return cast(Posting, at_work(user).active_post)


def _scope(posts: list[Posting]) -> Scope:
    below = descendants([post.unit_id for post in posts if post.unit_id], on=timezone.localdate())
    supervised: dict[int, set[int]] = {}
    if below:
        every_unit = set().union(*below.values())
        for pk, unit in Facility.objects.filter(unit__in=every_unit).values_list("pk", "unit_id"):
            supervised.setdefault(unit, set()).add(pk)
    units: dict[Permission, set[int]] = {}
    facilities: dict[Permission, set[int]] = {}
    for post in posts:
        reach = below.get(post.unit_id, set()) if post.unit_id else set()
        places = {post.facility_id} if post.facility_id else {pk for unit in reach for pk in supervised.get(unit, ())}
        for permission in post.permissions:
            units.setdefault(permission, set()).update(reach)
            facilities.setdefault(permission, set()).update(places)
    return Scope(
        {permission: frozenset(ids) for permission, ids in units.items()},
        {permission: frozenset(ids) for permission, ids in facilities.items()},
        frozenset(permission for post in posts if _at_the_top(post) for permission in post.permissions),
    )


def _at_the_top(post: Posting) -> bool:
    return post.unit is not None and post.unit.kind == UnitKind.BNN


def permissions_of(user: User) -> frozenset[Permission]:
    return frozenset(scope_of(user).facilities)


def facility_ids(user: User, *permissions: Permission) -> frozenset[int]:
    """Facilities for which the person holds at least one of the permissions."""
    reach = scope_of(user).facilities
    return frozenset().union(*(reach.get(permission, frozenset()) for permission in permissions))


def unit_ids(user: User, *permissions: Permission) -> frozenset[int]:
    reach = scope_of(user).units
    return frozenset().union(*(reach.get(permission, frozenset()) for permission in permissions))


def can(user: User, permission: Permission, place: Unit | Facility | None = None) -> bool:
    """Whether the person holds the permission at `place`, or anywhere when no place is named."""
    if place is None:
        return permission in scope_of(user).facilities
    reach = unit_ids if isinstance(place, Unit) else facility_ids
    return place.pk in reach(user, permission)


def unit_for(user: User, code: str, permission: Permission) -> Unit:
    """The unit, for a person who holds the permission there; anyone else learns nothing: 404."""
    return reached(Unit.objects.filter(code=code, pk__in=unit_ids(user, permission)).select_related("parent"))


def facility_for(user: User, code: str, *permissions: Permission) -> Facility:
    """The facility, for a person who holds one of the permissions there. The register itself is open to SEE_FACILITIES."""
    found = Facility.objects.select_related("unit", "region", "region__parent").filter(code=code)
    if Permission.SEE_FACILITIES not in permissions or not can(user, Permission.SEE_FACILITIES):
        found = found.filter(pk__in=facility_ids(user, *permissions))
    return reached(found)


def nationwide(user: User, permission: Permission) -> bool:
    """Whether the permission is held at BNN itself: it reaches every facility, and what belongs to the whole nation."""
    return permission in scope_of(user).nation


def posts_within(user: User) -> PostingQuerySet:
    """Posts of every day at the places where `user` keeps people; at BNN that is everywhere, and nothing is compared."""
    if nationwide(user, Permission.MANAGE_PEOPLE):
        return Posting.objects.all()
    units, facilities = unit_ids(user, Permission.MANAGE_PEOPLE), facility_ids(user, Permission.MANAGE_PEOPLE)
    return Posting.objects.filter(Q(unit__in=units) | Q(facility__in=facilities))


def people_for(user: User) -> QuerySet[User]:
    """People with a post, now or ever, at a place where `user` keeps people."""
    return User.objects.filter(Exists(posts_within(user).filter(user=OuterRef("pk"))))


def person_for(user: User, pk: int) -> User:
    """One of `people_for`; anyone else learns nothing: 404."""
    return reached(people_for(user).filter(pk=pk))


def staff_of(user: User) -> QuerySet[User]:
    """People whose licences and certificates `user` keeps: posted today at a facility that `user` keeps, or `people_for`."""
    kept = facility_ids(user, Permission.EDIT_OWN_FACILITY)
    here = Posting.objects.filter(user=OuterRef("pk"), facility__in=kept).on(timezone.localdate())
    return User.objects.filter(Exists(here) | Exists(posts_within(user).filter(user=OuterRef("pk"))))


def staff_for(user: User, pk: int, *, keeping: bool = False) -> User:
    """One of `staff_of`, or, to look only, oneself; anyone else learns nothing: 404."""
    if pk == user.pk and not keeping:
        return user
    return reached(staff_of(user).filter(pk=pk))


def people_covered(user: User) -> QuerySet[User]:
    """People with a post today, every one of which lies where `user` keeps people: what concerns the whole account."""
    units, facilities = unit_ids(user, Permission.MANAGE_PEOPLE), facility_ids(user, Permission.MANAGE_PEOPLE)
    today = Posting.objects.filter(user=OuterRef("pk")).on(timezone.localdate())
    outside = today.exclude(Q(unit__in=units) | Q(facility__in=facilities))
    return User.objects.filter(Exists(today), ~Exists(outside))


def resets_to_decide(user: User) -> QuerySet[TwoStepReset]:
    """Requests of others, for others, that `user` may consent to. Nobody decides on their own."""
    others = TwoStepReset.objects.waiting().exclude(Q(asked_by=user) | Q(user=user))
    return others.filter(user__in=people_covered(user)).select_related("user", "asked_by").order_by("expires_at")


def reset_for(user: User, person_pk: int) -> TwoStepReset:
    """The request for this person that `user` may decide on; else 404."""
    return reached(resets_to_decide(user).filter(user=person_pk))


def reached(rows: QuerySet[Row]) -> Row:
    """The first of the rows that a person's reach leaves; 404 where it leaves none: nobody learns whether there is one."""
    row = rows.first()
    if row is None:
        raise Http404
    return row


def one_of(rows: QuerySet[Row], pk: int) -> Row:
    """One of the rows that the caller has already been let to reach (a term of a facility, a post within reach); else 404."""
    return reached(rows.filter(pk=pk))


def permitted(*permissions: Permission) -> Callable:
    """View decorator: the person's role has one of the permissions somewhere; else 403, since the page is no secret."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def guarded(request: Request, *args, **kwargs) -> HttpResponse:
            if not any(can(request.user, permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        vars(guarded)["permissions"] = permissions
        return guarded

    return decorate
