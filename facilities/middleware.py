"""The post a person works at in this request: chosen in the session, else the first that holds today."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from facilities.access import at_work, posts_of

SESSION_KEY = "post"


class ActivePost:
    """Sets `user.posts` and `user.active_post`, and the time zone of the page to that of the place."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        posts = posts_of(request.user)
        chosen = request.session.get(SESSION_KEY)
        active = next((post for post in posts if post.pk == chosen), posts[0] if posts else None)
        known = at_work(request.user)
        known.posts, known.active_post = posts, active
        if active is None:
            return self.get_response(request)
        with timezone.override(active.place.zone):
            return self.get_response(request)
