"""From the nation's number to one client and back, by clicking; the cards come by themselves, and without JavaScript by a link."""

from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from rehab.roles import Role
from tests import factories
from tests.browser.steps import sign_in
from tests.reports import makers

pytestmark = pytest.mark.browser


@pytest.fixture
def treatment(transactional_db):
    """One client of a clinic in NTT, counted in March 2019."""
    unit = factories.unit("BNNP-53", name="BNNP Nusa Tenggara Timur")
    clinic = factories.facility("Klinik Contoh Kupang", of=unit)
    factories.user(Role.ANALYST, factories.unit("BNN"), name="Fajar Contoh", username="fajar")
    factories.user(Role.UNIT_STAFF, unit, name="Anton Contoh", username="anton")
    return makers.counted(clinic, date(2019, 3, 3))


@pytest.fixture(autouse=True)
def quiet_end(page: Page, treatment):
    """No card is still being counted when the test's database goes."""
    yield
    page.wait_for_load_state("networkidle")
    page.goto("about:blank")


def test_from_the_nation_to_one_client_and_back(page, live_server, treatment):
    sign_in(page, live_server, "fajar")
    page.goto(f"{live_server.url}/capaian/BNN/2019/")
    tile = page.get_by_role("link", name="BNNP Nusa Tenggara Timur: 1 orang")
    tile.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("BNNP Nusa Tenggara Timur")
    page.locator("#card-peringkat").get_by_role("link", name="1", exact=True).click()
    expect(page.get_by_text("tidak ditampilkan")).to_be_visible()
    expect(page.get_by_text(treatment.client.code)).to_have_count(0)

    sign_in(page, live_server, "anton")
    page.goto(f"{live_server.url}/capaian/BNNP-53/2019/")
    ranking = page.locator("#card-peringkat")
    ranking.get_by_role("link", name="Klinik Contoh Kupang").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Klinik Contoh Kupang")
    page.locator(".tile a").first.click()
    page.get_by_role("link", name=treatment.client.code).click()
    expect(page.locator("main h1")).to_contain_text(treatment.client.code)
    page.go_back()
    page.get_by_role("link", name="Klinik Contoh Kupang").click()
    expect(page.get_by_role("heading", level=2, name="Kesegaran dan kelengkapan data")).to_be_visible()


def test_a_card_is_exchanged_alone_and_stands_on_its_own_without_scripts(
    page, live_server, treatment, browser: Browser
):
    sign_in(page, live_server, "fajar")
    page.goto(f"{live_server.url}/capaian/BNN/2019/")
    chart = page.locator("#chart")
    expect(page.locator("#card-peta svg").first).to_be_visible()
    page.locator("#card-peta").get_by_role("link", name="Capaian target").click()
    expect(page.locator("#card-peta [aria-current]").last).to_have_text("Capaian target")
    expect(chart).to_be_attached()
    assert page.url.endswith("/capaian/BNN/2019/")
    plain = browser.new_context(locale="id-ID", java_script_enabled=False, storage_state=page.context.storage_state())
    tab = plain.new_page()
    tab.goto(f"{live_server.url}/capaian/BNN/2019/")
    tab.get_by_role("link", name="Buka “Dari pendaftaran sampai pascarehabilitasi”").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Dari pendaftaran sampai pascarehabilitasi")
    expect(tab.get_by_role("rowheader", name="Terdaftar")).to_be_visible()
    plain.close()


def test_no_card_breaks_a_rule_of_access(page, live_server, treatment):
    """As axe sees it: names, roles, contrast."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    sign_in(page, live_server, "fajar")
    page.goto(f"{live_server.url}/capaian/BNN/2019/")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('load-cards'))")
    expect(page.locator(".card-waiting")).to_have_count(0)
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()
