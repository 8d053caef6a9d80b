"""Typed text survives a closed tab, an expired login and a second step; two editors are asked; a tap is taken back."""

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session as Login
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from clients.actions import plans
from clients.models import Attendance
from rehab.models import Draft
from rehab.roles import Role
from tests import factories
from tests.clients.meetings import in_treatment, planned

pytestmark = pytest.mark.browser


@pytest.fixture
def clinic(transactional_db):
    return factories.facility("Klinik Pratama Contoh", of=factories.unit("BNNP-53"))


@pytest.fixture
def rina(clinic):
    return factories.user(Role.COUNSELOR, clinic, name="Rina Contoh", username="rina")


@pytest.fixture
def at(page: Page, live_server, rina):
    def go(address: str) -> Page:
        page.goto(f"{live_server.url}{address}")
        sign_in(page)
        page.wait_for_url(f"**{address}")
        return page

    return go


def sign_in(page: Page) -> None:
    page.get_by_label("Nama pengguna atau e-mail").fill("rina")
    page.get_by_label("Kata sandi").fill(factories.PASSWORD)
    page.get_by_role("button", name="Masuk").click()


def violations(page: Page) -> list[str]:
    return [each["id"] for each in Axe().run(page).response["violations"]]


def kept(page: Page) -> None:
    expect(page.locator(".draft-state")).to_contain_text("tersimpan")


def test_what_is_typed_survives_a_closed_tab(at, live_server):
    address = reverse("clients:register")
    page = at(address)
    page.get_by_label("Nama lengkap").fill("Andi Contoh 😀")
    page.get_by_label("Alamat", exact=False).first.fill("Jalan Contoh 1")
    other = page.context.new_page()
    page.close()
    other.goto(f"{live_server.url}/hari-ini/")
    expect(other.get_by_role("link", name="Daftarkan klien").last).to_be_visible()
    other.goto(f"{live_server.url}{address}")
    expect(other.get_by_label("Nama lengkap")).to_have_value("Andi Contoh 😀")
    expect(other.locator(".draft-back")).to_contain_text("Dikembalikan dari draf Anda")
    assert violations(other) == []
    other.get_by_role("button", name="buang draf").click()
    expect(other.get_by_label("Nama lengkap")).to_have_value("")
    other.get_by_role("button", name="Urungkan").click()
    expect(other.get_by_label("Nama lengkap")).to_have_value("Andi Contoh 😀")


def test_notes_of_a_session_survive_an_expired_login_with_a_second_step(at, rina, clinic):
    """The dialog stands over the page; after password and code the same page saves."""
    session = planned(rina, clinic, in_treatment(clinic))
    page = at(reverse("clients:session", args=[session.pk]))
    secret = generate_totp_secret()
    TOTP.activate(rina, secret)
    Login.objects.all().delete()
    page.get_by_text("Catatan", exact=True).click()
    page.locator("textarea").fill("Bercerita tentang keluarganya")
    page.keyboard.press("Tab")
    dialog = page.get_by_role("dialog", name="Masuk lagi")
    expect(dialog).to_be_visible()
    assert violations(page) == []
    dialog.get_by_label("Kata sandi").fill("salah sama sekali")
    dialog.get_by_role("button", name="Masuk").click()
    expect(dialog.get_by_role("alert")).to_contain_text("tidak cocok")
    dialog.get_by_label("Kata sandi").fill(factories.PASSWORD)
    dialog.get_by_role("button", name="Masuk").click()
    dialog.get_by_label("Enam angka").fill(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))
    dialog.get_by_role("button", name="Masuk").click()
    expect(dialog).to_be_hidden()
    kept(page)
    page.locator(".presence label").filter(has_text="hadir").first.click()
    page.get_by_role("button", name="Simpan kehadiran").click()
    expect(page.get_by_role("status").filter(has_text="Kehadiran sudah dicatat")).to_be_visible()
    assert Attendance.objects.get().note == "Bercerita tentang keluarganya"
    assert not Draft.objects.exists()


def test_without_javascript_a_plan_sent_too_late_comes_back(browser: Browser, live_server, rina, clinic):
    plan = plans.draft(by=rina, treatment=in_treatment(clinic))
    visitor = browser.new_context(java_script_enabled=False, locale="id-ID", viewport={"width": 390, "height": 850})
    page = visitor.new_page()
    page.goto(f"{live_server.url}{reverse('clients:write_plan', args=[plan.pk])}")
    sign_in(page)
    page.get_by_label("Masalah").first.fill("Menganggur")
    page.get_by_label("Apa yang dilakukan").first.fill("Kursus, oleh Rina")
    Login.objects.all().delete()
    page.get_by_role("button", name="Simpan, tambah sasaran").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Masuk lagi")
    sign_in(page)
    expect(page.get_by_label("Masalah").first).to_have_value("Menganggur")
    expect(page.get_by_label("Apa yang dilakukan").first).to_have_value("Kursus, oleh Rina")
    page.get_by_role("button", name="Simpan, tambah sasaran").click()
    expect(page.get_by_text("Rencana sudah disimpan.")).to_be_visible()
    assert plan.goals.get().problem == "Menganggur"
    visitor.close()


def test_a_form_left_standing_for_long_asks_before_it_is_sent(at, rina, clinic):
    page = at(reverse("clients:add_session"))
    Login.objects.all().delete()
    page.wait_for_load_state("networkidle")
    page.evaluate("heard = 0")
    page.get_by_role("button", name="Simpan sesi").click()
    expect(page.get_by_role("dialog", name="Masuk lagi")).to_be_visible()
    assert page.url.endswith(reverse("clients:add_session"))


def test_two_tabs_of_one_form_are_told_of_each_other(at, live_server):
    address = reverse("clients:register")
    one = at(address)
    two = one.context.new_page()
    two.goto(f"{live_server.url}{address}")
    one.get_by_label("Nama lengkap").fill("Andi Contoh")
    one.keyboard.press("Tab")
    kept(one)
    two.get_by_label("Nama lengkap").fill("Budi Contoh")
    two.keyboard.press("Tab")
    expect(two.get_by_role("alert").filter(has_text="Di tab lain")).to_be_visible()
    two.get_by_role("button", name="Simpan yang ada di sini").click()
    kept(two)


def test_two_editors_are_shown_both_values(at, rina, clinic):
    session = planned(rina, clinic, in_treatment(clinic), theme="Pencegahan kambuh")
    page = at(reverse("clients:change_session", args=[session.pk]))
    page.get_by_label("Tema").fill("Keluarga")
    type(session).objects.filter(pk=session.pk).update(theme="Pekerjaan", edit=2)
    page.get_by_role("button", name="Simpan", exact=True).click()
    table = page.locator("table.conflict")
    expect(table).to_contain_text("Pencegahan kambuh")
    expect(table).to_contain_text("Pekerjaan")
    expect(table).to_contain_text("Keluarga")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 850})
        assert violations(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    table.get_by_label("Pekerjaan").check()
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pekerjaan")


def test_a_group_recorded_by_mistake_is_taken_back(at, rina, clinic):
    planned(rina, clinic, in_treatment(clinic), in_treatment(clinic, "Budi Contoh"), held_on=clinic.local_date())
    page = at("/hari-ini/")
    page.get_by_role("button", name="Semua hadir").click()
    page.get_by_role("button", name="Urungkan").click()
    expect(page.get_by_text("Sudah diurungkan.")).to_be_visible()
    assert set(Attendance.objects.values_list("presence", flat=True)) == {"expected"}
