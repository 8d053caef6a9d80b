"""Keeping a client's papers as files, and withdrawing one that was put there by mistake."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Client, Consent, Document
from clients.models.document import new_key
from clients.queries.documents import context
from facilities.models import Facility
from rehab import audit, files, filetypes, vault
from rehab.actions import action
from rehab.errors import Refused
from rehab.models import User
from rehab.uploads import Upload

SWEPT_AFTER = 60 * 60  # seconds; no request lasts that long


@action
def store(
    *,
    by: User,
    client: Client,
    facility: Facility,
    kind: str,
    upload: Upload,
    title: str = "",
    consent: Consent | None = None,
) -> Document:
    """Keep the file under the client's key. The row and its file come into being together, or neither does.

    Raises Refused for an empty file, one that is not what `filetypes` takes, and one that the facility keeps already;
    OSError where the disk is full.
    """
    if not upload.size:
        raise Refused(_("The file is empty."), field="file")
    try:
        file_kind = filetypes.kind_of(upload.head(filetypes.HEAD), upload.tail(filetypes.TAIL), upload.size)
    except filetypes.Unfit as unfit:
        raise Refused(unfit.args[0], field="file") from unfit
    key = new_key()
    words = {"title": title.strip(), "file_name": upload.name or ""}
    document = Document.objects.create(
        client=client,
        facility=facility,
        kind=kind,
        file_kind=file_kind,
        size=upload.size,
        digest=vault.blind("document", f"{client.code}:{upload.sha256}"),
        key=key,
        consent=consent,
        stored_by=by,
        **{name: vault.encrypt(client.data_key, text, context(name, client.code, key)) for name, text in words.items()},
    )
    files.put(client.data_key, key, upload.chunks(), context("file", client.code, key))
    transaction.on_commit(lambda: files.settle(key))
    audit.record("document.stored", by=by, subject=document, client_code=client.code, data={"kind": kind})
    return document


@action
def withdraw(*, by: User, document: Document, reason: str) -> Document:
    """The paper can no longer be opened; its file stays, since a record is kept for 25 years.

    Raises Refused without a reason, and when it was withdrawn already.
    """
    if not reason.strip():
        raise Refused(_("Say why the document is withdrawn."), field="reason")
    changed = Document.objects.kept().filter(pk=document.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_reason=reason.strip()
    )  # fmt: skip
    if not changed:
        raise Refused(_("This document was withdrawn already."))
    audit.record("document.withdrawn", by=by, subject=document, client_code=document.client.code, reason=reason.strip())
    document.refresh_from_db()
    return document


def sweep() -> None:
    """Move what a process that died between commit and move left behind; drop what no row names."""
    waiting = files.waiting(older_than=SWEPT_AFTER)
    if waiting:
        named = set(Document.objects.filter(key__in=waiting).values_list("key", flat=True))
        for key in waiting:
            (files.settle if key in named else files.drop)(key)
    files.drop_parts(older_than=SWEPT_AFTER)
