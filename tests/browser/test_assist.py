"""ASSIST by hand: on a phone, on a desktop by keyboard, in two tabs, with a lost sign-in, and without a script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from assessments.actions import assessments
from assessments.enums import AssessmentStatus
from assessments.models import Assessment
from rehab.roles import Role
from tests import factories
from tests.assessments.makers import SABU, draft

pytestmark = pytest.mark.browser


@pytest.fixture
def rina(transactional_db):
    clinic = factories.facility("Klinik Pratama Contoh", of=factories.unit("BNNP-53"))
    return factories.user(Role.COUNSELOR, clinic, name="Rina Contoh", username="rina")


@pytest.fixture
def episode(rina):
    return factories.episode(at=rina.postings.get().facility)


def sign_in(page: Page, live_server, back: str) -> None:
    page.goto(f"{live_server.url}{back}")
    page.get_by_label("Nama pengguna atau e-mail").fill("rina")
    page.get_by_label("Kata sandi").fill(factories.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(f"**{back}*")


def violations(page: Page) -> list[tuple[str, list]]:
    found = Axe().run(page).response["violations"]
    return [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]


def tap(page: Page, item: str, answer: str) -> None:
    row = page.locator(f"#item-{item}")
    expect(row).to_be_visible()
    row.get_by_text(answer, exact=True).click()


def saved(page: Page, code: str, value: object) -> None:
    """Waits until the page says so, and looks at what is stored."""
    expect(page.locator("#saved")).to_contain_text("tersimpan")
    assert Assessment.objects.get().answers.get(code) == value


def test_on_a_phone_one_taps_through_leaves_comes_back_and_completes(page: Page, live_server, rina, episode):
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, live_server, f"/klien/{episode.client.code}/asesmen/")
    page.get_by_role("button", name="Mulai ASSIST, skrining penggunaan zat").click()
    expect(page.locator(".item:visible")).to_have_count(1)
    for letter in "abcd":
        tap(page, f"q1_{letter}", "Tidak")
    tap(page, "q1_e", "Ya")
    expect(page.locator("#item-q1_f")).to_be_visible()
    saved(page, "q1_e", True)

    page.goto(f"{live_server.url}/hari-ini/")
    page.get_by_role("link", name="ASSIST").click()
    expect(page.locator("#item-q1_e, #item-q1_f").and_(page.locator(":visible"))).to_have_count(1)
    if page.locator("#item-q1_e").is_visible():
        page.get_by_role("button", name="Simpan & lanjut").click()
    for letter in "fghij":
        tap(page, f"q1_{letter}", "Tidak")
    page.get_by_role("button", name="Simpan & lanjut").click()

    tap(page, "q2_e", "Setiap minggu")
    for item in ("q3_e", "q4_e", "q5_e"):
        page.get_by_role("button", name="Simpan & lanjut").click()
        tap(page, item, "Setiap minggu")
    page.locator("#side-score summary").click()
    expect(page.locator("[data-scale=e]")).to_contain_text("≥ 22")
    expect(page.locator("[data-scale=c]")).to_be_hidden()
    page.get_by_role("button", name="Simpan & lanjut").click()
    tap(page, "q6_e", "Ya, dalam 3 bulan terakhir")
    page.get_by_role("button", name="Simpan & lanjut").click()
    tap(page, "q7_e", "Ya, tetapi tidak dalam 3 bulan terakhir")
    expect(page.locator("[data-scale=e]")).to_contain_text("31")
    expect(page.locator("[data-scale=e]")).to_contain_text("Risiko tinggi")
    page.get_by_role("button", name="Simpan & lanjut").click()
    expect(page.locator("#item-q8_pattern")).to_be_hidden()
    tap(page, "q8", "Ya, dalam 3 bulan terakhir")
    tap(page, "q8_pattern", "Lebih dari 4 hari sebulan")
    page.get_by_role("button", name="Simpan & lanjut").click()
    page.get_by_role("button", name="Selesaikan asesmen").click()
    page.wait_for_url("**/hasil/")
    expect(page.get_by_role("alert")).to_contain_text("Menyuntik dalam 3 bulan terakhir")
    expect(page.locator("main")).to_contain_text("Risiko tinggi")
    done = Assessment.objects.get()
    assert (done.status, done.answers) == (AssessmentStatus.COMPLETED, SABU)
    assert violations(page) == []


def test_skipped_rows_fold_with_their_reason_and_come_back(page: Page, live_server, rina, episode):
    begun = draft(episode, rina, {"q1_e": True, "q1_c": False})
    sign_in(page, live_server, f"/asesmen/{begun.pk}/")
    page.locator("[data-step=q2]").click()
    expect(page.locator("#item-q2_e")).to_be_visible()
    expect(page.locator("#item-q2_c")).to_be_hidden()
    page.locator("[data-section=q2] summary").click()
    expect(page.locator("[data-fold=q2_c]")).to_contain_text("Ganja – Pernah memakai: Tidak")
    tap(page, "q2_e", "Tidak pernah")
    page.locator("[data-step=q3]").click()
    expect(page.locator("#item-q3_e")).to_be_hidden()
    page.locator("[data-step=q6]").click()
    expect(page.locator("#item-q6_e")).to_be_visible()
    page.locator("[data-step=q2]").click()
    tap(page, "q2_e", "Setiap bulan")
    page.locator("[data-step=q3]").click()
    expect(page.locator("#item-q3_e")).to_be_visible()
    assert violations(page) == []


def test_by_keyboard_numbers_choose_and_lead_on(page: Page, live_server, rina, episode):
    begun = draft(episode, rina)
    sign_in(page, live_server, f"/asesmen/{begun.pk}/")
    page.locator("#q1_a-1").focus()
    for key in "2222122222":
        page.keyboard.press(key)
    expect(page.locator("[data-next]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#q2_e-1")).to_be_focused()
    page.keyboard.press("5")
    page.keyboard.press("Enter")
    expect(page.locator("#q3_e-1")).to_be_focused()
    saved(page, "q2_e", "daily")


def test_a_lost_sign_in_keeps_the_answers_and_goes_on_after_signing_in_over_the_page(
    page: Page, live_server, rina, episode
):
    begun = draft(episode, rina, {"q1_e": True})
    sign_in(page, live_server, f"/asesmen/{begun.pk}/")
    Session.objects.all().delete()
    tap(page, "q1_c", "Ya")
    dialog = page.get_by_role("dialog", name="Masuk lagi")
    expect(dialog).to_be_visible()
    expect(page.locator("#saved")).to_contain_text("silakan masuk lagi")
    dialog.get_by_label("Kata sandi").fill(factories.PASSWORD)
    dialog.get_by_role("button", name="Masuk").click()
    expect(dialog).to_be_hidden()
    tap(page, "q1_d", "Tidak")
    saved(page, "q1_d", False)
    assert Assessment.objects.get().answers == {"q1_e": True, "q1_c": True, "q1_d": False}


def test_two_tabs_are_told_what_differs_and_the_person_chooses(page: Page, live_server, rina, episode):
    begun = draft(episode, rina, {"q1_e": True})
    sign_in(page, live_server, f"/asesmen/{begun.pk}/?bagian=q2")
    assessments.save_answers(by=rina, assessment=begun, answers={"q2_e": "daily", "q1_a": False}, edit=begun.edit)
    tap(page, "q2_e", "Setiap minggu")
    expect(page.locator("#conflict")).to_contain_text("Setiap hari")
    assert violations(page) == []
    page.get_by_role("button", name="Pakai yang ada di halaman ini").click()
    expect(page.locator("#conflict")).to_be_hidden()
    saved(page, "q2_e", "weekly")
    assert Assessment.objects.get().answers == {"q1_e": True, "q2_e": "weekly", "q1_a": False}


def test_it_works_without_a_script(browser: Browser, live_server, rina, episode):
    begun = draft(episode, rina, {f"q1_{letter}": False for letter in "abcdfghij"})
    plain = browser.new_context(java_script_enabled=False, locale="id-ID")
    page = plain.new_page()
    sign_in(page, live_server, f"/asesmen/{begun.pk}/")
    page.locator("label[for=q1_e-1]").click()
    page.get_by_role("button", name="Simpan & lanjut").click()
    page.locator("label[for=q2_e-1]").click()
    page.get_by_role("button", name="Simpan & lanjut").click()
    expect(page.locator("[data-section=q6]")).to_be_visible()
    page.locator("label[for=q6_e-1]").click()
    page.get_by_role("button", name="Simpan & lanjut").click()
    page.locator("label[for=q7_e-1]").click()
    page.get_by_role("button", name="Simpan & lanjut").click()
    page.locator("label[for=q8-1]").click()
    page.get_by_role("button", name="Simpan & lanjut").click()
    page.get_by_role("button", name="Selesaikan asesmen").click()
    expect(page.locator("main")).to_contain_text("Asesmen selesai.")
    plain.close()
