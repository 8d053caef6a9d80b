import errno
import io
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from clients.actions import consents, documents
from clients.enums import DocumentKind
from clients.models import Document
from rehab import files, uploads
from rehab.models import AuditEvent
from rehab.roles import Role
from rehab.uploads import Upload
from tests import factories
from tests.clients.ways import way
from tests.papers import JPEG, PDF, PROGRAM, png

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"
    return settings.FILES_FOLDER


@pytest.fixture
def here():
    return factories.episode()


def at(name, *args) -> str:
    return reverse(f"clients:{name}", args=args)


def text(response) -> str:
    return response.content.decode()


def chosen(content: bytes = PDF, name: str = "ktp.pdf", **more) -> dict:
    return {"kind": "id_card", "title": "KTP asli", "file": SimpleUploadedFile(name, content)} | more


def stored(episode, content: bytes = PDF, kind: str = DocumentKind.ID_CARD, by=None) -> Document:
    place = episode.responsible_facility
    with Upload.holding(content, "surat.pdf") as upload:
        return documents.store(
            by=by or factories.user(Role.COUNSELOR, place),
            client=episode.client,
            facility=place,
            kind=kind,
            upload=upload,
        )


def on_disk(store) -> list:
    return [path for path in store.rglob("*") if path.is_file()]


def test_a_paper_is_added_listed_and_opened(client, here):
    by = factories.user(Role.COUNSELOR, here.responsible_facility)
    client.force_login(by)
    assert "Dokumen" in text(client.get(at("client", here.client.code)))
    answer = client.post(at("add_document", here.client.code), chosen(JPEG, "../../etc/passwd 😀.jpg"))
    assert answer["Location"] == at("documents", here.client.code)
    document = Document.objects.get()
    shown = text(client.get(at("documents", here.client.code)))
    assert "Kartu identitas (KTP): KTP asli" in shown
    assert "passwd 😀.jpg" in shown
    assert "etc/" not in shown
    answer = client.get(at("document", document.pk))
    assert b"".join(answer.streaming_content) == JPEG
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == f'inline; filename="id-card-{here.client.code}-{document.pk}.jpg"'
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    looks = AuditEvent.objects.filter(client_code=here.client.code, actor_id=by.pk).values_list("verb", flat=True)
    assert {"document.listed", "document.opened", "document.stored"} <= set(looks)


def test_a_pdf_is_downloaded_never_shown_as_a_page(client, here):
    document = stored(here)
    client.force_login(document.stored_by)
    answer = client.get(at("document", document.pk))
    assert answer["Content-Disposition"].startswith("attachment;")
    assert int(answer["Content-Length"]) == len(b"".join(answer.streaming_content)) == len(PDF)


def test_a_double_click_keeps_the_paper_once(client, here, store):
    client.force_login(factories.user(Role.CLERK, here.responsible_facility))
    where = at("add_document", here.client.code)
    answers = [client.post(where, chosen(form_token="satu")) for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {at("documents", here.client.code)}
    assert "sudah ada" in text(client.post(where, chosen(form_token="dua")))
    assert (Document.objects.count(), len(on_disk(store))) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"file": SimpleUploadedFile("ktp.pdf", PROGRAM)}, "program"),
        ({"file": SimpleUploadedFile("ktp.pdf", b"")}, "kosong"),
        ({"file": ""}, "Pilih berkas"),
        ({"kind": "lab_result"}, "lab_result"),
        ({"kind": ""}, "Jenis dokumen"),
        ({"title": "x" * 151}, "150"),
        ({"title": "a\x00b"}, "Keterangan"),
    ],
)
def test_what_is_not_taken_is_said_and_nothing_typed_is_lost(client, here, store, changes, word):
    """By a clerk, who puts in no medical papers either."""
    client.force_login(factories.user(Role.CLERK, here.responsible_facility))
    shown = text(client.post(at("add_document", here.client.code), chosen() | changes))
    assert word in shown
    assert changes.get("title", "KTP asli") in shown or "\x00" in changes["title"]
    assert (Document.objects.count(), on_disk(store)) == (0, [])


