"""Undo instead of "are you sure?": an act is done at once, and its message carries a button that takes it back.

An app registers what takes an act back (`@undo.verb("plans.discarded")`, an action: keyword arguments, `by` first); the view
that did the act says so with `undo.offer(...)`. The button works for a few minutes and only for the person who acted; the
registered action refuses, with a sentence, when things have moved on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from rehab.errors import Refused
from rehab.models import User

MINUTES = 10
FIELD = "undo"
_SALT = "rehab.undo"
_TAG = "undo:"

_verbs: dict[str, Callable[..., Any]] = {}


@dataclass(frozen=True)
class Undone:
    """Where to go on."""

    back: str


def verb(key: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: this takes back the act called `key`."""

    def keep(function: Callable[..., Any]) -> Callable[..., Any]:
        _verbs[key] = function
        return function

    return keep


def offer(request: HttpRequest, text: str, key: str, *, back: str, **keys: int | str | list) -> None:
    """Say on the next page what was done, with a button that takes it back and leads to `back` (an address of ours)."""
    token = signing.dumps([request.user.pk, key, keys, back], salt=_SALT, compress=True)
    messages.success(request, text, extra_tags=_TAG + token)


def token_of(extra_tags: str) -> str:
    """What `offer` put into a message; empty for other messages."""
    return extra_tags.removeprefix(_TAG) if (extra_tags or "").startswith(_TAG) else ""


def take_back(*, by: User, token: str) -> Undone:
    """Raises Refused for somebody else's, an old or a made-up button, and when things have moved on."""
    try:
        user_id, key, keys, back = signing.loads(token, salt=_SALT, max_age=MINUTES * 60)
    except signing.SignatureExpired as error:
        raise Refused(
            _("This can be undone for %(minutes)s minutes only; they have gone by."), params={"minutes": MINUTES}
        ) from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Refused(_("This cannot be undone.")) from error
    if user_id != by.pk:
        raise Refused(_("Only the person who did this can undo it."))
    _verbs[key](by=by, **keys)
    return Undone(back)
