from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.actions import treatments, waiting
from clients.enums import ConsentScope, QueuePriority, Setting
from clients.models import Consent, WaitingListEntry
from facilities.models import Capacity
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.wards import STARTED, WHY, ward

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(client):
    found = ward()
    client.force_login(found.rina)
    return found


def at(name: str, *args) -> str:
    return reverse(f"clients:{name}", args=args)


def wait(held, name="Andi Contoh", **changes) -> WaitingListEntry:
    facts = {"setting": Setting.INPATIENT, "priority": QueuePriority.ORDINARY, "since": date(2019, 3, 1)} | changes
    return waiting.enter(by=held.rina, episode=held.planned(name).episode, **facts)


def test_a_client_is_put_on_the_list_once(client, held):
    episode = held.planned().episode
    url = at("wait", episode.client.code)
    page = client.get(url)
    assert page.context["form"].initial["priority"] == QueuePriority.ORDINARY
    form = {"setting": "inpatient", "priority": "risk", "reason": "", "since": "2019-03-01", "form_token": "satu"}
    assert client.post(url, form).context["form"].errors["reason"]
    form |= {"reason": WHY}
    entry_url = {client.post(url, form)["Location"] for _ in range(2)}
    entry = WaitingListEntry.objects.get()
    assert entry_url == {at("wait_entry", entry.pk)}
    assert client.get(url)["Location"] == at("wait_entry", entry.pk)
    text = client.get(at("client", episode.client.code)).content.decode()
    assert "Di daftar tunggu" in text
    assert "Lihat daftar tunggu" in text


def test_the_entry_explains_its_rank_and_shows_its_trail(client, held):
    wait(held, "Doni Contoh", since=date(2019, 2, 20))
    entry = wait(held)
    step = at("wait_step", entry.pk, "prioritas")
    assert (
        "1 orang berprioritas sama yang lebih lama menunggu" in client.get(at("wait_entry", entry.pk)).content.decode()
    )
    assert client.post(step, {"priority": "risk", "reason": ""}).context["forms"]["prioritas"].errors["reason"]
    assert client.post(step, {"priority": "pregnant", "reason": WHY}).context["forms"]["prioritas"].errors["priority"]
    client.post(step, {"priority": "risk", "reason": WHY})
    text = client.get(at("wait_entry", entry.pk)).content.decode()
    for words in ("Nomor 1 dari 2: tidak ada yang didahulukan.", "Tanpa prioritas → Risiko", WHY, "Rina Contoh"):
        assert words in text
    assert AuditEvent.objects.filter(verb="wait.opened", client_code=entry.episode.client.code).exists()


def test_offered_kept_and_taken_off_by_buttons(client, held):
    entry = wait(held)

    def post(name: str, **form) -> str:
        return client.post(at("wait_step", entry.pk, name), form, follow=True).content.decode()

    assert "tempat ditawarkan" in post("tawarkan", form_token="a")
    assert "Klien tetap menunggu" in post("tunggu", reason="Belum bisa", form_token="b")
    assert "Penantian selesai" in post("keluarkan", reason="Pindah kota", form_token="c")
    assert "sudah selesai" in post("tawarkan", form_token="d")
    assert client.post(at("wait_step", entry.pk, "tidak-ada"), {}).status_code == 404


def test_the_way_from_the_list_into_the_bed(client, held):
    entry = wait(held)
    text = client.get(at("wait_entry", entry.pk)).content.decode()
    start = at("start_treatment", entry.episode.treatments.get().pk)
    assert start in text
    client.post(start, {"started_on": "2019-03-01", "bed": held.beds[0].pk})
    entry.refresh_from_db()
    assert entry.status == "placed"


@pytest.mark.parametrize("role", [Role.CLERK, Role.FACILITY_ADMIN, Role.CORRECTIONS, Role.UNIT_STAFF])
def test_only_those_who_treat_there_read_the_list(client, held, role):
    entry = wait(held)
    place = held.facility.unit if role == Role.UNIT_STAFF else held.facility
    for user in (factories.user(role, place), factories.user(Role.COUNSELOR, factories.facility())):
        client.force_login(user)
        for name in ("wait_entry", "wait_elsewhere"):
            assert client.get(at(name, entry.pk)).status_code == 404
        assert client.post(at("wait_step", entry.pk, "keluarkan"), {"reason": WHY}).status_code == 404
        assert client.get(at("wait", entry.episode.client.code)).status_code == 404
    entry.refresh_from_db()
    assert entry.is_open


def test_free_places_elsewhere_the_nearest_first_with_what_they_offer_and_who_pays(client, held):
    entry = wait(held)
    near = ward(men=2, name="Balai Dekat", payers=["bpjs"], approaches=["tc"], programme_months=6, tariff=1500000)
    declared = factories.facility("RSUD Jauh", of=factories.unit("BNNP-51"), services=["inpatient"], payers=["free"])
    Capacity.objects.create(facility=declared, kind="beds_male", places=3, starts_on=STARTED)
    full = ward(men=1, name="Balai Penuh")
    treatments.start(by=full.rina, treatment=full.planned("Budi Contoh"), started_on=STARTED, bed=full.beds[0])
    women = ward(men=0, women=2, name="Balai Perempuan")
    prison = ward(men=2, name="Lapas Contoh", kind="lapas")
    closed = ward(men=2, name="Balai Tutup", closed_on=date(2019, 5, 1))
    outpatient = factories.facility("Klinik Jalan", services=["outpatient"])
    Capacity.objects.create(facility=outpatient, kind="beds_male", places=3, starts_on=STARTED)
    page = client.get(at("wait_elsewhere", entry.pk))
    text = page.content.decode()
    assert [place.facility for place in page.context["places"]] == [near.facility, declared]
    for words in (
        "2 kosong dari 2",
        "BPJS",
        "Therapeutic Community",
        "6 bulan",
        "Rp1.500.000",
        "provinsi lain",
        "menurut pernyataan",
    ):
        assert words in text
    for absent in (full, women, prison, closed):
        assert absent.facility.name not in text


def test_places_elsewhere_cost_the_same_for_one_and_for_three(client, held):
    entry = wait(held)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(at("wait_elsewhere", entry.pk))
        return len([one for one in queries if "SAVEPOINT" not in one["sql"]])

    ward(men=2)
    client.get(at("wait_elsewhere", entry.pk))
    one = cost()
    ward(men=1)
    ward(men=3)
    assert cost() == one <= 12


def test_the_offer_to_a_free_place_is_filled_in(client, held):
    entry = wait(held)
    Consent.objects.create(
        client=entry.episode.client, facility=held.facility, scope=ConsentScope.REFERRAL, given_on=STARTED
    )
    near = ward(men=2, name="Balai Dekat")
    url = f"{at('offer_handover', entry.episode.client.code)}?ke={near.facility.code}&layanan=inpatient"
    assert url.replace("&", "&amp;") in client.get(at("wait_elsewhere", entry.pk)).content.decode()
    page = client.get(url)
    assert page.context["form"]["to_facility"].value() == near.facility.pk
    assert page.context["form"]["setting"].value() == "inpatient"
    assert client.get(f"{at('offer_handover', entry.episode.client.code)}?ke=X&layanan=apa").status_code == 200
