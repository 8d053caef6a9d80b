"""The demo: the published figures come out of invented people, a second load changes nothing."""

import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from aftercare.models import RelapseWindow
from assessments.models import LifeChange
from clients.enums import HandoverStatus
from clients.models import Client, Dose, Episode, Handover, Identity, Treatment
from clients.queries import masked_names
from facilities.models import Facility, Strengthening, Unit
from rehab import vault, worklists
from rehab.demo import LOGINS
from rehab.identity import nik
from rehab.models import User
from reports.demo import load
from reports.simulation.rebuilt import rebuild

pytestmark = pytest.mark.django_db
DAY = ("tinjau-rencana", "urine-diambil", "urine-dibaca", "bam", "tindak-lanjut")


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """Loaded once for this module, in a transaction that the last test's end takes back."""
    with django_db_blocker.unblock():
        from_here = load.transaction.atomic()
        from_here.__enter__()
        load.load(lambda step: None)
        yield
        load.transaction.set_rollback(True)
        from_here.__exit__(None, None, None)


def realization(capsys, unit: str, year: int) -> dict:
    call_command("realization", unit=unit, year=year, format="json")
    return {row["indicator"]: row for row in json.loads(capsys.readouterr().out)["rows"]}


def test_ntt_2019_is_58_of_60_and_8_of_12(loaded, capsys):
    rows = realization(capsys, "BNNP-53", 2019)
    seen = {key: (rows[key]["realised"], rows[key]["target"], rows[key]["achievement"]) for key in rows}
    assert seen["clients_rehabilitated"] == (58, 60, "96,67")
    assert seen["tat_clients"] == (8, 12, "66,67")
    assert seen["institutions_strengthened"][0] == 4
    assert seen["aftercare_facilities"] == (1, 1, "100,00")
    assert {row["source"] for row in rows.values() if row["indicator"] in {"clients_rehabilitated", "tat_clients"}} == {
        "counted"
    }


def test_bali_2019_has_85_clients_60_of_them_voluntary(loaded):
    counted = Treatment.objects.filter(unit__code="BNNP-51", counted_on__year=2019)
    assert (counted.count(), counted.filter(admission_group="voluntary").count()) == (85, 60)


def test_palangka_raya_2023_stands_as_reported(loaded, capsys):
    rows = realization(capsys, "BNNK-6271", 2023)
    reported = {key: row["achievement"] for key, row in rows.items() if row["source"] == "reported"}
    assert reported == {
        "clients_rehabilitated": "230,00",
        "quality_of_life_pct": "100,29",
        "ikm": "106,47",
        "ibm_units": "150,00",
        "ibm_clients": "150,00",
        "aftercare_clients": "240,00",
    }


def test_the_named_institutions_are_there(loaded):
    names = set(Facility.objects.values_list("name", flat=True))
    assert {
        "Lapas Klas II A Pemuda Tangerang",
        "Bapas Klas II Serang",
        "Puskesmas Gondrong",
        "Balai Napza Satria",
    } <= names
    assert Unit.objects.filter(kind="bnnp").count() == 38
    foundations = Strengthening.objects.filter(held_on__year=2019).values_list("facility__name", flat=True)
    assert sorted(foundations) == sorted(
        ["Yayasan Warna Kasih", "Yayasan Mensa Lembata", "Yayasan Yakestra Maumere", "Yayasan Mitra Harapan SoE"]
    )


def test_the_current_year_is_alive(loaded):
    clinic = Facility.objects.get(name=LOGINS[0].place)
    statuses = set(Episode.objects.filter(responsible_facility=clinic).values_list("status", flat=True))
    assert statuses >= {"registered", "in_treatment", "closed"}


def test_people_are_invented_and_their_nik_is_valid(loaded):
    clients = list(Client.objects.select_related("identity")[:40])
    for client in clients:
        name = vault.decrypt(client.data_key, client.identity.name, f"clients.identity.name:{client.code}")
        assert name.endswith(" Contoh")
        number = vault.decrypt(client.data_key, client.identity.nik, f"clients.identity.nik:{client.code}")
        if number:
            assert re.fullmatch(r"\d{12}9\d{3}", number), "the serials of the demo begin with 9"
            assert nik.parse(number, load.timezone.localdate()).sex == client.sex
    assert Identity.objects.exclude(nik_index=None).count() > 300
    assert all(masked.endswith("C.") for masked in masked_names(clients).values())


def test_each_login_has_a_post_and_opens(loaded):
    for login in LOGINS:
        user = User.objects.get(username=login.username)
        assert user.check_password(login.password)
        assert user.postings.get().role == login.role


def test_a_second_load_changes_nothing(loaded, capsys, settings):
    settings.DEMO = True
    before = Client.objects.count()
    call_command("demo")
    assert Client.objects.count() == before
    assert "already loaded" in capsys.readouterr().err


def test_without_demo_mode_nothing_is_loaded(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demonstration"):
        call_command("demo")


def test_the_counselors_day_has_hand_overs_of_each_status_plans_cups_and_doses_elsewhere(loaded):
    assert set(Handover.objects.values_list("status", flat=True)) == set(HandoverStatus.values)
    rina = User.objects.get(username="konselor")
    told = {block.worklist.key for block in worklists.told(rina, load.timezone.localdate(), *DAY)}
    assert told == set(DAY)
    assert Dose.objects.filter(prescription__treatment__facility__services__contains=["methadone"]).exists()


def test_what_is_kept_beside_the_rows_says_the_same_as_computed_anew(loaded):
    def kept() -> list[list[tuple]]:
        return [list(model.objects.order_by("pk").values_list()) for model in (LifeChange, RelapseWindow)]

    before = kept()
    assert all(before)
    with connection.cursor() as cursor:
        rebuild(cursor)
    assert kept() == before
