"""The frame around every page: sign-in, keyboard, errors, both languages, wide and narrow, light and dark."""

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.browser
# Two of the four show most; the others wait for `make test-all`.
FACES = [
    ("light", 390),
    ("dark", 1280),
    pytest.param("light", 1280, marks=pytest.mark.long),
    pytest.param("dark", 390, marks=pytest.mark.long),
]


def violations(page: Page) -> list[tuple[str, list]]:
    found = Axe().run(page).response["violations"]
    return [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]


@pytest.fixture
def rina(transactional_db):
    clinic = factories.facility("Klinik Pratama Contoh", of=factories.unit("BNNP-53"))
    return factories.user(Role.COUNSELOR, clinic, name="Rina Contoh", username="rina")


@pytest.fixture
def signed_in(page: Page, live_server, rina) -> Page:
    page.goto(f"{live_server.url}/")
    page.get_by_label("Nama pengguna atau e-mail").fill("rina")
    page.get_by_label("Kata sandi").fill(factories.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rina")
    return page


def test_one_signs_in_by_keyboard_and_lands_on_hari_ini(page: Page, live_server, rina):
    page.goto(f"{live_server.url}/hari-ini/")
    expect(page.locator("html")).to_have_attribute("lang", "id")
    expect(page.get_by_label("Nama pengguna atau e-mail")).to_be_focused()
    page.keyboard.type("rina")
    page.keyboard.press("Tab")
    page.keyboard.type(factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/hari-ini/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rina")
    expect(page.locator(".top")).to_contain_text("Klinik Pratama Contoh")
    expect(page.locator(".top")).to_contain_text("WITA")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Langsung ke isi")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_wrong_password_says_what_to_check_and_keeps_the_name(page: Page, live_server, rina):
    page.goto(f"{live_server.url}/masuk/login/")
    page.get_by_label("Nama pengguna atau e-mail").fill("rina")
    page.get_by_label("Kata sandi").fill("salah sama sekali")
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("alert").first).to_contain_text("tidak cocok")
    expect(page.get_by_label("Nama pengguna atau e-mail")).to_have_value("rina")
    assert violations(page) == []


@pytest.mark.parametrize(("scheme", "width"), FACES)
def test_the_pages_of_the_frame_have_no_axe_violation_and_fit(signed_in: Page, live_server, scheme, width):
    page = signed_in
    page.set_viewport_size({"width": width, "height": 850})
    page.emulate_media(color_scheme=scheme)
    wrong = {}
    for path in ("hari-ini/", "tidak-ada/", "masuk/password/change/", "masuk/2fa/", "masuk/logout/", "masuk/email/"):
        assert page.goto(f"{live_server.url}/{path}").status in {200, 404}
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        found = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(("wider than the screen", []))
        if found:
            wrong[path] = found
    assert wrong == {}


@pytest.mark.parametrize(("scheme", "width"), FACES)
def test_the_open_pages_have_no_axe_violation(page: Page, live_server, transactional_db, scheme, width):
    page.set_viewport_size({"width": width, "height": 850})
    page.emulate_media(color_scheme=scheme)
    wrong = {}
    for path in ("login/", "password/reset/", "password/reset/done/", "password/reset/key/1-x/", "inactive/"):
        assert page.goto(f"{live_server.url}/masuk/{path}").ok
        if found := violations(page):
            wrong[path] = found
    assert wrong == {}


def test_what_is_not_there_answers_404_in_our_words(signed_in: Page, live_server):
    answer = signed_in.goto(f"{live_server.url}/tidak-ada/")
    assert answer.status == 404
    expect(signed_in.get_by_role("heading", level=1)).to_have_text("Halaman ini tidak ada, atau bukan untuk Anda")


def test_g_then_h_leads_to_the_first_page_but_not_while_typing(signed_in: Page, live_server):
    signed_in.goto(f"{live_server.url}/masuk/password/change/")
    signed_in.locator("input[type=password]").first.press_sequentially("gh")
    assert signed_in.url.endswith("/masuk/password/change/")
    signed_in.locator("h1").click()
    signed_in.keyboard.press("g")
    signed_in.keyboard.press("h")
    signed_in.wait_for_url("**/hari-ini/")


def test_the_language_changes_and_the_page_stays(signed_in: Page, live_server):
    signed_in.locator(".user-menu summary").click()
    signed_in.get_by_role("button", name="English").click()
    expect(signed_in.locator("html")).to_have_attribute("lang", "en")
    assert signed_in.url.endswith("/hari-ini/")


def test_everything_in_the_frame_works_without_javascript(browser, live_server, rina):
    visitor = browser.new_context(java_script_enabled=False, locale="id-ID", viewport={"width": 390, "height": 850})
    page = visitor.new_page()
    page.goto(f"{live_server.url}/")
    page.get_by_label("Nama pengguna atau e-mail").fill("rina")
    page.get_by_label("Kata sandi").fill(factories.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Masuk ke Titian")
    visitor.close()


def test_a_lost_sign_in_is_said_beside_what_was_typed(signed_in: Page, live_server):
    # What the page still asks for when the cookies go could bring its session's back.
    signed_in.wait_for_load_state("networkidle")
    signed_in.context.clear_cookies()
    signed_in.evaluate("htmx.ajax('GET', '/hari-ini/', {target: 'main', swap: 'none'})")
    dialog = signed_in.get_by_role("dialog", name="Masuk lagi")
    expect(dialog).to_contain_text("isian Anda tetap seperti adanya")
    assert violations(signed_in) == []
    dialog.get_by_label("Kata sandi").fill(factories.PASSWORD)
    dialog.get_by_role("button", name="Masuk").click()
    expect(dialog).to_be_hidden()


def test_a_second_click_sends_nothing(signed_in: Page, live_server):
    signed_in.goto(f"{live_server.url}/masuk/logout/")
    sent = []
    signed_in.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    signed_in.get_by_role("main").get_by_role("button", name="Keluar").dblclick()
    expect(signed_in.get_by_role("heading", level=1)).to_have_text("Masuk ke Titian")
    assert len(sent) == 1


def test_a_guarded_form_is_not_left_with_changes_unasked(signed_in: Page, live_server):
    signed_in.goto(f"{live_server.url}/masuk/password/change/")
    signed_in.locator("main form").evaluate("form => form.setAttribute('data-guard', '')")
    signed_in.locator("input[type=password]").first.fill("sesuatu")
    asked = []
    signed_in.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    signed_in.goto(f"{live_server.url}/hari-ini/")
    assert asked == ["beforeunload"]


def test_two_step_sign_in_is_switched_on_and_asked_for(signed_in: Page, live_server):
    page = signed_in
    page.goto(f"{live_server.url}/masuk/2fa/")
    page.get_by_role("link", name="Nyalakan").click()
    page.get_by_label("Kata sandi").fill(factories.PASSWORD)
    page.get_by_role("button", name="Lanjut").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nyalakan masuk dua langkah")
    assert violations(page) == []
    page.get_by_text("Tidak bisa memindai?").click()
    secret = page.locator("details code").inner_text()
    page.get_by_label("Kode enam angka").fill(totp(secret))
    page.get_by_role("button", name="Nyalakan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kode pemulihan")
    code = page.locator(".codes li").first.inner_text()
    assert violations(page) == []
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Keluar").click()
    page.get_by_label("Nama pengguna atau e-mail").fill("rina")
    page.get_by_label("Kata sandi").fill(factories.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Langkah kedua")
    assert violations(page) == []
    page.get_by_label("Kode").fill("000000")
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("Kode tidak cocok")
    page.get_by_label("Kode").fill(code)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rina")


def totp(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_a_forgotten_password_is_chosen_anew_by_mail(page: Page, live_server, rina, mailoutbox):
    page.goto(f"{live_server.url}/masuk/login/")
    page.get_by_role("link", name="Lupa kata sandi?").click()
    page.get_by_label("Alamat e-mail").fill(rina.email)
    page.get_by_role("button", name="Kirim tautan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa e-mail Anda")
    assert mailoutbox[0].subject == "Titian: pilih kata sandi baru"
    link = next(line for line in mailoutbox[0].body.splitlines() if line.startswith("http"))
    page.goto(link)
    for field in page.locator("input[type=password]").all():
        field.fill("jembatan bambu di atas sungai")
    page.get_by_role("button", name="Simpan kata sandi baru").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kata sandi Anda sudah diubah")
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tautan ini tidak berlaku lagi")
