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
from tests.browser.steps import assess, press, record_six_facts, register, sign_in, treat

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
