"""Clients who may be the same person: within one's own scope explained factor by factor, beyond it only yes or no."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from clients.models import Client, Episode, Identity
from clients.queries.identities import opened
from facilities.models import Facility
from rehab import vault
from rehab.identity import tokens
from rehab.identity.masking import masked_name
from rehab.models import User
from rehab.vault import Stored

SHOWN = 5


@dataclass(frozen=True)
class Candidate:
    """`strong`: the same NIK, or name and birth date; such a registration needs a second thought."""

    client: Client
    name: str
    same_nik: bool
    same_birth_date: bool
    same_name: bool

    @property
    def strong(self) -> bool:
        return self.same_nik or (self.same_birth_date and self.same_name)


def within_scope(user: User, *, name: str = "", birth_date: date | None = None, nik: str = "") -> list[Candidate]:
    """At most SHOWN clients whom the person may see anyway, the surest first."""
    nik_index = vault.blind("nik", nik)
    birth_index = vault.blind("birth_date", birth_date.isoformat()) if birth_date else None
    alike = _alike(name, nik_index, birth_index, unsure=True)
    if alike is None:
        return []
    found = Identity.objects.filter(alike, client__in=Client.objects.visible_to(user)).select_related("client")
    candidates = [_explained(row, name, nik_index, birth_index) for row in found.order_by("-client_id")[: SHOWN * 4]]
    real = [one for one in candidates if one.same_nik or one.same_name]
    return sorted(real, key=lambda one: (not one.same_nik, not one.same_birth_date))[:SHOWN]


def elsewhere(client: Client, facility: Facility) -> list[tuple[int, int]]:
    """(client id, responsible facility id) of look-alikes registered at other facilities."""
    mine = Identity.objects.get(client=client)
    name = opened(client, mine).name
    alike = _alike(name, mine.nik_index, mine.birth_index, unsure=False)
    if alike is None:
        return []
    others = Identity.objects.filter(alike).exclude(client=client).exclude(client__in=Client.objects.at([facility.pk]))
    latest = (
        Episode.objects.filter(client__in=others.values("client"))
        .order_by("client_id", "-number")
        .distinct("client_id")
    )
    return list(latest.values_list("client_id", "responsible_facility_id")[:20])


def _alike(name: str, nik_index: Stored | None, birth_index: Stored | None, *, unsure: bool) -> Q | None:
    """Same NIK, or every word of the name with the same birth date (`unsure`: or with no birth date on one side)."""
    named = Q()
    for one_of in vault.query_tokens(name):
        named &= Q(name_tokens__overlap=one_of)
    ways = [Q(nik_index=nik_index)] if nik_index else []
    if named and birth_index:
        ways.append(named & Q(birth_index=birth_index))
    if named and unsure:
        ways.append(named & Q(birth_index=None) if birth_index else named)
    if not ways:
        return None
    alike = ways[0]
    for way in ways[1:]:
        alike |= way
    return alike


def _explained(row: Identity, name: str, nik_index: bytes | None, birth_index: bytes | None) -> Candidate:
    found = opened(row.client, row).name
    return Candidate(
        client=row.client,
        name=masked_name(found),
        same_nik=bool(nik_index) and bytes(row.nik_index or b"") == nik_index,
        same_birth_date=bool(birth_index) and bytes(row.birth_index or b"") == birth_index,
        same_name=bool(name) and (tokens.matches(found, name) or tokens.matches(name, found)),
    )
