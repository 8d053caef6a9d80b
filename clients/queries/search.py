"""Finding clients of one's own scope by what people say: a code, a name, a NIK, a phone number."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from clients.codes import as_code
from clients.models import Client
from clients.queries.identities import opened_fields
from clients.queries.listing import whole
from facilities.access import can, facility_ids
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
    if not fitting:
        return Found([])
    rows = Client.objects.rows_at(facility_ids(user, Permission.SEE_IDENTITY))
    parts = [reduce(lambda part, one: part.filter(**one), fitting, each) for each in rows]
    back = before is not None
    start = before if back else after
    clients, beyond = _page(_beyond(parts, back, start), asked, back)
    if back:
        clients.reverse()
    newest, oldest = (clients[0].pk, clients[-1].pk) if clients else (None, None)
    if back:
        return Found(clients, after=oldest, before=beyond)
    return Found(clients, after=beyond, before=newest if after is not None else None)


def _fitting(asked: Understood) -> list[dict[str, Any]]:
    """What the identity must hold, as look-ups of a row that hangs on its client; empty where nothing was asked for."""
    if asked.kind is Kind.NIK:
        return [{"client__identity__nik_index": vault.blind("nik", asked.text)}]
    if asked.kind is Kind.PHONE:
        return [{"client__identity__phone_index": vault.blind("phone", asked.text)}]
    if asked.kind is Kind.NAME:
        return [{"client__identity__name_tokens__overlap": one_of} for one_of in vault.query_tokens(asked.text)]
    return []


def _page(parts: list[QuerySet], asked: Understood, back: bool) -> tuple[list[Client], int | None]:
    """The first that fit, a name compared after decryption, and the key behind which there is more to look at."""
    page: list[Client] = []
    read = 0
    for client in _read(parts, back):
        read += 1
        if asked.kind is Kind.NAME and not _is_called(client, asked.text):
            continue
        if len(page) == PAGE:
            return page, page[-1].pk
        page.append(client)
    return page, client.pk if read == MOST_READ else None


def _read(parts: list[QuerySet], back: bool) -> Iterator[Client]:
    """A page with one more first, which nearly always is enough; then the rest, from where the first stopped."""
    first = _some(parts, back, PAGE + 1)
    yield from first
    if len(first) > PAGE:
        yield from _some(_beyond(parts, back, first[-1].pk), back, MOST_READ - PAGE - 1)


def _beyond(parts: list[QuerySet], back: bool, key: int | None) -> list[QuerySet]:
    bound = {} if key is None else {"client__gt" if back else "client__lt": key}
    return [part.filter(**bound) for part in parts]


def _some(parts: list[QuerySet], back: bool, most: int) -> list[Client]:
    """Each part is read from its end until it has given so many: gathering all clients of a province first would take longer
    than everything else."""
    order = "client_id" if back else "-client_id"
    first, second = (part.order_by(order).values("client").distinct()[:most] for part in parts)
    return list(whole().filter(pk__in=first.union(second)).order_by("pk" if back else "-pk")[:most])


def _is_called(client: Client, text: str) -> bool:
    (name,) = opened_fields(client, client.identity, "name")
    return tokens.matches(name, text)
