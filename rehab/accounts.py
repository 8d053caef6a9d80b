"""How django-allauth behaves here: no sign-up, secrets encrypted, sentences of our own."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from rehab import vault

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
