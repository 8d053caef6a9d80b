"""Posting twice changes nothing: each creating form carries a token; its second use leads where the first one led."""

import functools
import re
import secrets
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect

from rehab.http import Request
from rehab.models import FormToken

FIELD = "form_token"
_TOKEN = re.compile(r"[\w-]{1,64}", re.ASCII)


def issue() -> str:
    return secrets.token_urlsafe(24)


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """View decorator: a POST whose token was already accepted is answered with the first answer's redirect.

    The token is taken in the same transaction as the view's work, so of two simultaneous posts one waits for the other.
    A view that shows its form again (errors) gives the token back; what it recorded (a look at what it shows) stays.
    A token that somebody else used up was accepted then, for them: it leads to one's own first page and does nothing.
    """

    @functools.wraps(view)
    def guarded(request: Request, *args, **kwargs) -> HttpResponse:
        token = request.POST.get(FIELD, "") if request.method == "POST" else ""
        if not _TOKEN.fullmatch(token):
            return view(request, *args, **kwargs)
        try:
            with transaction.atomic():
                row = FormToken.objects.create(token=token, user_id=request.user.pk, location="")
                response = view(request, *args, **kwargs)
                if isinstance(response, HttpResponseRedirectBase):
                    FormToken.objects.filter(pk=row.pk).update(location=response.url[:300])
                else:
                    row.delete()
                return response
        except IntegrityError:
            used = FormToken.objects.filter(token=token).first()
            if used is None:
                raise
            return redirect(used.location or "home") if used.user_id == request.user.pk else redirect("home")

    return guarded
