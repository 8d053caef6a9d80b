"""What the frame around every page needs."""

from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from rehab import panels
from rehab.demo import LOGINS
from rehab.roles import Permission


@dataclass(frozen=True)
class MenuLink:
    label: str
    url: str
    icon: str
    active: bool
    badge: str = ""


@dataclass(frozen=True)
class PostView:
    id: int
    label: str
    place: str
    zone: str
    role_label: str


@dataclass(frozen=True)
class Frame:
    demo: bool = False
    menu: list[MenuLink] = field(default_factory=list)
    post: PostView | None = None
    posts: list[PostView] = field(default_factory=list)
    can_search: bool = False
    can_register: bool = False


def frame(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    posts = getattr(user, "posts", [])
    active = getattr(user, "active_post", None)
    if active is None:
        return {"frame": Frame(demo=settings.DEMO), "demo_logins": LOGINS if settings.DEMO else ()}
    permissions = active.permissions
    items = [item for item in panels.menu() if item.permissions & permissions]
    here = _here(request, items)
    menu = [
        MenuLink(
            str(item.label),
            reverse(item.url_name),
            item.icon,
            item in here,
            badge=reverse(badge) if (badge := panels.badge_of(item.url_name, permissions)) else "",
        )
        for item in items
    ]
    return {
        "frame": Frame(
            demo=settings.DEMO,
            menu=menu,
            post=_post_view(active),
            posts=[_post_view(post) for post in posts],
            can_search=Permission.SEE_CLIENTS in permissions,
            can_register=Permission.REGISTER in permissions,
        )
    }


def _here(request: HttpRequest, items: list[panels.MenuItem]) -> list[panels.MenuItem]:
    """The items that the page belongs to: by its view's name, else by its address, so that every tab of a client is among the
    clients whichever app shows it."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    named = [item for item in items if name.startswith(item.active or (item.url_name,))]
    return named or [item for item in items if request.path.startswith(reverse(item.url_name))]


def _post_view(post) -> PostView:
    place = post.place
    return PostView(post.pk, str(post), place.name, place.zone_label, post.get_role_display())
