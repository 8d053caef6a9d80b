"""The first page of each person, and the sign that the process is alive."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from rehab import panels
from rehab.roles import ROLES, Role

GROUPS = ("attention", "today", "due", "drafts", "missed")


def home(request: HttpRequest) -> HttpResponse:
    post = getattr(request.user, "active_post", None)
    if post is None:
        return render(request, "home/no_post.html")
    return redirect(ROLES[Role(post.role)].home)


def today(request: HttpRequest) -> HttpResponse:
    """Hari ini: what there is to do at the place where the person is posted."""
    if getattr(request.user, "active_post", None) is None:
        return render(request, "home/no_post.html")
    now = timezone.localtime()
    items = sorted(panels.items_of_today(request.user, now.date()), key=_first_things_first)
    groups = {group: [item for item in items if item.group == group] for group in GROUPS}
    return render(request, "home/today.html", {"now": now, "groups": groups, "nothing": not items})


def _first_things_first(item: panels.TodayItem) -> tuple[bool, bool, str]:
    """What is urgent, then the oldest day, whichever app it comes from; what has no day keeps its place at the end."""
    return (
        not (item.urgent and item.group == "attention"),
        item.when is None,
        item.when.isoformat()[:10] if item.when else "",
    )


def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")
