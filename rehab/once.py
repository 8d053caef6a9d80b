"""Posting twice changes nothing: each creating form carries a token; its second use leads where the first one led."""

import functools
import secrets
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect

from rehab.models import FormToken

FIELD = "form_token"


def issue() -> str:
    return secrets.token_urlsafe(24)


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """View decorator: a POST whose token was already accepted is answered with the first answer's redirect.

    The token is taken in the same transaction as the view's work, so of two simultaneous posts one waits for the other.
    A view that re-renders its form (errors) keeps the token usable.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        token = request.POST.get(FIELD, "") if request.method == "POST" else ""
        if not token or len(token) > 64:
            return view(request, *args, **kwargs)
        try:
            with transaction.atomic():
                row = FormToken.objects.create(token=token, user_id=request.user.pk, location="")
                response = view(request, *args, **kwargs)
                if not isinstance(response, HttpResponseRedirectBase):
                    raise _NotAccepted(response)
                FormToken.objects.filter(pk=row.pk).update(location=response.url[:300])
                return response
        except _NotAccepted as kept:
            return kept.response
        except IntegrityError:
            used = FormToken.objects.filter(token=token, user_id=request.user.pk).first()
            if used is None:
                raise
            return redirect(used.location or "home")

    return guarded


class _NotAccepted(Exception):
    """Rolls the token back when the form was shown again."""

    def __init__(self, response: HttpResponse):
        self.response = response
