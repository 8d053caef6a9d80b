"""Finding clients of one's own scope by what people say: a code, a name, a NIK, a phone number."""

from django.db.models import Q, QuerySet

from clients.codes import as_code
from clients.models import Client, Identity
from clients.queries.identities import opened_fields
from rehab import vault
from rehab.identity import nik, tokens
from rehab.models import User
from rehab.roles import Permission

MOST = 50
PHONE_DIGITS = 8


def search(user: User, text: str) -> list[Client]:
    """At most MOST clients whose identity the person may see, the newest first; a name is compared after decryption."""
    code = as_code(text)
    if code:
        return list(Client.objects.visible_to(user, Permission.SEE_IDENTITY).filter(code=code))
    exact = _exact(text)
    identities = Identity.objects.visible_to(user).select_related("client").order_by("-client_id")
    if exact is not None:
        return [row.client for row in identities.filter(exact)[:MOST]]
    return [row.client for row in _named(identities, text) if _is_called(row, text)]


def _exact(text: str) -> Q | None:
    """A NIK or a phone number, by its keyed index."""
    digits = nik.clean(text)
    if digits.isdecimal() and len(digits) == 16:
        return Q(nik_index=vault.blind("nik", digits))
    phone = tokens.phone_digits(text)
    if phone.isdecimal() and len(phone) >= PHONE_DIGITS:
        return Q(phone_index=vault.blind("phone", phone))
    return None


def _named(identities: QuerySet[Identity], text: str) -> list[Identity]:
    wanted = vault.query_tokens(text)
    if not wanted:
        return []
    for one_of in wanted:
        identities = identities.filter(name_tokens__overlap=one_of)
    return list(identities[:MOST])


def _is_called(identity: Identity, text: str) -> bool:
    (name,) = opened_fields(identity.client, identity, "name")
    return tokens.matches(name, text)
