"""Reads for the pages about people: who is where, and who can look at what."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, cast

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities import access
from facilities.access import people_covered, people_for, staff_of
from facilities.enums import CertificateResult
from facilities.models import Facility, Posting, Qualification, TwoStepReset, Unit
from facilities.models.posting import PostingQuerySet
from facilities.queries import posts_at, with_places
from rehab import tunables
from rehab.models import User
from rehab.roles import ROLES, Permission, Role


@dataclass(frozen=True)
class Access:
    """What one post lets its holder see at a place; `above` is the unit through which it reaches there."""

    post: Posting
    sentence: str
    identity: bool
    clinical: bool
    above: Unit | None


class _Known(Protocol):
    known_posts: list[Posting]


EXPIRY_DAYS = "facilities.expiry_days"


@dataclass(frozen=True)
class TwoStep:
    """Whether a person signs in with a second step, and who asked to reset it; for the admin who looks at the page."""

    is_on: bool
    waiting: TwoStepReset | None
    past: list[TwoStepReset]
    may_ask: bool
    may_decide: bool


def two_step(user: User, person: User) -> TwoStep:
    is_on = Authenticator.objects.filter(user=person).exists()
    resets = person.two_step_resets.select_related("asked_by", "decided_by")
    waiting = resets.waiting().first()
    past = resets.exclude(pk=waiting.pk) if waiting else resets
    covered = user.pk != person.pk and people_covered(user).filter(pk=person.pk).exists()
    return TwoStep(
        is_on=is_on,
        waiting=waiting,
        past=list(past[:5]),
        may_ask=covered and is_on and person.is_active,
        may_decide=covered and waiting is not None and waiting.asked_by_id != user.pk,
    )


def people(user: User, *, name: str = "", role: str = "", place: str = "", state: str = "") -> QuerySet[User]:
    """People within reach; `place` is a code, `state` one of "" (a post today), ended, off, all."""
    found = people_for(user)
    for word in name.split():
        found = found.filter(name__icontains=word)
    posts = Posting.objects.filter(user=OuterRef("pk"))
    if role:
        posts = posts.filter(role=role)
    if place:
        posts = posts.filter(Q(unit__code=place) | Q(facility__code=place))
    now = Exists(posts.on(timezone.localdate()))
    if state == "off":
        return found.filter(Exists(posts), is_active=False)
    if state == "ended":
        return found.filter(~now & Exists(posts), is_active=True)
    return found.filter(Exists(posts)) if state == "all" else found.filter(now, is_active=True)


def with_posts(user: User, people: list[User]) -> list[User]:
    """Gives each person `known_posts`, those within reach that have not ended, with the names of their places. One query."""
    today = timezone.localdate()
    posts = access.posts_within(user).filter(user__in=people).filter(Q(ends_on=None) | Q(ends_on__gt=today))
    posts = posts.select_related("unit", "facility").order_by("-starts_on", "pk")
    posts = posts.only("user", "role", "starts_on", "ends_on", "unit__name", "facility__name")
    by_person: dict[int, list[Posting]] = {}
    for post in posts:
        by_person.setdefault(post.user_id, []).append(post)
    for person in people:
        cast(_Known, person).known_posts = by_person.get(person.pk, [])
    return people


def posts_within(user: User) -> PostingQuerySet:
    return with_places(access.posts_within(user))


def access_at(place: Unit | Facility) -> list[Access]:
    """Every post of today that reaches the place, its own first, then those of the units above."""
    unit = place.unit if isinstance(place, Facility) else place
    chain = _upwards(unit)
    own = {"facilities": [place.pk]} if isinstance(place, Facility) else {}
    posts = posts_at(units=[each.pk for each in chain], **own).on(timezone.localdate()).filter(user__is_active=True)
    found = [_access(post, place) for post in posts]
    depth = {each.pk: number for number, each in enumerate(chain)}
    return sorted(found, key=lambda access: depth[access.above.pk] + 1 if access.above else 0)


def qualifications(user: User, person: User) -> dict[str, object]:
    """What the person holds, each with `tone` and `state` for the page, and whether `user` keeps it."""
    today = timezone.localdate()
    soon = today + timedelta(days=tunables.value(EXPIRY_DAYS))
    rows = list(person.qualifications.select_related("recorded_by"))
    for row in rows:
        row.state, row.tone = _state(row, today, soon)
    keeps = person.pk != user.pk and staff_of(user).filter(pk=person.pk).exists()
    return {
        "licences": [row for row in rows if not row.is_certificate],
        "certificates": [row for row in rows if row.is_certificate],
        "keeps": keeps,
    }


def _state(row: Qualification, today: date, soon: date) -> tuple[str, str]:
    if row.result == CertificateResult.NOT_COMPETENT:
        return str(CertificateResult.NOT_COMPETENT.label), "attention"
    if row.starts_on > today:
        return _("not yet"), ""
    if not row.holds_on(today):
        return _("ended"), "danger"
    if row.ends_on and row.ends_on <= soon:
        return _("ends soon"), "attention"
    return _("valid"), "action"


def _access(post: Posting, place: Unit | Facility) -> Access:
    rule = ROLES[Role(post.role)]
    see = post.permissions
    clinical = Permission.SEE_CLINICAL in see
    return Access(
        post, rule.sentence, Permission.SEE_IDENTITY in see, clinical, None if post.place == place else post.unit
    )


def _upwards(unit: Unit | None) -> list[Unit]:
    chain = []
    while unit is not None:
        chain.append(unit)
        unit = unit.parent
    return chain
