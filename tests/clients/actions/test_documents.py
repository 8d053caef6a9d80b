import os
import threading
import time

import pytest
from django.db import IntegrityError, connection, transaction

from clients.actions import documents
from clients.enums import DocumentKind
from clients.models import Document
from clients.queries import documents as queries
from rehab import files
from rehab.errors import Refused
from rehab.identity.crypto import CryptoError, Tampered
from rehab.models import AuditEvent
from rehab.roles import Role
from rehab.uploads import Upload
from tests import factories
from tests.papers import PDF, PROGRAM, png

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"
    return settings.FILES_FOLDER


@pytest.fixture
def here(store):
    return factories.episode()


def stored(episode, content: bytes = PDF, name: str = "KTP Rina.pdf", **changes) -> Document:
    place = episode.responsible_facility
    by = changes.pop("by", None) or factories.user(Role.COUNSELOR, place)
    values = {"client": episode.client, "facility": place, "kind": DocumentKind.ID_CARD} | changes
    with Upload.holding(content, name) as upload:
        return documents.store(by=by, upload=upload, **values)


def on_disk(store) -> list:
    return [path for path in store.rglob("*") if path.is_file()]


def test_a_paper_is_kept_sealed_and_read_again(here, store, django_capture_on_commit_callbacks):
    content = PDF + bytes(200_000) + b"%%EOF"
    with django_capture_on_commit_callbacks(execute=True):
        document = stored(here, content, "ktp rahasia.pdf", title="KTP lama")
    (path,) = on_disk(store)
    assert path.parent.parent.name == "kept"
    assert b"%PDF" not in path.read_bytes()
    assert b"".join(queries.content(document)) == content
    (paper,) = queries.papers(here.client, [document])
    assert (paper.title, paper.file_name, document.size) == ("KTP lama", "ktp rahasia.pdf", len(content))
    row = Document.objects.values().get()
    assert b"rahasia" not in b"".join(bytes(row[name]) for name in ("title", "file_name", "digest"))
    assert AuditEvent.objects.filter(verb="document.stored", client_code=here.client.code).count() == 1


@pytest.mark.parametrize(
    ("content", "word"), [(b"", "kosong"), (PROGRAM, "program"), (b"<html><body>", "bukan salah satunya")]
)
def test_what_is_no_paper_is_refused_and_leaves_nothing(here, store, content, word):
    with pytest.raises(Refused, match=word):
        stored(here, content)
    assert (Document.objects.count(), on_disk(store)) == (0, [])


def test_the_same_file_is_kept_once_at_a_facility(here):
    first = stored(here)
    with pytest.raises(Refused, match="sudah ada"), transaction.atomic():
        stored(here)
    documents.withdraw(by=first.stored_by, document=first, reason="klien lain")
    assert stored(here).pk != first.pk
    other = factories.episode(at=here.responsible_facility)
    assert stored(other).digest != first.digest


def test_files_that_changed_places_are_told_loudly(here, store):
    first, second = stored(here), stored(here, png())
    one, two = files.incoming() / first.key, files.incoming() / second.key
    swapped = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(swapped)
    for document in (first, second):
        with pytest.raises(Tampered):
            queries.check(document)
    one.unlink()
    with pytest.raises(CryptoError):
        queries.check(first)


def test_a_row_that_is_not_written_leaves_a_file_only_until_it_is_swept(here, store):
    with pytest.raises(RuntimeError), transaction.atomic():
        stored(here)
        raise RuntimeError("the transaction breaks after the file was written")
    assert (Document.objects.count(), len(on_disk(store))) == (0, 1)
    documents.sweep()
    assert len(on_disk(store)) == 1  # it may belong to a transaction that is still under way
    _age(store)
    documents.sweep()
    assert on_disk(store) == []


def test_the_sweep_moves_what_a_row_names(here, store):
    document = stored(here)
    assert on_disk(store)[0].parent.name == "incoming"
    _age(store)
    documents.sweep()
    _age(store)
    documents.sweep()
    assert on_disk(store)[0].parent.parent.name == "kept"
    assert b"".join(queries.content(document)) == PDF


def test_a_row_is_withdrawn_with_a_reason_once_and_never_deleted(here, store):
    document = stored(here)
    with pytest.raises(Refused, match="alasan"):
        documents.withdraw(by=document.stored_by, document=document, reason=" ")
    documents.withdraw(by=document.stored_by, document=document, reason="salah klien")
    with pytest.raises(Refused, match="sudah ditarik"):
        documents.withdraw(by=document.stored_by, document=document, reason="lagi")
    assert len(on_disk(store)) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.update(withdrawn_reason="")


def test_each_role_reads_the_kinds_that_are_theirs(here, store):
    place = here.responsible_facility
    stored(here)
    stored(here, png(), kind=DocumentKind.LAB_RESULT)
    both, identity = {DocumentKind.ID_CARD, DocumentKind.LAB_RESULT}, {DocumentKind.ID_CARD}
    reads = {
        Role.COUNSELOR: both, Role.DOCTOR: both, Role.NURSE: both, Role.CLERK: identity, Role.FACILITY_ADMIN: set(),
        Role.CORRECTIONS: set(),
    }  # fmt: skip
    for role, kinds in reads.items():
        person = factories.user(role, place)
        assert set(Document.objects.visible_to(person).values_list("kind", flat=True)) == kinds, role
    for role in (Role.UNIT_STAFF, Role.UNIT_ADMIN, Role.AUDITOR, Role.DATA_STEWARD):
        assert not Document.objects.visible_to(factories.user(role, place.unit)).exists(), role
    assert not Document.objects.visible_to(factories.user(Role.DOCTOR, factories.facility())).exists()


def _age(store) -> None:
    old = time.time() - 2 * documents.SWEPT_AFTER
    for path in on_disk(store):
        os.utime(path, (old, old))


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_twice_at_once_is_kept_once(here, store):
    by = factories.user(Role.COUNSELOR, here.responsible_facility)
    ready, outcomes = threading.Barrier(2, timeout=20), []

    def work():
        ready.wait()
        try:
            outcomes.append(str(stored(here, by=by).size))
        except Refused as refusal:
            outcomes.append(refusal.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert set(outcomes) == {"Berkas yang sama persis sudah ada di dokumen klien.", str(len(PDF))}
    assert [path.parent.parent.name for path in on_disk(store)] == ["kept"]
