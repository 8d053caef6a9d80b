"""How django-allauth behaves here: no sign-up, secrets encrypted, sentences of our own."""

import functools
from collections.abc import Callable

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse

from rehab import vault
from rehab.readonly import writes_allowed

_CONTEXT = "mfa.secret"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by a unit admin, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class MfaAdapter(DefaultMFAAdapter):
    """TOTP secrets and recovery codes are encrypted with the master key."""

    def encrypt(self, text: str) -> str:
        return vault.seal_alone(text, _CONTEXT).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return vault.open_alone(bytes.fromhex(encrypted_text), _CONTEXT)


def noting_the_look(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """allauth notes with the recovery codes when they were first looked at: a record of a read, so a GET may write it."""

    @functools.wraps(view)
    def noted(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        with writes_allowed():
            return view(request, *args, **kwargs)

    return noted
