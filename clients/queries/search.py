"""Finding clients of one's own scope by what people say: a code, a name, a NIK, a phone number."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils import timezone

from clients.codes import as_code
from clients.models import Client, Identity
from clients.queries.identities import opened_fields
from facilities.access import can
from rehab import vault
from rehab.identity import nik, tokens
from rehab.identity.words import name_words
from rehab.models import User
from rehab.roles import Permission

PAGE = 50
# Tokens find some whose names do not fit after all: so many are read for a page, which then is given as it is, with the way on.
MOST_READ = 120
NIK_DIGITS, PHONE_DIGITS = 16, 8


class Kind(StrEnum):
    """What a text was understood as."""

    CODE = "code"
    NIK = "nik"
    PHONE = "phone"
    NAME = "name"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Understood:
    """`doubt`: what is wrong with the number, as a sentence; it is looked for all the same."""

    kind: Kind
    text: str
    doubt: str = ""


@dataclass(frozen=True)
class Found:
    """A page of clients, the newest first; the keys lead on and back, None where there is no more."""

    clients: list[Client]
    after: int | None = None
    before: int | None = None


def understand(text: str) -> Understood:
    if as_code(text):
        return Understood(Kind.CODE, as_code(text))
    digits = nik.clean(text)
    if digits.isascii() and digits.isdecimal() and len(digits) == NIK_DIGITS:
        return Understood(Kind.NIK, digits, _doubt(digits))
    phone = tokens.phone_digits(text)
    if phone.isascii() and phone.isdecimal() and len(phone) >= PHONE_DIGITS:
        return Understood(Kind.PHONE, phone)
    named = any(not word.isdecimal() for word in name_words(text))
    return Understood(Kind.NAME if named else Kind.NOTHING, text)


def _doubt(digits: str) -> str:
    try:
        nik.parse(digits, timezone.localdate())
    except nik.NikError as error:
        return str(error.message)
    return ""


def search(user: User, asked: Understood, *, after: int | None = None, before: int | None = None) -> Found:
    """Clients of the person's scope; without the right to see identities only a code finds one.

    A NIK known elsewhere is answered as an unknown one is: one look at the index, and the rows of the scope beside it.
    """
    if asked.kind is Kind.CODE:
        depth = Permission.SEE_IDENTITY if can(user, Permission.SEE_IDENTITY) else Permission.SEE_CLIENTS
        return Found(list(Client.objects.visible_to(user, depth).select_related("identity").filter(code=asked.text)))
    fitting = _fitting(asked)
    if fitting is None:
        return Found([])
    identities = Identity.objects.visible_to(user).select_related("client").filter(fitting)
    back = before is not None
    if back:
        rows = identities.filter(client__gt=before).order_by("client_id")
    else:
        rows = identities.order_by("-client_id")
        rows = rows.filter(client__lt=after) if after is not None else rows
    page, beyond = _page(rows, asked)
    if back:
        page.reverse()
    clients = [identity.client for identity in page]
    newest, oldest = (clients[0].pk, clients[-1].pk) if clients else (None, None)
    if back:
        return Found(clients, after=oldest, before=beyond)
    return Found(clients, after=beyond, before=newest if after is not None else None)


def _fitting(asked: Understood) -> Q | None:
    if asked.kind is Kind.NIK:
        return Q(nik_index=vault.blind("nik", asked.text))
    if asked.kind is Kind.PHONE:
        return Q(phone_index=vault.blind("phone", asked.text))
    if asked.kind is Kind.NAME:
        fitting = Q()
        for one_of in vault.query_tokens(asked.text):
            fitting &= Q(name_tokens__overlap=one_of)
        return fitting
    return None


def _page(rows: QuerySet[Identity], asked: Understood) -> tuple[list[Identity], int | None]:
    """The first that fit, a name compared after decryption, and the key behind which there is more to look at."""
    page: list[Identity] = []
    read = 0
    for identity in _read(rows):
        read += 1
        if asked.kind is Kind.NAME and not _is_called(identity, asked.text):
            continue
        if len(page) == PAGE:
            return page, page[-1].client_id
        page.append(identity)
    return page, identity.client_id if read == MOST_READ else None


def _read(rows: QuerySet[Identity]) -> Iterator[Identity]:
    """A page with one more first, which nearly always is enough; then the rest at once."""
    first = list(rows[: PAGE + 1])
    yield from first
    if len(first) > PAGE:
        yield from rows[PAGE + 1 : MOST_READ]


def _is_called(identity: Identity, text: str) -> bool:
    (name,) = opened_fields(identity.client, identity, "name")
    return tokens.matches(name, text)
