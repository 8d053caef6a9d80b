"""The first page of each person, and the sign that the process is alive."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from rehab import keyset, worklists
from rehab.agenda import agenda
from rehab.http import Request
from rehab.roles import ROLES, Permission, Role


def home(request: Request) -> HttpResponse:
    post = getattr(request.user, "active_post", None)
    if post is None:
        return render(request, "home/no_post.html")
    return redirect(ROLES[Role(post.role)].home)


def today(request: Request) -> HttpResponse:
    """Hari ini: what there is to do at the place where the person is posted."""
    post = getattr(request.user, "active_post", None)
    if post is None:
        return render(request, "home/no_post.html")
    now = timezone.localtime()
    groups = agenda(request.user, now.date())
    nothing = not any(group.total for group in groups.values())
    treats = Permission.TREAT in post.permissions
    return render(request, "home/today.html", {"now": now, "groups": groups, "nothing": nothing, "treats": treats})


def worklist(request: Request, key: str) -> HttpResponse:
    """All of one kind that wait, or those of them that are late. Whom the kind does not concern learns nothing of it: 404."""
    kind = worklists.get(key)
    day = worklists.Day(request.user, timezone.localdate())
    rows = kind.of(day) if kind and getattr(request.user, "active_post", None) else None
    if kind is None or rows is None:
        raise Http404
    before = kind.late_before(day)
    late = before is not None and request.GET.get("show") == "late"
    rows = rows.filter(**{f"{worklists.DUE}__lt": before}) if late else rows
    page = keyset.page(request, rows, *kind.order)
    context = {
        "kind": kind,
        "late": late,
        "by_lateness": before is not None,
        "page": page,
        "items": [kind.item(each, day) for each in worklists.found_of(page.rows)],
        "count": keyset.count(rows),
    }
    return render(request, "home/worklist.html", context)


def alive(request: Request) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")
