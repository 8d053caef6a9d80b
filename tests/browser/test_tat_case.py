"""One TAT case from the investigator's request to the order of placement, by clicking: secretariat, both teams, facility."""

import re

import pytest
from playwright.sync_api import Page, expect

from assessments.models import TatCase, TatPlacement
from rehab.roles import Role
from tests import factories
from tests.browser.steps import press, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def province(transactional_db):
    unit = factories.unit("BNNP-53", name="BNNP Nusa Tenggara Timur")
    clinic = factories.facility("Klinik Pratama BNNP NTT", of=unit)
    factories.user(Role.TAT_SECRETARIAT, unit, name="Lidia Contoh", username="lidia")
    factories.user(Role.TAT_MEDICAL, unit, name="Stefanus Contoh", username="stefanus")
    factories.user(Role.TAT_LEGAL, unit, name="Yohana Contoh", username="yohana")
    factories.user(Role.COUNSELOR, clinic, name="Rina Contoh", username="rina")
    return unit


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def open_case(page: Page, today: str) -> str:
    follow(page, "TAT")
    follow(page, "Buka perkara")
    page.get_by_label("Nama tersangka").fill("Budi Uji Contoh")
    page.get_by_label("Laki-laki").check()
    page.locator("[name=nik]").fill("5371011705959001")
    page.get_by_label("Dengan barang bukti").check()
    page.get_by_label("Instansi pemohon").fill("Satresnarkoba Polres Kupang Kota")
    page.get_by_label("Nomor surat permohonan").fill("R/12/XI/2026")
    page.get_by_label("Tanggal permohonan").fill(today)
    press(page, "Buka perkara ini")
    expect(page.locator("main h1")).to_contain_text("Draf")
    return page.url


def prepare(page: Page, today: str) -> None:
    """Documents, submission, both teams and the day."""
    follow(page, "Isi daftar periksa")
    for state in page.locator("select[name^=state_]").all():
        state.select_option("received")
    press(page, "Simpan daftar periksa")
    press(page, "Ajukan permohonan")
    follow(page, "Atur tim")
    for team, name in (("medical", "Stefanus Contoh"), ("legal", "Yohana Contoh")):
        box = page.locator(f"section[aria-labelledby=team-{team}]")
        box.get_by_label("Orang").select_option(label=name)
        box.get_by_role("button", name="Masukkan ke tim").click()
        expect(box.get_by_role("listitem")).to_contain_text(name)
    follow(page, "Kembali ke perkara")
    page.get_by_label("Tanggal asesmen").fill(today)
    press(page, "Jadwalkan")
    expect(page.locator("main h1")).to_contain_text("Dijadwalkan")


def write_medical(page: Page) -> None:
    page.get_by_role("link", name="Tulis", exact=True).first.click()  # on Hari ini
    page.get_by_label("Diagnosis (ICD-10): kelompok").select_option("F15")
    page.get_by_label("Keadaan klinis").select_option("2")
    page.get_by_label("Zat utama").select_option("stimulants")
    page.get_by_label("Pola pemakaian").fill("Hampir setiap hari")
    page.get_by_label("Kebutuhan rehabilitasi").fill("Rawat inap")
    page.get_by_label("Catatan tim medis").fill("Rahasia medis")
    page.get_by_label("Kesimpulan tim medis").fill("Ketergantungan sabu")
    press(page, "Tanda tangani catatan")
    expect(page.get_by_text("Catatan ditandatangani")).to_be_visible()


def write_legal(page: Page) -> None:
    page.get_by_role("link", name="Tulis", exact=True).first.click()
    page.get_by_label("Indikasi pemakai", exact=True).check()
    page.get_by_label("Barang bukti 1: zat").select_option("methamphetamine")
    page.get_by_label("Barang bukti 1: jumlah").fill("0,4")
    page.get_by_label("Catatan tim hukum").fill("Rahasia hukum")
    page.get_by_label("Kesimpulan tim hukum").fill("Pemakai, tidak terkait jaringan")
    press(page, "Tanda tangani catatan")
    expect(page.get_by_text("di bawah jumlah pemakaian satu hari SEMA 4/2010")).to_be_visible()
    expect(page.get_by_text("Ketergantungan sabu")).to_be_visible()
    expect(page.get_by_text("Rahasia medis")).to_have_count(0)


def conclude(page: Page, case: str) -> None:
    """Plenary and letter."""
    page.goto(case)
    expect(page.get_by_text("Rahasia")).to_have_count(0)
    follow(page, "Catat pleno")
    page.get_by_label("Kesimpulan pleno").fill("Penyalahguna bagi diri sendiri")
    page.get_by_label("Rehabilitasi rawat inap").check()
    page.get_by_label("Lama yang disarankan (bulan)").fill("6")
    press(page, "Simpan pleno")
    follow(page, "Terbitkan surat")
    page.get_by_label("Nomor surat hasil").fill("R/7/TAT/XI/2026")
    page.get_by_label("Penanda tangan", exact=True).fill("Theresia Contoh")
    page.get_by_label("Jabatan penanda tangan").fill("Ketua Tim Asesmen Terpadu")
    press(page, "Terbitkan surat")
    expect(page.locator("main h1")).to_contain_text("Hasil terbit")


def order(page: Page) -> None:
    follow(page, "Catat penetapan")
    page.get_by_label("Klinik Pratama BNNP NTT").check()
    page.get_by_label("Yang menetapkan").first.fill("Kejaksaan Negeri Kota Kupang")
    page.get_by_label("Nomor penetapan").fill("PEN-12")
    page.get_by_label("Asesmen terpadu (TAT)").check()
    press(page, "Catat penetapan")
    expect(page.get_by_role("heading", name="Penempatan ditetapkan")).to_be_visible()


def test_a_case_from_the_request_to_the_order(province, page, live_server):
    today = province.local_date().isoformat()
    sign_in(page, live_server, "lidia")
    case = open_case(page, today)
    prepare(page, today)
    sign_in(page, live_server, "stefanus")
    write_medical(page)
    sign_in(page, live_server, "yohana")
    write_legal(page)
    sign_in(page, live_server, "lidia")
    conclude(page, case)
    letter = page.request.get(f"{case}surat/cetak/")
    assert (letter.status, letter.body()[:5]) == (200, b"%PDF-")
    assert page.request.get(f"{case}surat/cetak/").body() == letter.body()
    order(page)
    found = TatCase.objects.get()
    assert TatPlacement.objects.get().episode.client == found.client
    sign_in(page, live_server, "rina")
    page.goto(f"{live_server.url}/klien/{found.client.code}/")
    expect(page.get_by_text(re.compile("Penempatan ditetapkan oleh Kejaksaan"))).to_be_visible()
    assert page.request.get(f"{case}surat/cetak/").body() == letter.body()
