"""Small guards around every view."""

import errno
import logging
import re
import uuid
from collections.abc import Callable, Iterator

import pghistory
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import render
from django.urls import reverse

from rehab import audit, resuming
from rehab.http import Visit
from rehab.readonly import select_only

logger = logging.getLogger(__name__)
Next = Callable[[HttpRequest], HttpResponse]
SAFE = {"GET", "HEAD", "OPTIONS"}
# All that may be opened without a login; everything else is closed by default.
OPEN = re.compile(r"^/(masuk/|keluar/|sandi/|bahasa/|sehat/|static/|versi/|jsi18n/)")


class ContentSecurityPolicy:
    """Pages load nothing from outside and run no inline script or style."""

    POLICY = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
    )

    def __init__(self, get_response: Next):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.POLICY)
        if not request.path.startswith("/static/"):
            # A page with a client's data must not be found again by the back button after signing out.
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class NoNul:
    """PostgreSQL stores no NUL: an address or a cookie that carries one is answered 400 before it reaches a query."""

    def __init__(self, get_response: Next):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any("\x00" in text for text in (request.path_info, *request.COOKIES.values())):
            raise BadRequest("a NUL in the address or in a cookie")
        return self.get_response(request)


class TypedText:
    """The same for what was typed: a NUL, which only a paste or a program brings, is left out, so that nothing else is lost.

    Forms would refuse it field by field; a reason or a word to search for that a view reads by itself would reach a query.
    A view that takes in files has to read the form itself (it is exempt from the early CSRF check) and does it with a form.
    """

    def __init__(self, get_response: Next):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return
        if any("\x00" in text for _name, texts in request.POST.lists() for text in texts):
            typed = request.POST.copy()
            for name, texts in request.POST.lists():
                typed.setlist(name, [text.replace("\x00", "") for text in texts])
            request.POST = typed  # type: ignore[assignment]  # the stubs leave no way to give a form anew


class LoginRequired:
    """Closed by default. A timed-out page is given back after signing in; a part of a page says so instead.

    A form that was sent too late is kept as its person's draft, so that it comes back with everything that was typed.
    """

    def __init__(self, get_response: Next):
        self.get_response = get_response

    def __call__(self, request: Visit) -> HttpResponse:
        if request.user.is_authenticated or OPEN.match(request.path_info):
            return self.get_response(request)
        if request.htmx:
            response = HttpResponse(status=401)
            response["HX-Trigger"] = "signed-out"
            return response
        if request.method == "POST" and (kept := resuming.kept(request)):
            return resuming.sign_in_page(request, kept)
        back = request.get_full_path() if request.method in SAFE else request.headers.get("Referer", "/")
        return redirect_to_login(back, reverse(settings.LOGIN_URL))


class FinishedDraft:
    """A form that was accepted, which a redirect without an error message shows, needs its draft no longer."""

    def __init__(self, get_response: Next):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and isinstance(response, HttpResponseRedirectBase):
            resuming.finish_draft(request)
        return response


class HistoryContext:
    """Each row of history made by a request says who made it and in which request."""

    def __init__(self, get_response: Next):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex
        token = audit.request_id.set(request_id)
        try:
            if request.method in SAFE:
                return self.get_response(request)
            with pghistory.context(user=request.user.pk, request=request_id):
                return self.get_response(request)
        finally:
            audit.request_id.reset(token)


class ReadOnlyGet:
    """Innermost: while a view answers a GET, only SELECT passes (sessions are saved outside of it)."""

    def __init__(self, get_response: Next):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE:
            return self.get_response(request)
        with select_only():
            return self.get_response(request)


class FullDisk:
    """Where the server has no room for a file (an export, an upload) a page says so: nothing of it was kept."""

    NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

    def __init__(self, get_response: Next):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not any(isinstance(each, OSError) and each.errno in self.NO_ROOM for each in _reasons(error)):
            return None
        logger.error("no room left on the disk for %s", request.path, exc_info=error)
        return render(request, "507.html", status=507)


def _reasons(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
