"""Papers, consent, guardian and card in a real browser, wide and narrow."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from clients.actions import cards, guardians
from clients.actions.people import GuardianData
from clients.enums import Admission
from clients.models import Consent, Document
from rehab.roles import Role
from tests import factories
from tests.clients.people import andi, registered
from tests.clients.test_in_browser import WIDTHS, found_wrong, sign_in
from tests.papers import PDF, png

pytestmark = pytest.mark.browser
DAY = date(2019, 3, 4)


@pytest.fixture
def here(transactional_db, tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"
    clinic = factories.facility("Klinik Pratama Contoh", of=factories.unit("BNNP-53"))
    rina = factories.user(Role.COUNSELOR, clinic, name="Rina Contoh", username="rina")
    return registered(rina, clinic, andi(), admission=Admission.MANDATORY_REPORT)


def at(live_server, name: str, *args) -> str:
    return live_server.url + reverse(f"clients:{name}", args=args)


def test_a_paper_goes_in_and_a_too_large_one_is_told_before_it_travels(page: Page, live_server, here):
    code = here.client.code
    sign_in(page, live_server.url, reverse("clients:documents", args=[code]))
    page.get_by_role("link", name="Tambah dokumen").click()
    page.get_by_label("Jenis dokumen").select_option("id_card")
    page.get_by_label("Keterangan").fill("KTP asli")
    large = {"name": "ktp.png", "mimeType": "image/png", "buffer": png() + bytes(11 * 1024 * 1024)}
    page.get_by_label("Berkas", exact=True).set_input_files(large)
    page.get_by_role("button", name="Simpan dokumen").click()
    assert "lebih besar dari 10 MB" in page.get_by_label("Berkas", exact=True).evaluate(
        "input => input.validationMessage"
    )
    expect(page.get_by_label("Keterangan")).to_have_value("KTP asli")
    page.get_by_label("Berkas", exact=True).set_input_files(
        {"name": "ktp.png", "mimeType": "image/png", "buffer": png(side=60)}
    )
    page.get_by_role("button", name="Simpan dokumen").dblclick()
    expect(page.get_by_role("status")).to_contain_text("Dokumen tersimpan")
    assert Document.objects.count() == 1
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Kartu identitas (KTP): KTP asli").click()
    assert opened.value.evaluate("document.images[0].naturalWidth") == 60


@pytest.mark.long
def test_papers_consent_guardian_and_card_are_sound_wide_and_narrow(page: Page, live_server, here):
    code, by = here.client.code, here.registered_by
    place = here.responsible_facility
    guardians.correct(by=by, client=here.client, guardian=GuardianData("Ibu Contoh", "parent"), reason="awal")
    card = cards.issue(by=by, client=here.client, facility=place, issued_on=DAY)
    sign_in(page, live_server.url, reverse("clients:add_document", args=[code]))
    page.get_by_label("Jenis dokumen").select_option("id_card")
    page.get_by_label("Berkas", exact=True).set_input_files(
        {"name": "x" * 200 + ".pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("button", name="Simpan dokumen").click()
    expect(page.get_by_text("x" * 60)).to_be_visible()
    held = Consent.objects.get()
    pages = [
        at(live_server, "documents", code), at(live_server, "add_document", code), at(live_server, "card", code),
        at(live_server, "issue_card", code), at(live_server, "replace_card", card.pk), at(live_server, "guardian", code),
        at(live_server, "consent", code), at(live_server, "revoke_consent", code, held.pk),
        at(live_server, "withdraw_document", Document.objects.get().pk),
    ]  # fmt: skip
    wrong = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for url in pages:
            page.goto(url)
            wrong[url, width] = found_wrong(page)
    page.goto(at(live_server, "consent", code))
    page.get_by_text("Hanya dengan satu fasilitas").click()
    page.get_by_text("Tampilkan nama dan telepon").click()
    page.get_by_role("button", name="Menghubungi klien atau keluarga").click()
    expect(page.get_by_text("Ibu Contoh")).to_be_visible()
    wrong["opened"] = found_wrong(page)
    assert {place: what for place, what in wrong.items() if what} == {}
