"""The main job, end to end: from a person at the door to a report that went from hand to hand and is sealed; by clicking,
with a real worker."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from clients.models import Treatment
from rehab.roles import Role
from reports.enums import FigureScope, ReportStatus
from reports.models import Report, Target, TargetRevision
from tests import factories

pytestmark = pytest.mark.browser


@pytest.fixture
def last_month() -> date:
    """The fifth of the month that has ended last, a day on which the client can have come."""
    return (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=5)


@pytest.fixture
def clinic(transactional_db, last_month):
    """A clinic in NTT, its people, and a target of four clients for the year."""
    unit = factories.unit("BNNP-53", name="BNNP Nusa Tenggara Timur")
    clinic = factories.facility("Klinik Pratama BNNP Nusa Tenggara Timur", of=unit)
    factories.user(Role.COUNSELOR, clinic, name="Rina Contoh", username="rina")
    factories.user(Role.UNIT_STAFF, unit, name="Anton Contoh", username="anton")
    factories.user(Role.SIGNATORY, unit, name="Theresia Contoh", username="theresia")
    target = Target.objects.create(
        unit=unit, indicator="clients_rehabilitated", year=last_month.year, scope=FigureScope.OWN
    )
    TargetRevision.objects.create(
        target=target, value=Decimal(4), in_force_on=date(last_month.year, 1, 1), reason="contoh"
    )
    return clinic


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


def build_report(page: Page, live_server, month: date) -> None:
    page.get_by_role("link", name="Laporan", exact=True).first.click()
    page.get_by_role("link", name="Buat laporan").first.click()
    page.get_by_label("Periode").select_option(label="Bulan")
    page.get_by_label("Bulan", exact=True).select_option(value=str(month.month))
    page.get_by_label("Tahun", exact=True).fill(str(month.year))
    press(page, "Buat laporan")
    expect(page.get_by_role("link", name="Unduh PDF")).to_be_visible(timeout=30_000)


def submit(page: Page) -> None:
    press(page, "Ajukan ke penanda tangan")
    expect(page.get_by_text("Laporan sudah diajukan")).to_be_visible()


def send_back(page: Page, live_server, why: str) -> None:
    page.goto(f"{live_server.url}/hari-ini/")
    page.get_by_role("link", name="Setujui laporan").click()
    page.get_by_text("Kembalikan untuk diperbaiki").click()
    page.get_by_label("Yang harus diperbaiki").fill(why)
    press(page, "Kembalikan")
    expect(page.get_by_text("Laporan dikembalikan")).to_be_visible()


def download(page: Page, name: str, path) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    waiting.value.save_as(path)
    return path.read_bytes()


def test_from_the_door_to_a_sealed_report(page, live_server, clinic, last_month, celery_worker_process, tmp_path):
    started = last_month + timedelta(days=7)
    sign_in(page, live_server, "rina")
    register(page, last_month)
    code = page.locator("main h1").inner_text().split()[0]
    assess(page)
    record_six_facts(page)
    treat(page, code, live_server, started)
    assert Treatment.objects.get().counted_on == started

    sign_in(page, live_server, "anton")
    page.goto(f"{live_server.url}/capaian/BNNP-53/{last_month.year}/")
    expect(page.locator("main")).to_contain_text("25,00 %")
    page.locator(".tile a").first.click()
    expect(page.get_by_text(code)).to_be_visible()
    expect(page.get_by_text("Budi")).to_have_count(0)
    build_report(page, live_server, last_month)
    page.get_by_label("Kendala: Klien direhabilitasi").fill("Satu petugas, tiga kabupaten")
    expect(page.get_by_text("tersimpan").first).to_be_visible()

    submit(page)

    report = Report.objects.get(status=ReportStatus.SUBMITTED)
    address = f"{live_server.url}/laporan/{report.pk}/"
    sign_in(page, live_server, "theresia")
    send_back(page, live_server, "Tindak lanjut belum diisi")
    sign_in(page, live_server, "anton")
    page.goto(f"{live_server.url}/hari-ini/")
    page.get_by_role("link", name="Perbaiki laporan").click()
    expect(page.get_by_text("Tindak lanjut belum diisi").first).to_be_visible()
    page.get_by_label("Tindak lanjut: Klien direhabilitasi").fill("Pelatihan bersama dinas kesehatan")
    expect(page.get_by_text("tersimpan").first).to_be_visible()
    submit(page)

    sign_in(page, live_server, "theresia")
    page.goto(address)
    press(page, "Setujui")
    expect(page.get_by_text("Laporan sudah disetujui")).to_be_visible()
    press(page, "Segel laporan")
    expect(page.get_by_text("Laporan sudah disegel")).to_be_visible()
    expect(page.locator(".report-way li")).to_have_count(6)
    report.refresh_from_db()
    assert report.status == ReportStatus.SEALED
    line = report.lines.get(indicator="clients_rehabilitated")
    assert (line.obstacle, line.follow_up) == ("Satu petugas, tiga kabupaten", "Pelatihan bersama dinas kesehatan")
    assert download(page, "Unduh PDF", tmp_path / "report.pdf").startswith(b"%PDF-")
    assert download(page, "Unduh XLSX", tmp_path / "report.xlsx").startswith(b"PK")
