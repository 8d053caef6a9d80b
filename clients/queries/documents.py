"""A client's documents: what a person may read of them, and their content."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from clients.enums import HANDED_ALONG, MEDICAL_KINDS, DocumentKind
from clients.models import Client, Document, Episode
from facilities.access import facility_ids
from facilities.models import Facility
from rehab import files, vault
from rehab.models import User
from rehab.roles import Permission

MEGABYTES = "clients.document_megabytes"


@dataclass(frozen=True, repr=False)
class Paper:
    """A document with its words in the clear. Has no repr, so that it never ends up in a log."""

    document: Document
    title: str
    file_name: str


def context(field: str, code: str, key: str) -> str:
    """What binds the words and the file of a document to their row."""
    return f"clients.document.{field}:{code}:{key}"


def documents_of(user: User, client: Client) -> QuerySet[Document]:
    """The client's documents that the person may read, withdrawn ones too."""
    rows = Document.objects.visible_to(user).filter(client=client)
    return rows.select_related("facility", "stored_by", "withdrawn_by", "consent")


def papers(client: Client, documents: Iterable[Document]) -> list[Paper]:
    """All of one client; the data key is unwrapped once."""
    rows = list(documents)
    sealed = [
        (getattr(row, field), context(field, client.code, row.key)) for row in rows for field in ("title", "file_name")
    ]
    words = vault.decrypt_all(client.data_key, sealed) if rows else []
    return [Paper(row, words[2 * at], words[2 * at + 1]) for at, row in enumerate(rows)]


def kinds_for(user: User, facility: Facility) -> list[tuple[str, str]]:
    """What a person may put there: the kinds that the same person may read."""
    clinical = facility.pk in facility_ids(user, Permission.SEE_CLINICAL)
    return [(kind.value, str(kind.label)) for kind in DocumentKind if clinical or kind not in MEDICAL_KINDS]


def handed_along(episode: Episode, sender: Facility, until: datetime) -> QuerySet[Document]:
    """The medical papers that the sender kept from the beginning of the episode until then; nothing that tells who it is."""
    kept = Document.objects.kept().filter(client=episode.client_id, facility=sender, kind__in=sorted(HANDED_ALONG))
    return kept.filter(stored_at__date__gte=episode.opened_on, stored_at__lte=until).select_related("client")


def check(document: Document) -> None:
    """Read the whole file before a byte of it leaves. Raises `rehab.identity.crypto.CryptoError` where it is not what was
    stored."""
    files.check(document.client.data_key, document.key, _bound(document))


def content(document: Document) -> Iterator[bytes]:
    return files.read(document.client.data_key, document.key, _bound(document))


def _bound(document: Document) -> str:
    return context("file", document.client.code, document.key)
