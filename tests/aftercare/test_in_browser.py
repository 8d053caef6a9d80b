"""Aftercare in a real browser: from closing to a follow-up, on a desktop and a phone, with and without JavaScript."""

import os
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from aftercare.enums import Relapse
from aftercare.models import AftercarePlan
from rehab.roles import Role
from tests import factories
from tests.aftercare import makers

pytestmark = pytest.mark.browser
WIDTHS = (1280, 390)


@pytest.fixture
def clinic(transactional_db):
    return factories.facility("Klinik Pratama Contoh", of=factories.unit("BNNP-53"))


@pytest.fixture
def rina(clinic):
    return factories.user(Role.COUNSELOR, clinic, name="Rina Contoh", username="rina")


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/pasca/")
    page.get_by_label("Nama pengguna atau e-mail").fill("rina")
    page.get_by_label("Kata sandi").fill(factories.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Klien pascarehabilitasi")


def found_wrong(page: Page) -> list:
    wrong = [
        (each["id"], [node["target"] for node in each["nodes"]]) for each in Axe().run(page).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        wrong.append(("wider than the screen", []))
    return wrong


def test_closing_leads_to_the_plan_and_on_to_the_first_follow_up(page: Page, live_server, rina, clinic):
    today = clinic.local_date()
    treatment = makers.under_way(clinic, started_on=today - timedelta(days=120))
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/layanan/{treatment.pk}/tutup/")
    page.get_by_text("Program dijalani sampai selesai.").click()
    page.get_by_label("Hari terakhir layanan").fill(f"{today - timedelta(days=40):%Y-%m-%d}")
    page.get_by_role("main").get_by_role("button", name="Tutup layanan").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pascarehabilitasi A. C.")
    page.get_by_role("link", name="Catat tindak lanjut").click()
    expect(page.get_by_text("Kunjungan rumah")).to_be_hidden()
    page.get_by_text("Ya", exact=True).click()
    page.get_by_text("Kunjungan rumah").click()
    page.get_by_text("Diketahui tidak kambuh").click()
    page.get_by_text("Tidak", exact=True).click()
    expect(page.get_by_text("Kunjungan rumah")).to_be_hidden()
    page.get_by_role("button", name="Simpan tindak lanjut").click()
    expect(page.get_by_role("status")).to_contain_text("Tindak lanjut sudah dicatat")
    row = AftercarePlan.objects.get().follow_ups.first()
    assert (row.contact_made, row.relapse) == (False, Relapse.UNKNOWN)


def test_a_follow_up_is_recorded_without_javascript(browser, live_server, rina, clinic):
    plan = makers.plan(rina, clinic)
    visitor = browser.new_context(java_script_enabled=False, locale="id-ID", viewport={"width": 390, "height": 850})
    page = visitor.new_page()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/pasca/tindak/{plan.follow_ups.first().pk}/")
    page.get_by_text("Ya", exact=True).click()
    page.get_by_text("Telepon atau pesan").click()
    page.get_by_text("Diketahui tidak kambuh").click()
    page.get_by_label("Tanggal").fill("2019-09-30")
    page.get_by_role("button", name="Simpan tindak lanjut").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pascarehabilitasi A. C.")
    assert plan.follow_ups.first().relapse == Relapse.NO
    visitor.close()


def test_the_pages_fit_and_have_no_axe_violation(page: Page, live_server, rina, clinic):
    today = clinic.local_date()
    plan = makers.plan(rina, clinic, today - timedelta(days=75))
    first, second, *_ = plan.follow_ups.all()
    makers.record(
        rina, first, first.due_on, relapse=Relapse.NO, productive="yes", urine="negative", note="Bekerja lagi"
    )
    makers.plan(rina, clinic, today)
    ended = makers.plan(rina, clinic)
    makers.relapsed(rina, ended.follow_ups.first(), ended.starts_on + timedelta(days=30))
    treatment = makers.under_way(clinic, started_on=today - timedelta(days=90))
    sign_in(page, live_server.url)
    wrong = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 850})
        for path in (
            "hari-ini/", "pasca/", "pasca/?show=ended", "pasca/?show=month", f"pasca/{plan.pk}/", f"pasca/{ended.pk}/",
            f"pasca/{plan.pk}/akhiri/", f"pasca/tindak/{first.pk}/", f"pasca/tindak/{second.pk}/",
            f"layanan/{treatment.pk}/tutup/",
        ):  # fmt: skip
            page.goto(f"{live_server.url}/{path}")
            if os.environ.get("SHOTS"):
                page.screenshot(
                    path=f"{os.environ['SHOTS']}/{path.strip('/').replace('/', '-')}-{width}.png", full_page=True
                )
            if found := found_wrong(page):
                wrong[f"{path} {width}"] = found
    assert wrong == {}


def test_two_people_at_one_follow_up_lose_nothing(page: Page, live_server, rina, clinic):
    row = makers.plan(rina, clinic).follow_ups.first()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/pasca/tindak/{row.pk}/")
    budi = factories.user(Role.COUNSELOR, clinic, name="Budi Contoh")
    makers.record(budi, row, makers.ENDED + timedelta(days=29), note="Ditemui di rumah")
    page.get_by_text("Tidak", exact=True).click()
    page.get_by_label("Tanggal").fill("2019-09-30")
    page.get_by_label("Catatan").fill("Telepon tidak diangkat")
    page.get_by_role("button", name="Simpan tindak lanjut").click()
    expect(page.get_by_role("alert")).to_contain_text("Ditemui di rumah")
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/conflict.png", full_page=True)
    assert found_wrong(page) == []
    page.locator("input[name=keep-note][value=yours]").check()
    for field in ("done_on", "contact_made", "way"):
        page.locator(f"input[name=keep-{field}][value=theirs]").check()
    page.get_by_role("button", name="Simpan tindak lanjut").click()
    expect(page.get_by_role("status")).to_contain_text("Tindak lanjut sudah dicatat")
    row.refresh_from_db()
    assert (row.contact_made, row.way, row.note) == (True, "phone", "Telepon tidak diangkat")
