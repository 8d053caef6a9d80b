"""A client's year: comes by himself, is treated as an outpatient, is handed over to a place with beds, completes, relapses, and
begins a second episode. By clicking, at two facilities, on the days on which it happens."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from playwright.sync_api import Page, expect

from clients.enums import HandoverStatus, Outcome
from clients.models import Episode, Handover, Placement, Treatment
from facilities.models import Bed
from rehab.enums import Sex
from rehab.roles import Role
from tests import factories
from tests.browser.steps import assess, press, record_six_facts, register, sign_in, take_step, treat

pytestmark = pytest.mark.browser
JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def places(transactional_db):
    """A clinic in Kupang with Rina, and a balai in Bogor with Dewi."""
    clinic = factories.facility("Klinik Contoh Kupang", of=factories.unit("BNNP-53"))
    balai = factories.facility("Balai Contoh Bogor", of=factories.unit("BNNP-32"), region_code="3201")
    Bed.objects.create(facility=balai, room="Melati", label="1", sex=Sex.MALE, starts_on=date(2024, 1, 1))
    factories.user(Role.COUNSELOR, clinic, name="Rina Contoh", username="rina")
    factories.user(Role.COUNSELOR, balai, name="Dewi Contoh", username="dewi")
    return clinic, balai


def open_client(page: Page, live_server, code: str) -> None:
    page.goto(f"{live_server.url}/klien/{code}/")


def consent_to_hand_over(page: Page, live_server, code: str) -> None:
    page.goto(f"{live_server.url}/klien/{code}/persetujuan/")
    page.get_by_label("Layanan, dan serah terima ke fasilitas berikutnya").check()
    press(page, "Catat persetujuan")


def hold_a_session(page: Page, live_server, code: str, day: str) -> None:
    open_client(page, live_server, code)
    take_step(page, "Rencanakan sesi")
    page.get_by_text("Konseling individu").click()
    page.get_by_label("Hari", exact=True).fill(day)
    page.get_by_label("Mulai pukul").fill("09:00")
    press(page, "Simpan sesi")
    page.get_by_role("button", name="Hadir", exact=True).first.click()


def hand_over(page: Page, live_server, code: str) -> None:
    open_client(page, live_server, code)
    take_step(page, "Serahkan")
    page.get_by_label("Cari fasilitas menurut nama, kota atau provinsi").fill("Bogor")
    press(page, "Cari")
    page.get_by_text("Balai Contoh Bogor").click()
    page.get_by_label("Rawat inap").check()
    page.locator("input[name=programme][value=tc]").check()
    page.get_by_label("Mengapa klien diserahkan").fill("Rumah tidak aman untuk pulih")
    page.get_by_label("Yang perlu diketahui penerima").fill("Datang tepat waktu; ibu mendampingi.")
    press(page, "Tawarkan klien")
    expect(page.get_by_text("ditawarkan").first).to_be_visible()


def receive(page: Page, live_server) -> None:
    page.goto(f"{live_server.url}/serah-terima/")
    page.locator("main table a, main .items a").first.click()
    press(page, "Terima klien")
    press(page, "Catat kontak pertama")
    expect(page.get_by_text("Kontak pertama").first).to_be_visible()


def start(page: Page, live_server, code: str, day: str) -> None:
    open_client(page, live_server, code)
    take_step(page, "Mulai layanan")
    page.locator("input[type=date]").fill(day)
    page.get_by_label("Tempat tidur", exact=True).select_option(label="Melati · 1")
    press(page, "Mulai layanan")
    expect(page.get_by_text("Dalam layanan").first).to_be_visible()


def close(page: Page, live_server, code: str, day: str) -> None:
    open_client(page, live_server, code)
    take_step(page, "Tutup layanan")
    page.get_by_text("Program dijalani sampai selesai.").click()
    page.get_by_label("Hari terakhir layanan").fill(day)
    press(page, "Tutup layanan")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pascarehabilitasi")


def find_a_relapse(page: Page, live_server, code: str) -> None:
    page.get_by_role("link", name="Catat tindak lanjut").first.click()
    page.get_by_text("Ya", exact=True).click()
    page.get_by_text("Telepon atau pesan").click()
    page.get_by_text("Diketahui kambuh").click()
    press(page, "Simpan tindak lanjut")
    expect(page.get_by_text("Kambuh membuka asesmen dan episode baru").first).to_be_visible()


def begin_again(page: Page, code: str) -> None:
    page.get_by_role("link", name="Buka episode baru").first.click()
    page.get_by_label("Jalur masuk").select_option(label="Sukarela")
    page.get_by_label("Layanan di fasilitas ini").check()
    press(page, "Buka episode")
    expect(page.locator("main h1")).to_contain_text(code)


def test_from_his_own_door_to_a_second_episode(page, live_server, places):
    _clinic, balai = places
    with time_machine.travel(datetime(2025, 1, 6, 9, 30, tzinfo=JAKARTA)) as traveller:

        def on(month: int, day: int, who: str) -> None:
            traveller.move_to(datetime(2025, month, day, 9, 30, tzinfo=JAKARTA))
            sign_in(page, live_server, who)

        on(1, 6, "rina")
        register(page, date(2025, 1, 6))
        code = page.locator("main h1").inner_text().split()[0]
        assess(page)
        record_six_facts(page)
        treat(page, code, live_server, date(2025, 1, 6))
        on(2, 3, "rina")
        hold_a_session(page, live_server, code, "2025-02-03")
        consent_to_hand_over(page, live_server, code)
        hand_over(page, live_server, code)
        on(2, 4, "dewi")
        receive(page, live_server)
        handover = Handover.objects.get()
        assert (handover.status, handover.episode.responsible_facility) == (HandoverStatus.CONTACTED, balai)
        start(page, live_server, code, "2025-02-04")
        on(8, 4, "dewi")
        close(page, live_server, code, "2025-08-04")
        on(9, 8, "dewi")
        open_client(page, live_server, code)
        find_a_relapse(page, live_server, code)
        begin_again(page, code)

    first, second = Episode.objects.order_by("number")
    assert (first.outcome, second.is_open, second.client) == (Outcome.COMPLETED, True, first.client)
    (lay,) = Placement.objects.all()
    assert (lay.bed.room, lay.starts_on, lay.ends_on) == ("Melati", date(2025, 2, 4), date(2025, 8, 4))
    treated = list(Treatment.objects.order_by("started_on").values_list("facility__name", "outcome", "counted_on"))
    assert treated == [
        ("Klinik Contoh Kupang", Outcome.REFERRED, date(2025, 1, 6)),
        ("Balai Contoh Bogor", Outcome.COMPLETED, date(2025, 2, 4)),
    ]
