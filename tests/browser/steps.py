"""What people do in the browser, step by step, as several ways through the product do it."""

from datetime import date

from playwright.sync_api import Page, expect

from tests import factories


def sign_in(page: Page, live_server, username: str) -> None:
    # What the page before still asks for could bring its session's cookie back.
    page.goto("about:blank")
    page.context.clear_cookies()
    page.goto(live_server.url)
    page.get_by_label("Nama pengguna atau e-mail").fill(username)
    page.get_by_label("Kata sandi").fill(factories.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.locator("main h1")).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def take_step(page: Page, name: str) -> None:
    """A step of the client's page: the first ones stand there, the others behind "Lainnya"."""
    step = page.locator(".client-steps a", has_text=name).first
    expect(step).to_be_attached()
    if not step.is_visible():
        page.locator(".client-steps summary").click()
    step.click()


def register(page: Page, registered: date) -> None:
    page.get_by_role("link", name="Daftarkan klien").first.click()
    page.get_by_label("NIK", exact=True).fill("5371011705959001")
    page.get_by_label("Nama lengkap").fill("Budi Uji Contoh")
    page.get_by_label("Laki-laki").check()
    page.get_by_label("Tanggal lahir", exact=True).fill("1995-05-17")
    page.get_by_label("Jalur masuk").select_option(label="Sukarela")
    page.get_by_label("Tanggal pendaftaran").fill(registered.isoformat())
    page.get_by_label("Layanan di fasilitas ini").check()
    press(page, "Daftarkan")
    expect(page.get_by_text("terdaftar.")).to_be_visible()


def tap(page: Page, item: str, answer: str) -> None:
    page.locator(f"#item-{item}").get_by_text(answer, exact=True).click()


def assess(page: Page) -> None:
    page.get_by_role("link", name="Lanjut ke asesmen").first.click()
    page.get_by_role("button", name="Mulai ASSIST, skrining penggunaan zat").click()
    for letter in "abcdfghij":
        tap(page, f"q1_{letter}", "Tidak")
    tap(page, "q1_e", "Ya")
    for item in ("q2_e", "q3_e", "q4_e", "q5_e"):
        press(page, "Simpan & lanjut")
        tap(page, item, "Setiap minggu")
    for item in ("q6_e", "q7_e"):
        press(page, "Simpan & lanjut")
        tap(page, item, "Ya, dalam 3 bulan terakhir")
    press(page, "Simpan & lanjut")
    tap(page, "q8", "Tidak pernah")
    press(page, "Simpan & lanjut")
    press(page, "Selesaikan asesmen")
    expect(page.get_by_text("Risiko tinggi")).to_be_visible()


def record_six_facts(page: Page) -> None:
    page.get_by_role("link", name="Lanjut ke enam fakta").click()
    page.get_by_label("Identitas sudah diperiksa").check()
    page.get_by_label("Zat utama").select_option(label="Stimulan jenis amfetamin (sabu, ekstasi)")
    page.get_by_label("Tahun").fill("2")
    page.get_by_label("Cara pakai").select_option(label="Dihisap/dibakar")
    page.get_by_label("Kelompok").select_option(label="F15 stimulan lain (sabu, ekstasi)")
    page.get_by_label("Keadaan klinis").select_option(label=".2 ketergantungan")
    page.get_by_label("Layanan sebelumnya").select_option(label="Belum pernah direhabilitasi")
    press(page, "Simpan")
    expect(page.get_by_text("layanan boleh dimulai").first).to_be_visible()


def treat(page: Page, code: str, live_server, started: date) -> None:
    page.goto(f"{live_server.url}/klien/{code}/")
    page.get_by_role("link", name="Rencanakan layanan").first.click()
    page.get_by_label("Rawat jalan").check()
    page.get_by_label("Non-TC").check()
    page.get_by_label("Direncanakan untuk").fill(started.isoformat())
    press(page, "Simpan rencana")
    page.get_by_role("link", name="Mulai layanan").first.click()
    page.locator("input[type=date]").fill(started.isoformat())
    press(page, "Mulai layanan")
    expect(page.get_by_text("Dalam layanan").first).to_be_visible()
