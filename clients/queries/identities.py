"""Identity, opened. Only `masked_names` is for pages; what is opened in full is recorded by `actions.identity.reveal`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from clients.models import Client, Guardian, Identity
from rehab import vault
from rehab.identity.masking import masked_name


@dataclass(frozen=True)
class RevealedGuardian:
    name: str
    phone: str
    relation: str


@dataclass(frozen=True, repr=False)
class RevealedIdentity:
    """Who a client is. Has no repr, so that it never ends up in a log."""

    name: str
    birth_date: date | None
    nik: str
    phone: str
    address: str
    mother_name: str
    no_nik_reason: str
    guardian: RevealedGuardian | None = None


def context(field: str, code: str) -> str:
    """What binds a ciphertext to its place: it does not open elsewhere."""
    return f"clients.identity.{field}:{code}"


def guardian_context(field: str, code: str) -> str:
    return f"clients.guardian.{field}:{code}"


def opened(client: Client, identity: Identity, guardian: Guardian | None = None) -> RevealedIdentity:
    """`identity` may be a row of its history as well: data keys outlive every version."""
    fields = ("name", "birth_date", "nik", "phone", "address", "mother_name")
    name, born, nik, phone, address, mother_name = opened_fields(client, identity, *fields)
    return RevealedIdentity(
        name=name,
        birth_date=date.fromisoformat(born) if born else None,
        nik=nik,
        phone=phone,
        address=address,
        mother_name=mother_name,
        no_nik_reason=identity.no_nik_reason,
        guardian=opened_guardian(client, guardian) if guardian else None,
    )


def opened_fields(client: Client, identity: Identity, *fields: str) -> list[str]:
    """These fields in the clear, in their order; the data key is unwrapped once."""
    sealed = [(getattr(identity, field), context(field, client.code)) for field in fields]
    return vault.decrypt_all(client.data_key, sealed)


def identity_of(client: Client) -> RevealedIdentity:
    """For use inside actions only: unlike `actions.identity.reveal` this leaves no trace. Two queries."""
    guardian = Guardian.objects.filter(client=client).first()
    return opened(client, Identity.objects.get(client=client), guardian)


def birth_date_of(client: Client) -> date | None:
    sealed = Identity.objects.filter(client=client).values_list("birth_date", flat=True).first()
    born = vault.decrypt(client.data_key, sealed or b"", context("birth_date", client.code))
    return date.fromisoformat(born) if born else None


def masked_names(clients: Iterable[Client]) -> dict[int, str]:
    """{client.pk: 'A. S.'} for a whole list. One query."""
    by_id = {client.pk: client for client in clients}
    if not by_id:
        return {}
    sealed = Identity.objects.filter(client__in=by_id).values_list("client_id", "name")
    return {
        pk: masked_name(vault.decrypt(by_id[pk].data_key, name, context("name", by_id[pk].code))) for pk, name in sealed
    }


def masked_heads(clients: Iterable[int]) -> dict[int, tuple[str, str]]:
    """{client's id: (code, 'A. S.')} of ids alone. One query."""
    wanted = set(clients)
    if not wanted:
        return {}
    rows = Client.objects.filter(pk__in=wanted).values_list("pk", "code", "data_key", "identity__name")
    return {
        pk: (code, masked_name(vault.decrypt(key, bytes(sealed or b""), context("name", code))))
        for pk, code, key, sealed in rows
    }


def with_names(clients: Iterable[Client]) -> None:
    """Gives each client object of a list `masked`, for its template. One query."""
    rows = list(clients)
    names = masked_names(rows)
    for client in rows:
        client.masked = names.get(client.pk, "")


def opened_guardian(client: Client, guardian: Guardian) -> RevealedGuardian:
    """For use inside actions only, as `identity_of`."""
    name, phone = (
        vault.decrypt(client.data_key, getattr(guardian, field), guardian_context(field, client.code))
        for field in ("name", "phone")
    )
    return RevealedGuardian(name, phone, guardian.get_relation_display())
