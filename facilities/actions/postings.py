"""Giving and ending posts. Reach and rules are held here, whatever page or command asks."""

from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.access import can
from facilities.actions.checks import believable, clean, ordered
from facilities.enums import UnitKind
from facilities.models import Facility, Posting, Unit
from rehab import audit
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User
from rehab.roles import ROLES, Permission, Role

# These look over the whole nation, so only BNN gives and holds them.
NATIONAL = frozenset({Role.DATA_STEWARD, Role.ANALYST, Role.AUDITOR, Role.SYSTEM_ADMIN})


@action
def give(
    *,
    by: User | None,
    user: User,
    role: str,
    place: Unit | Facility,
    starts_on: date,
    ends_on: date | None = None,
    reason: str = "",
) -> Posting:
    """`user` holds `role` at `place` from `starts_on` up to, not including, `ends_on`.

    Refused: to oneself, outside the giver's reach, a role that has no meaning at the place, the same post twice on one day.
    `by=None` is Titian itself (demo, import).
    """
    holder = User.objects.select_for_update().get(pk=user.pk)
    if by is not None and by.pk == holder.pk:
        raise Refused(_("Nobody gives a post to themselves. Ask another admin."))
    if by is not None and not can(by, Permission.MANAGE_PEOPLE, place):
        raise Refused(_("This place is outside of your reach."), field="place")
    if not holder.is_active:
        raise Refused(_("This account is switched off. Switch it on first."))
    fits(role, place)
    believable(starts_on, "starts_on")
    believable(ends_on, "ends_on")
    ordered(starts_on, ends_on, "ends_on")
    where = {"unit": place} if isinstance(place, Unit) else {"facility": place}
    same = holder.postings.filter(role=role, **where).filter(Q(ends_on=None) | Q(ends_on__gt=starts_on))
    if ends_on is not None:
        same = same.filter(starts_on__lt=ends_on)
    if same.exists():
        raise Refused(_("%(name)s holds this post on these days already.") % {"name": holder.name}, field="role")
    post = Posting(
        user=holder, role=role, starts_on=starts_on, ends_on=ends_on, given_by=by, reason=reason.strip(), **where
    )
    clean(post, ["role", "reason"])
    post.save()
    data = {"user": holder.username, "role": str(role), "place": place.code, "from": starts_on.isoformat()}
    audit.record("posting.given", by=by, subject=post, reason=reason, data=data)
    return post


@action
def end(*, by: User, posting: Posting, ends_on: date, reason: str = "") -> Posting:
    """The post ends: `ends_on` is the first day on which it no longer holds. Nobody ends their own."""
    post = Posting.objects.select_for_update().get(pk=posting.pk)
    if post.user_id == by.pk:
        raise Refused(_("Nobody ends a post of their own. Ask another admin."))
    if not can(by, Permission.MANAGE_PEOPLE, post.place):
        raise Refused(_("This place is outside of your reach."))
    believable(ends_on, "ends_on")
    ordered(post.starts_on, ends_on, "ends_on")
    if post.ends_on and post.ends_on <= timezone.localdate():
        raise Refused(_("This post has ended already."))
    post.ends_on = ends_on
    if reason.strip():
        post.reason = reason.strip()
    clean(post, ["reason"])
    post.save(update_fields=["ends_on", "reason"])
    audit.record("posting.ended", by=by, subject=post, reason=reason, data={"ends_on": ends_on.isoformat()})
    return post


@action
def undo_end(*, by: User, posting: Posting, ended_on: date, ends_on: date | None) -> Posting:
    """Undo `end`: the end that was set to `ended_on` is `ends_on` again. Raises Refused when it was changed since."""
    post = Posting.objects.select_for_update().get(pk=posting.pk)
    if post.user_id == by.pk or not can(by, Permission.MANAGE_PEOPLE, post.place):
        raise Refused(_("This place is outside of your reach."))
    if post.ends_on != ended_on:
        raise Refused(_("The post has another end by now."))
    post.ends_on = ends_on
    clean(post, ["reason"])
    post.save(update_fields=["ends_on"])
    audit.record("posting.taken_up", by=by, subject=post, data={"ends_on": ends_on.isoformat() if ends_on else None})
    return post


def fits(role: str, place: Unit | Facility) -> None:
    """Refuse a role that has no meaning at the place."""
    if role not in Role.values:
        raise Refused(_("Choose a role."), field="role")
    rule = ROLES[Role(role)]
    if rule.at_facility and isinstance(place, Unit):
        raise Refused(_("This role is held at a facility, not at a unit."), field="place")
    if not rule.at_facility and isinstance(place, Facility):
        raise Refused(_("This role is held at a unit, not at a facility."), field="place")
    if Role(role) in NATIONAL and place.kind != UnitKind.BNN:
        raise Refused(_("This role looks over the whole nation; it is held at BNN only."), field="place")
