"""Registration and the client's page in a real browser: live checks, a draft that survives, with and without JavaScript."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from clients.models import Client, Treatment
from rehab.roles import Role
from tests import factories
from tests.clients.people import NIK, andi, registered

pytestmark = pytest.mark.browser
WIDTHS = (1280, 390)


@pytest.fixture
def clinic(transactional_db):
    return factories.facility("Klinik Pratama Contoh", of=factories.unit("BNNP-53"))


@pytest.fixture
def rina(clinic):
    return factories.user(Role.COUNSELOR, clinic, name="Rina Contoh", username="rina")


def sign_in(page: Page, address: str, to: str) -> None:
    page.goto(f"{address}{to}")
    page.get_by_label("Nama pengguna atau e-mail").fill("rina")
    page.get_by_label("Kata sandi").fill(factories.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("button", name="Masuk")).to_have_count(0)


def found_wrong(page: Page) -> list:
    wrong = [
        (each["id"], [node["target"] for node in each["nodes"]]) for each in Axe().run(page).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        wrong.append(("wider than the screen", []))
    return wrong


def test_the_nik_suggests_the_draft_survives_and_a_double_click_registers_one(page: Page, live_server, rina):
    sign_in(page, live_server.url, reverse("clients:register"))
    expect(page.get_by_label("Nama wali")).to_be_hidden()
    expect(page.get_by_label("Dikirim oleh")).to_be_hidden()
    page.get_by_label("NIK", exact=True).fill("5371 0117 0595 0001")
    page.get_by_label("Nama lengkap").fill("Andi Contoh")
    expect(page.get_by_text("Nomor sah: laki-laki, lahir 17 Mei 1995.")).to_be_visible()
    expect(page.get_by_label("Tanggal lahir", exact=True)).to_have_value("1995-05-17")
    expect(page.get_by_label("Laki-laki")).to_be_checked()
    expect(page.locator(".draft-state")).to_contain_text("tersimpan")
    page.reload()
    expect(page.get_by_label("Nama lengkap")).to_have_value("Andi Contoh")
    page.get_by_label("Jalur masuk").select_option("court")
    page.get_by_label("Dikirim oleh").fill("Pengadilan Contoh")
    page.get_by_text("Layanan di fasilitas ini").click()
    page.get_by_role("button", name="Daftarkan", exact=True).dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("K-")
    assert Client.objects.count() == 1
    assert NIK not in page.url


def test_a_look_alike_and_a_minor_are_noticed_while_typing(page: Page, live_server, rina, clinic):
    known = registered(rina, clinic, andi()).client
    sign_in(page, live_server.url, reverse("clients:register"))
    page.get_by_label("Nama lengkap").fill("Andy Contoh")
    page.get_by_label("Tanggal lahir", exact=True).fill("1995-05-17")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=f"Buka klien {known.code}")).to_be_visible()
    page.get_by_label("Tanggal lahir", exact=True).fill("2015-05-17")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Nama wali")).to_be_visible()
    expect(page.get_by_role("link", name=f"Buka klien {known.code}")).to_have_count(0)


def test_the_way_goes_on_without_javascript(browser, live_server, rina, clinic):
    visitor = browser.new_context(java_script_enabled=False, locale="id-ID", viewport={"width": 390, "height": 850})
    page = visitor.new_page()
    sign_in(page, live_server.url, reverse("clients:register"))
    page.get_by_label("Tanpa NIK, karena").select_option("not_brought")
    page.get_by_label("Nama lengkap").fill("Budi Contoh")
    page.get_by_text("Laki-laki").click()
    page.get_by_label("Umur, bila hanya itu yang diketahui").fill("30")
    page.get_by_label("Jalur masuk").select_option("voluntary")
    page.get_by_text("Layanan di fasilitas ini").click()
    page.get_by_role("button", name="Daftarkan", exact=True).click()
    page.get_by_text("Tampilkan identitas").click()
    page.get_by_role("button", name="Memeriksa data").click()
    expect(page.get_by_text("Budi Contoh")).to_be_visible()
    page.get_by_role("link", name="Rencanakan layanan").click()
    page.get_by_text("Rawat jalan").click()
    page.get_by_text("Non-TC").click()
    page.get_by_role("button", name="Simpan rencana").click()
    expect(page.get_by_role("status")).to_contain_text("Layanan direncanakan")
    assert Treatment.objects.count() == 1
    visitor.close()


def test_every_page_is_sound_wide_and_narrow(page: Page, live_server, rina, clinic):
    episode = registered(rina, clinic, andi())
    treatment = factories.treatment(episode, started_on=episode.opened_on)
    waiting = factories.treatment(factories.episode(factories.client("Budi Contoh"), clinic))
    code = episode.client.code
    sign_in(page, live_server.url, reverse("clients:list"))
    urls = [reverse("clients:list"), reverse("clients:register")]
    urls += [
        reverse(f"clients:{name}", args=[code]) for name in ("client", "who_looked", "consent", "correct_identity")
    ]
    urls += [reverse("clients:plan_treatment", args=[waiting.client.code])]
    urls += [
        reverse("clients:start_treatment", args=[waiting.pk]),
        reverse("clients:withdraw_treatment", args=[waiting.pk]),
    ]
    urls += [reverse("clients:change_phase", args=[treatment.pk]), reverse("today")]
    wrong = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for url in urls:
            page.goto(live_server.url + url)
            wrong[url, width] = found_wrong(page)
    page.goto(live_server.url + reverse("clients:register"))
    page.get_by_role("button", name="Daftarkan", exact=True).click()
    wrong["errors"] = found_wrong(page)
    assert {place: what for place, what in wrong.items() if what} == {}
