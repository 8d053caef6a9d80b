"""A form that comes in after the session has ended: kept for the person it was made for, and brought back after signing in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from allauth.account.forms import LoginForm
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from rehab import drafts
from rehab.models import User

_KEEPS = "_keeps_draft"


@dataclass(frozen=True)
class Kept:
    """`page` is where the form stands; the names of files tell what has to be chosen once more."""

    page: str
    files: tuple[str, ...]


def ours(url: str) -> bool:
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


def kept(request: HttpRequest) -> Kept | None:
    """Keep what was posted as the draft of the person whom the form's signature names; None for a form that keeps none.

    Nobody is signed in here: the signature alone says whose it is, and only that person ever sees it.
    """
    user_id, place = drafts.signed(request.POST.get(drafts.FIELD, "")) or (None, "")
    user = User.objects.filter(pk=user_id, is_active=True).first() if user_id else None
    page = request.POST.get("draft_page", "")
    if user is None or not ours(page):
        return None
    before, row = drafts.read(by=user, place=place)
    try:
        content = drafts.Content(
            drafts.of_post(request.POST),
            before.title if before else _("Unfinished form"),
            before.about if before else "",
            page[:300],
        )
        drafts.keep(by=user, place=place, content=content, post_id=row.post_id if row else None)
    except drafts.TooLong:
        return None
    files = cast("Iterable[UploadedFile]", request.FILES.values())
    return Kept(page, tuple(each.name or "" for each in files))


def sign_in_page(request: HttpRequest, kept: Kept) -> HttpResponse:
    """The sign-in in place of the page that was asked for; it leads back to the form."""
    return render(request, "account/resume.html", {"form": LoginForm(request=request), "kept": kept}, status=401)


def keep_draft(request: HttpRequest) -> None:
    """Called by a view that answers a form with a redirect although it did not accept it."""
    setattr(request, _KEEPS, True)


def finish_draft(request: HttpRequest) -> None:
    """The draft of an accepted form goes; an error message on the way says that it was not accepted."""
    token = request.POST.get(drafts.FIELD, "")
    if not token or getattr(request, _KEEPS, False) or not request.user.is_authenticated:
        return
    user_id, place = drafts.signed(token) or (None, "")
    said = messages.get_messages(request)._queued_messages  # type: ignore[union-attr]  # only of this request; private
    if user_id == request.user.pk and not any(each.level >= messages.ERROR for each in said):
        drafts.finish(by=request.user, place=place)