class Sending(io.RawIOBase):
    """The body of a form whose file is `size` bytes long, made while it is read; `taken` says how far that went."""

    def __init__(self, size: int):
        fields = [("kind", "id_card"), ("title", "KTP asli")]
        head = [f'--XX\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields]
        head.append('--XX\r\nContent-Disposition: form-data; name="file"; filename="ktp.pdf"\r\n\r\n%PDF-')
        self.head, self.tail = "".join(head).encode(), b"\r\n--XX--\r\n"
        self.zeros, self.taken = size, 0
        self.length = len(self.head) + size + len(self.tail)

    def read(self, size: int = -1) -> bytes:
        found, self.head = self.head[:size], self.head[size:]
        zeros = min(size - len(found), self.zeros)
        self.zeros -= zeros
        found += bytes(zeros)
        if not self.zeros:
            found, self.tail = found + self.tail[: size - len(found)], self.tail[size - len(found) :]
        self.taken += len(found)
        return found


@pytest.mark.parametrize(("megabytes", "read_most"), [(200, 1), (11, 12)])
def test_a_file_that_is_too_large_is_refused_before_it_is_taken_in(client, here, store, megabytes, read_most):
    """Of 200 MB only the beginning is read; the title stands in the form again, and nothing lies on the disk."""
    client.force_login(factories.user(Role.CLERK, here.responsible_facility))
    body = Sending(megabytes * 1024 * 1024)
    answer = client.generic(
        "POST", at("add_document", here.client.code), CONTENT_TYPE="multipart/form-data; boundary=XX",
        **{"wsgi.input": body, "CONTENT_LENGTH": str(body.length)},
    )  # fmt: skip
    assert answer.status_code == 413
    assert "lebih besar dari 10 MB" in text(answer)
    assert "KTP asli" in text(answer)
    assert body.taken <= read_most * 1024 * 1024
    assert (Document.objects.count(), on_disk(store)) == (0, [])


def test_a_file_that_says_it_is_small_is_stopped_on_the_way(client, here, store, monkeypatch):
    client.force_login(factories.user(Role.CLERK, here.responsible_facility))
    monkeypatch.setattr(uploads, "ROOM_FOR_FIELDS", 100 * 1024 * 1024)
    answer = client.post(at("add_document", here.client.code), chosen(PDF + bytes(11 * 1024 * 1024)))
    assert (answer.status_code, Document.objects.count(), on_disk(store)) == (413, 0, [])
    assert "KTP asli" in text(answer)


@pytest.mark.parametrize("name", ["x" * 10_000 + ".pdf", "😀" * 300 + ".pdf", "..", "/", "a\nb.pdf", ".pdf"])
def test_no_name_of_a_file_breaks_the_form(client, here, name):
    client.force_login(factories.user(Role.CLERK, here.responsible_facility))
    upload = SimpleUploadedFile("x.pdf", PDF)
    upload._name = name
    answer = client.post(at("add_document", here.client.code), chosen(file=upload), follow=True)
    assert answer.status_code == 200
    assert Document.objects.count() or "Berkas" in text(answer)


def test_a_form_without_its_token_is_refused(here):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(factories.user(Role.CLERK, here.responsible_facility))
    assert browser.post(at("add_document", here.client.code), chosen()).status_code == 403
    assert Document.objects.count() == 0


def test_a_full_disk_is_a_sentence_and_no_half_file(client, here, store, monkeypatch):
    client.force_login(factories.user(Role.CLERK, here.responsible_facility))

    def full(descriptor):
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(os, "fsync", full)
    client.raise_request_exception = False
    answer = client.post(at("add_document", here.client.code), chosen())
    assert answer.status_code == 507
    assert (Document.objects.count(), on_disk(store)) == (0, [])


def test_strangers_and_wrong_roles_get_nothing(client, here):
    medical, paper = stored(here, png(), DocumentKind.LAB_RESULT), stored(here)
    place = here.responsible_facility
    other = factories.episode()
    strangers = [
        factories.user(Role.DOCTOR, other.responsible_facility),
        factories.user(Role.FACILITY_ADMIN, place),
        factories.user(Role.UNIT_STAFF, place.unit),
        factories.user(Role.CORRECTIONS, place),
    ]
    for person in strangers:
        client.force_login(person)
        for name, key in (("document", paper.pk), ("withdraw_document", paper.pk), ("document", medical.pk), ("documents", here.client.code), ("add_document", here.client.code)):  # fmt: skip
            assert client.get(at(name, key)).status_code == 404, (person.postings.get().role, name)
        assert client.post(at("add_document", here.client.code), chosen()).status_code == 404
    client.force_login(factories.user(Role.CLERK, place))
    assert client.get(at("document", paper.pk)).status_code == 200
    assert client.get(at("document", medical.pk)).status_code == 404
    assert "laboratorium" not in text(client.get(at("documents", here.client.code)))


def test_a_file_that_was_swapped_on_the_disk_shows_nothing_of_either(client, here, caplog):
    first, second = stored(here), stored(here, png())
    (files.incoming() / second.key).write_bytes((files.incoming() / first.key).read_bytes())
    client.force_login(second.stored_by)
    answer = client.get(at("document", second.pk))
    assert answer.status_code == 500
    assert "tidak dapat dibuka" in text(answer)
    assert "does not open" in caplog.text


def test_a_withdrawn_paper_opens_no_more(client, here):
    document = stored(here)
    client.force_login(document.stored_by)
    where = at("withdraw_document", document.pk)
    assert "wajib" in text(client.post(where, {"reason": " "})).lower() or Document.objects.kept().exists()
    answer = client.post(where, {"reason": "milik klien lain"})
    assert answer["Location"] == at("documents", here.client.code)
    assert client.get(at("document", document.pk)).status_code == 404
    assert client.get(where).status_code == 404
    shown = text(client.get(at("documents", here.client.code)))
    assert "milik klien lain" in shown
    assert "ditarik" in shown


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(client, here, many, django_assert_num_queries):
    by = factories.user(Role.COUNSELOR, here.responsible_facility)
    for number in range(many):
        stored(here, png(number), by=by)
    client.force_login(by)
    client.get(at("documents", here.client.code))
    with django_assert_num_queries(13):
        assert text(client.get(at("documents", here.client.code))).count("Disimpan oleh") == many


def test_medical_papers_go_along_with_a_handover_until_the_consent_ends(client):
    between = way()
    place = between.sender
    with Upload.holding(png(), "lab.png") as upload:
        medical = documents.store(
            by=between.rina, client=between.client, facility=place, kind="lab_result", upload=upload
        )
    with Upload.holding(PDF, "ktp.pdf") as upload:
        paper = documents.store(by=between.rina, client=between.client, facility=place, kind="id_card", upload=upload)
    handover = between.offered()
    client.force_login(between.budi)
    page = text(client.get(at("handover", handover.pk)))
    assert at("packet_document", handover.pk, medical.pk) in page
    assert "Kartu identitas" not in page
    answer = client.get(at("packet_document", handover.pk, medical.pk))
    assert b"".join(answer.streaming_content) == png()
    for number in (paper.pk, 999_999):
        assert client.get(at("packet_document", handover.pk, number)).status_code == 404
    assert client.get(at("document", medical.pk)).status_code == 404
    consents.revoke(by=between.rina, consent=between.client.consents.get(), reason="klien berubah pikiran")
    assert client.get(at("packet_document", handover.pk, medical.pk)).status_code == 404
    page = text(client.get(at("handover", handover.pk)))
    assert "Hasil laboratorium" not in page
    assert "Paket ditutup" in page or "tertutup" in page
