"""Tables of targets and budgets in a real browser: pasted from a spreadsheet, summed while typing, walked by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from rehab.roles import Role
from reports.enums import FigureScope
from reports.models import TargetRevision
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.browser
ARGS = ["BNNP-53", 2019]
TABLE = reverse("reports:target_table", args=ARGS)
PASTE = """([selector, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.querySelector(selector).dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def ntt(transactional_db):
    unit = factories.unit("BNNP-53")
    factories.unit("BNNK-5371")
    factories.user(Role.UNIT_STAFF, unit, username="anton")
    return unit


def sign_in(page: Page, address: str, to: str) -> None:
    page.goto(f"{address}{to}")
    page.get_by_label("Nama pengguna atau e-mail").fill("anton")
    page.get_by_label("Kata sandi").fill(factories.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("button", name="Masuk")).to_have_count(0)


def test_cells_are_pasted_summed_and_saved(page: Page, live_server, ntt):
    sign_in(page, live_server.url, TABLE)
    year = "#id_clients_rehabilitated-year"
    page.evaluate(PASTE, [year, "1.200\t" + "\t".join(["100"] * 11) + "\t90\r\n7\t1\r\n"])
    expect(page.locator(year)).to_have_value("1.200")
    expect(page.locator("#id_tat_clients-1")).to_have_value("1")
    total = page.locator("tr", has=page.locator(year)).locator("output")
    expect(total).to_have_text("1.190 · kurang 10")
    page.locator("#id_clients_rehabilitated-12").fill("100")
    expect(total).to_have_text("1.200 · pas")
    page.locator(year).focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#id_tat_clients-year")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#id_aftercare_clients-year")).to_be_focused()
    page.locator("#id_tat_clients-year").fill("1")
    page.get_by_label("Alasan atau sumber").fill("DIPA")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_text("Target tersimpan: 2.")).to_be_visible()
    assert sorted(TargetRevision.objects.values_list("value", flat=True)) == [1, 1200]


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_fit_and_have_no_axe_violation(page: Page, live_server, ntt, width):
    makers.target(ntt, 60, scope=FigureScope.TREE)
    makers.target(factories.unit("BNNK-5371"), 70)
    makers.budget(ntt, 165_000_000, 100_000_000, year=2019, spent=(90_000_000, None))
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_server.url, TABLE)
    names = [
        "targets",
        "target_table",
        "upload_targets",
        "cascade",
        "alerts",
        "budgets",
        "budget_table",
        "upload_budgets",
    ]
    addresses = [reverse(f"reports:{name}", args=ARGS) for name in names]
    addresses.append(reverse("reports:cascade_share", args=[*ARGS, "clients_rehabilitated"]) + "?total=60&way=rata")
    found = []
    for address in addresses:
        page.goto(live_server.url + address)
        found += [(address, each["id"], each["nodes"][0]["html"]) for each in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append((address, "wider than the screen", ""))
    assert found == []
