"""Official wording: loaded whole or not at all, kept with each assessment, and of no weight."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation

from assessments.actions import texts
from assessments.instruments import registry, score
from assessments.instruments.wording import uncovered, worded
from assessments.models import TextSet
from assessments.printed_form import form_data
from rehab.models import AuditEvent
from rehab.roles import Role
from rehab.tabular.errors import TableRefused
from tests import factories
from tests.assessments.makers import SABU, completed, counselor, draft

pytestmark = pytest.mark.django_db

SRQ = registry.get("srq20")
HEADING = "item,language,text,licence_note\n"


def file_of(instrument=SRQ, language="id", words="Teks resmi", leave="Izin WHO 12/2026") -> bytes:
    rows = [f"{item.code},{language},{words} {item.code},{leave}" for item in instrument]
    return (HEADING + "\n".join(rows) + "\n").encode()


def load(data=None, instrument=SRQ, by=None):
    return texts.load(by=by, instrument=instrument, data=data or file_of(instrument), name="teks.csv")


@pytest.fixture
def episode():
    return factories.episode()


@pytest.fixture
def by(episode, client):
    found = counselor(episode)
    client.force_login(found)
    return found


def page(client, assessment):
    return client.get(reverse("assessments:fill", args=[assessment.pk])).content.decode()


def test_a_new_assessment_is_asked_in_the_loaded_words_and_keeps_them(client, episode, by):
    before = draft(episode, by, instrument="srq20")
    (row,) = load().new
    assert "Teks resmi q5" not in page(client, before)
    assert "Hanya label singkat" in page(client, before)
    other = factories.episode(at=episode.responsible_facility)
    begun = draft(other, by, instrument="srq20")
    assert begun.text_version == row.version
    assert "Teks resmi q5" in page(client, begun)
    assert "Hanya label singkat" not in page(client, begun)
    done = completed(other, by, {f"q{n}": False for n in range(1, 21)}, instrument="srq20")
    texts.withdraw(by=by, text_set=row, reason="Izin berakhir")
    assert "Teks resmi q5" in client.get(reverse("assessments:result", args=[done.pk])).content.decode()
    assert "Teks resmi q5" in str(form_data(done)["parts"])
    assert draft(factories.episode(at=episode.responsible_facility), by, instrument="srq20").text_version == ""


def test_the_language_of_the_page_chooses_among_those_of_the_version(client, episode, by):
    load(file_of() + file_of(language="en", words="Official").split(b"\n", 1)[1])
    begun = draft(episode, by, instrument="srq20")
    assert TextSet.objects.values("version").distinct().count() == 1
    assert "Teks resmi q5" in page(client, begun)
    with translation.override("en"):
        client.cookies["django_language"] = "en"
        assert "Official q5" in page(client, begun)


def test_the_same_file_twice_changes_nothing(db):
    assert (len(load().new), load().unchanged) == (1, 1)
    assert TextSet.objects.count() == 1
    assert AuditEvent.objects.filter(verb="text.loaded").count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("q7,", "q77,"), "q77"),
        (lambda text: text.replace("q7,", "q8,"), "dua kali"),
        (lambda text: text.replace("q7,id,Teks resmi q7,Izin WHO 12/2026\n", ""), "q7"),
        (lambda text: text.replace("Izin WHO 12/2026", ""), "lisensi"),
        (lambda text: text.replace(",id,", ",klingon,"), "klingon"),
        (lambda text: text.replace("licence_note", "catatan"), "licence_note"),
        (lambda text: HEADING, "baris"),
        (lambda text: "\x00\x01", ""),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(db, change, words):
    with pytest.raises(TableRefused) as refused:
        load(change(file_of().decode()).encode())
    assert words in " ".join(refused.value.messages)
    assert not TextSet.objects.exists()


def test_a_grid_is_worded_by_its_sections_and_options_and_scores_the_same():
    assist = registry.get("assist")
    given = {section.code: f"Pertanyaan {section.code}" for section in assist.sections}
    given |= {"q2:weekly": "Setiap minggu", "q8": "Pernah menyuntik?", "q8_pattern": "Seberapa sering?"}
    assert uncovered(assist, given) == []
    official = worded(assist, given)
    assert official.sections[1].title == "Pertanyaan q2"
    assert {choice.label for item in official.sections[1].items for choice in item.choices} >= {"Setiap minggu"}
    assert official.items["q8"].label == "Pernah menyuntik?"
    assert score(official, SABU).as_json() == score(assist, SABU).as_json()
    assert (assist.labels_only, official.labels_only) == (True, False)


def test_a_loaded_text_is_never_altered(db):
    (row,) = load().new
    for attempt in (lambda: TextSet.objects.update(texts={}), lambda: TextSet.objects.filter(pk=row.pk).delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def command(*arguments):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("load_item_text", *map(str, arguments), stdout=out, stderr=err, no_color=True)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_command_loads_or_says_in_one_line_why_not(db, tmp_path):
    path = tmp_path / "teks.csv"
    path.write_bytes(file_of())
    assert command("srq20", path)[0] == 0
    assert "tidak berubah: 1" in command("srq20", path)[1]
    for arguments in (("horoskop", path), ("srq20", tmp_path / "tiada.csv"), ("audit", path)):
        code, out, err = command(*arguments)
        assert (code, out, len(err.strip().splitlines())) == (2, "", 1)


def upload(client, data=None, instrument="srq20", **more):
    file = SimpleUploadedFile("teks.csv", data or file_of())
    return client.post(reverse("assessments:load_text"), {"instrument": instrument, "file": file} | more)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.UNIT_ADMIN])
def test_the_system_admin_and_bnn_load_and_withdraw_on_a_page(client, role):
    client.force_login(factories.user(role, factories.unit("BNN")))
    listing = reverse("assessments:texts")
    assert "Label singkat kami sendiri" in client.get(listing).content.decode()
    assert client.get(reverse("assessments:load_text")).status_code == 200
    assert upload(client).url == listing
    assert "Izin WHO 12/2026" in client.get(listing).content.decode()
    assert upload(client, b"item,language\n").status_code == 422
    assert upload(client, instrument="horoskop").status_code == 422
    where = reverse("assessments:withdraw_text", args=[TextSet.objects.get().pk])
    assert client.get(where).status_code == 200
    assert client.post(where, {"reason": ""}).status_code == 422
    assert client.post(where, {"reason": "Izin berakhir"}).url == listing
    assert client.post(where, {"reason": "Lagi"}).status_code == 422


def test_a_province_looks_and_loads_nothing_and_others_do_not_look(client):
    (row,) = load().new
    client.force_login(factories.user(Role.UNIT_ADMIN, factories.unit("BNNP-53")))
    assert client.get(reverse("assessments:texts")).status_code == 200
    assert upload(client).status_code == 403
    assert client.post(reverse("assessments:withdraw_text", args=[row.pk]), {"reason": "x"}).status_code == 404
    client.force_login(factories.user(Role.COUNSELOR, factories.facility()))
    assert client.get(reverse("assessments:texts")).status_code == 403
    assert upload(client).status_code == 403
    assert client.post(reverse("assessments:withdraw_text", args=[row.pk]), {"reason": "x"}).status_code == 404
    assert TextSet.objects.in_force().count() == 1
