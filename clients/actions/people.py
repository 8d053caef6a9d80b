"""What is told about a person at the door, and how it becomes a client with an encrypted identity."""

from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from django.db import connection
from django.utils.translation import gettext_lazy as _

from clients.actions import persons
from clients.codes import code_of
from clients.models import Client, Consent, Guardian, Identity
from clients.queries.identities import context, guardian_context
from facilities.models import Facility, Region
from rehab import vault
from rehab.errors import Refused
from rehab.identity import tokens
from rehab.identity.words import name_words
from rehab.models import User


@dataclass(frozen=True, repr=False)
class IdentityData:
    """As typed. `birth_year` only where the birth date is not known. Has no repr, so that it never ends up in a log."""

    name: str
    sex: str
    birth_date: date | None = None
    nik: str = ""
    no_nik_reason: str = ""
    phone: str = ""
    address: str = ""
    mother_name: str = ""
    region: Region | None = None
    birth_year: int | None = None

    @property
    def year(self) -> int | None:
        return self.birth_date.year if self.birth_date else self.birth_year


@dataclass(frozen=True)
class ConsentData:
    """`given_on` None means the day of registration."""

    scope: str
    given_on: date | None = None
    ends_on: date | None = None
    by_guardian: bool = False
    only_to: Facility | None = None


@dataclass(frozen=True, repr=False)
class GuardianData:
    name: str
    relation: str
    phone: str = ""


def create_client(identity: IdentityData) -> Client:
    """A client with identity and person, inside the caller's transaction. Raises Refused without a name, or with neither
    NIK nor the reason why there is none."""
    check(identity)
    columns = indexes(identity)
    person, ground = persons.person_for(columns["nik_index"])
    client = Client.objects.create(
        code=next_code(),
        person=person,
        sex=identity.sex,
        birth_year=identity.year,
        region=identity.region,
        data_key=vault.new_key(),
    )
    persons.link(client, person, ground)
    Identity.objects.create(client=client, **sealed(client, identity), **columns)
    return client


def check(identity: IdentityData) -> None:
    if not name_words(identity.name):
        raise Refused(_("Write the name in letters."), field="name")
    if not identity.nik and not identity.no_nik_reason:
        raise Refused(_("Give the NIK, or the reason why there is none."), field="nik")


def sealed(client: Client, identity: IdentityData) -> dict[str, bytes]:
    """The encrypted columns of `Identity`."""
    values = {
        "name": identity.name,
        "birth_date": identity.birth_date.isoformat() if identity.birth_date else "",
        "nik": identity.nik,
        "phone": identity.phone,
        "address": identity.address,
        "mother_name": identity.mother_name,
    }
    return {
        field: vault.encrypt(client.data_key, value, context(field, client.code)) for field, value in values.items()
    }


class Indexes(TypedDict):
    no_nik_reason: str
    nik_index: bytes | None
    phone_index: bytes | None
    birth_index: bytes | None
    name_tokens: list[int]


def indexes(identity: IdentityData) -> Indexes:
    """The columns of `Identity` by which it is found, and the reason for no NIK, which a NIK makes void."""
    born = identity.birth_date.isoformat() if identity.birth_date else ""
    return {
        "no_nik_reason": "" if identity.nik else identity.no_nik_reason,
        "nik_index": vault.blind("nik", identity.nik),
        "phone_index": vault.blind("phone", tokens.phone_digits(identity.phone)),
        "birth_index": vault.blind("birth_date", born),
        "name_tokens": vault.name_tokens(identity.name),
    }


def keep_guardian(client: Client, guardian: GuardianData) -> None:
    values = {"name": guardian.name, "phone": guardian.phone}
    hidden = {
        field: vault.encrypt(client.data_key, value, guardian_context(field, client.code))
        for field, value in values.items()
    }
    Guardian.objects.update_or_create(client=client, defaults={"relation": guardian.relation} | hidden)


def keep_consent(client: Client, facility: Facility, consent: ConsentData, *, on: date, by: User) -> Consent:
    return Consent.objects.create(
        client=client,
        facility=facility,
        scope=consent.scope,
        only_to=consent.only_to,
        given_on=consent.given_on or on,
        ends_on=consent.ends_on,
        by_guardian=consent.by_guardian,
        recorded_by=by,
    )


def next_code() -> str:
    return next_codes(1)[0]


def next_codes(number: int) -> list[str]:
    """From a database sequence: no two registrations ever get the same. One query, however many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('clients_code') FROM generate_series(1, %s)", [number])
        return [code_of(row[0]) for row in cursor.fetchall()]
