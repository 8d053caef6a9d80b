"""From a number of the nation down to the episode behind it, and back, by clicking."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from clients.enums import AdmissionGroup
from rehab.roles import Role
from tests import factories
from tests.reports.makers import counted

pytestmark = pytest.mark.browser


@pytest.fixture
def treatment(transactional_db):
    factories.user(Role.UNIT_STAFF, factories.unit("BNN", name="BNN"), name="Sari Contoh", username="sari")
    clinic = factories.facility("Klinik Pratama BNNP Nusa Tenggara Timur", of=factories.unit("BNNP-53"))
    return counted(clinic, date(2019, 3, 5), admission_group=AdmissionGroup.LEGAL)


def test_from_a_national_number_to_an_episode_and_back(page: Page, live_server, treatment):
    page.goto(live_server.url)
    page.get_by_label("Nama pengguna atau e-mail").fill("sari")
    page.get_by_label("Kata sandi").fill(factories.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.goto(f"{live_server.url}/laporan/rekap/2019/")
    whole = page.locator(".recap-whole")
    expect(whole).to_contain_text("Seluruh BNN")
    whole.get_by_role("row", name="Hukum").get_by_role("link").first.click()
    page.get_by_role("link", name=treatment.client.code).click()
    expect(page.locator("main h1")).to_contain_text(treatment.client.code)
    page.go_back()
    page.go_back()
    expect(page.locator("main h1")).to_have_text("Rekap 2019")
