from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients import waiting_panels
from clients.actions import treatments, waiting
from clients.enums import Outcome, QueuePriority, Setting
from clients.models import Placement
from clients.queries import beds
from facilities.models import Bed, Capacity
from rehab.enums import Sex
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.wards import STARTED, WHY, ward

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(client):
    found = ward(men=2, women=1, programme_months=4)
    client.force_login(found.rina)
    return found


def at(name: str, *args) -> str:
    return reverse(f"clients:{name}", args=args)


def placed(held, name="Andi Contoh", bed=0):
    return treatments.start(
        by=held.rina, treatment=held.planned(name), started_on=STARTED, bed=held.beds[bed], despite=WHY
    )


def read(client, url: str) -> str:
    return client.get(url, follow=True).content.decode()


def test_the_board_names_who_lies_where_to_care_staff_and_records_the_look(client, held):
    lying, out = placed(held), held.inside("Citra Contoh")
    text = read(client, at("beds"))
    for words in (
        lying.client.code,
        "A. C.",
        "Melati",
        "Mawar",
        out.client.code,
        "Dirawat tanpa tempat tidur",
        "Segera selesai",
    ):
        assert words in text
    looks = AuditEvent.objects.filter(verb="placement.opened").values_list("client_code", flat=True)
    assert set(looks) == {lying.client.code, out.client.code}


def test_of_many_without_a_bed_the_first_are_shown_and_only_their_names_looked_at(client, held, monkeypatch):
    monkeypatch.setattr(beds, "UNPLACED_SHOWN", 2)
    for name in ("Andi Contoh", "Budi Contoh", "Citra Contoh"):
        held.inside(name)
    assert "1 lagi" in read(client, at("beds"))
    assert AuditEvent.objects.filter(verb="placement.opened").count() == 2


def test_where_no_beds_are_kept_nobody_is_missing_in_one(client):
    clinic = ward(men=0)
    clinic.inside()
    client.force_login(clinic.rina)
    assert "tanpa tempat tidur" not in read(client, at("beds"))
    assert not AuditEvent.objects.filter(verb="placement.opened").exists()


@pytest.mark.parametrize("role", [Role.FACILITY_ADMIN, Role.CLERK, Role.UNIT_STAFF, Role.UNIT_ADMIN])
def test_others_see_numbers_and_no_client(client, held, role):
    lying = placed(held)
    entry = waiting.enter(
        by=held.rina, episode=held.planned("Doni Contoh").episode, setting=Setting.INPATIENT,
        priority=QueuePriority.RISK, reason="alasan rahasia",
    )  # fmt: skip
    at_unit = role in {Role.UNIT_STAFF, Role.UNIT_ADMIN}
    client.force_login(factories.user(role, held.facility.unit if at_unit else held.facility))
    text = read(client, at("beds"))
    assert ("1 dari 3" in text) is at_unit
    text = read(client, at("beds_of", held.facility.code))
    assert "1 orang menunggu" in text
    assert not [word for word in (lying.client.code, entry.episode.client.code, "rahasia") if word in text]


def test_a_prison_officer_sees_who_lies_where_and_no_queue(client, held):
    lying = placed(held)
    entry = waiting.enter(
        by=held.rina, episode=held.planned("Doni Contoh").episode, setting=Setting.INPATIENT,
        priority=QueuePriority.ORDINARY,
    )  # fmt: skip
    client.force_login(factories.user(Role.CORRECTIONS, held.facility))
    text = read(client, at("beds"))
    assert lying.client.code in text
    assert entry.episode.client.code not in text
    assert "Melati · 1" in read(client, at("client", lying.client.code))


def test_an_outsider_learns_nothing(client, held):
    treatment = placed(held)
    urls = [
        at("beds_of", held.facility.code), at("add_room", held.facility.code), at("place", treatment.pk),
        at("take_out_bed", held.facility.code, held.beds[0].pk), at("use_bed_again", held.facility.code, held.beds[0].pk),
    ]  # fmt: skip
    for role in (Role.COUNSELOR, Role.FACILITY_ADMIN):
        client.force_login(factories.user(role, factories.facility()))
        assert {client.get(url).status_code for url in urls} <= {403, 404}
        assert client.post(at("void_placement", Placement.objects.get().pk), {"reason": WHY}).status_code == 404
    other = Bed.objects.create(facility=factories.facility(), room="R", label="1", sex="M", starts_on=STARTED)
    client.force_login(factories.user(Role.FACILITY_ADMIN, held.facility))
    assert client.get(at("take_out_bed", held.facility.code, other.pk)).status_code == 404


def test_the_board_costs_the_same_with_one_and_with_many(client, held):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(at("beds_of", held.facility.code))
        return len([one for one in queries if "SAVEPOINT" not in one["sql"]])

    placed(held)
    waiting.enter(
        by=held.rina, episode=held.planned("Doni Contoh").episode, setting=Setting.INPATIENT,
        priority=QueuePriority.ORDINARY,
    )  # fmt: skip
    client.get(at("beds_of", held.facility.code))
    one = cost()
    placed(held, "Budi Contoh", 1)
    held.inside("Citra Contoh")
    waiting.enter(
        by=held.rina, episode=held.planned("Eko Contoh").episode, setting=Setting.INPATIENT,
        priority=QueuePriority.ORDINARY,
    )  # fmt: skip
    assert cost() == one <= 12


def test_the_keeper_records_a_room_and_takes_a_bed_out_and_back(client, held):
    client.force_login(factories.user(Role.FACILITY_ADMIN, held.facility, name="Dewi Contoh"))
    room = {"room": "Anggrek", "sex": "F", "beds": "4", "first": "1", "starts_on": "2019-01-01", "form_token": "satu"}
    assert client.post(at("add_room", held.facility.code), room | {"beds": "0"}).context["form"].errors["beds"]
    for _ in range(2):
        client.post(at("add_room", held.facility.code), room)
    assert Bed.objects.filter(room="Anggrek").count() == 4
    taken = placed(held).placements.get().bed
    out = {"ends_on": f"{held.facility.local_date()}", "reason": "Rusak"}
    answer = client.post(at("take_out_bed", held.facility.code, taken.pk), out)
    assert "masih ditempati" in answer.content.decode()
    client.post(at("take_out_bed", held.facility.code, held.beds[1].pk), out)
    text = read(client, at("beds_of", held.facility.code))
    assert "Rusak" in text
    assert "1 kosong" in text or "0" in text
    client.post(at("use_bed_again", held.facility.code, held.beds[1].pk), {"starts_on": out["ends_on"]})
    assert Bed.objects.filter(room="Melati", ends_on=None).count() == 2


def test_the_board_says_when_the_beds_differ_from_what_is_declared(client, held):
    Capacity.objects.create(facility=held.facility, kind="beds_male", places=5, starts_on=STARTED)
    assert "kapasitas tercatat: 5" in read(client, at("beds_of", held.facility.code))


def test_starting_an_inpatient_asks_for_a_bed_and_keeps_what_was_typed(client, held):
    treatment = held.planned()
    url = at("start_treatment", treatment.pk)
    assert [str(bed) for bed in client.get(url).context["form"].fields["bed"].queryset] == ["Melati · 1", "Melati · 2"]
    answer = client.post(url, {"started_on": "2019-03-01"})
    assert answer.context["form"].errors["bed"] == ["Pilih tempat tidur, atau masukkan klien ke daftar tunggu."]
    woman = held.beds[2]
    assert "sudah terisi" in client.post(url, {"started_on": "2019-03-01", "bed": woman.pk}).content.decode()
    client.post(url, {"started_on": "2019-03-01", "bed": held.beds[0].pk})
    assert Placement.objects.get().bed == held.beds[0]
    assert "Melati · 1" in read(client, at("client", treatment.client.code))


def test_who_does_not_wait_for_others_says_why(client, held):
    waiting.enter(
        by=held.rina, episode=held.planned("Doni Contoh").episode, setting=Setting.INPATIENT,
        priority=QueuePriority.ORDINARY,
    )  # fmt: skip
    treatment = held.planned()
    url = at("start_treatment", treatment.pk)
    assert "1 orang didahulukan" in read(client, url)
    form = {"started_on": "2019-03-01", "bed": held.beds[0].pk}
    assert client.post(url, form).context["form"].errors["despite"]
    client.post(url, form | {"despite": WHY})
    assert AuditEvent.objects.get(verb="queue.overtaken").reason == WHY


def test_a_full_house_offers_the_waiting_list(client, held):
    placed(held)
    placed(held, "Budi Contoh", 1)
    text = read(client, at("start_treatment", held.planned("Citra Contoh").pk))
    assert "Semua tempat sedang terisi" in text
    assert "Masukkan ke daftar tunggu" in text


def test_a_bed_is_changed_and_a_record_taken_back(client, held):
    treatment = placed(held)
    url = at("place", treatment.pk)
    form = {"bed": held.beds[1].pk, "starts_on": "2019-04-01", "reason": "Dekat pos jaga", "form_token": "satu"}
    assert client.post(url, form | {"reason": ""}).context["form"].errors["reason"]
    for _ in range(2):
        assert client.post(url, form)["Location"] == at("beds_of", held.facility.code)
    now = Placement.objects.get(ends_on=None)
    assert now.bed == held.beds[1]
    client.post(at("void_placement", now.pk), {"reason": "Salah kamar"})
    assert "Beri tempat tidur" in read(client, url)
    treatments.end(by=held.rina, treatment=treatment, ended_on=date(2019, 5, 1), outcome=Outcome.COMPLETED)
    assert "Tidak perlu tempat tidur" in read(client, url)


def test_a_unit_sees_its_facilities_in_as_many_queries_for_one_as_for_three(client, held):
    staff = factories.user(Role.UNIT_STAFF, held.facility.unit)
    client.force_login(staff)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(at("beds"))
        return len(queries)

    client.get(at("beds"))
    one = cost()
    ward(women=2)
    ward(men=3)
    assert cost() == one <= 12


def test_the_page_of_the_facility_tells_how_many_beds_are_taken(client, held):
    placed(held)
    client.force_login(factories.user(Role.FACILITY_ADMIN, held.facility))
    text = read(client, reverse("facilities:facility", args=[held.facility.code]))
    assert "1 dari 3" in text
    stranger = factories.user(Role.FACILITY_ADMIN, factories.facility())
    client.force_login(stranger)
    assert "Tempat tidur terisi" not in read(client, reverse("facilities:facility", args=[held.facility.code]))


def test_the_day_tells_of_long_waits_and_of_beds_that_are_free_meanwhile(held):
    user, today = held.rina, held.facility.local_date()
    with CaptureQueriesContext(connection) as queries:
        assert waiting_panels.today(user, today) == []
    assert len([one for one in queries if "waitinglistentry" in one["sql"]]) == 1
    waiting.enter(
        by=user, episode=held.planned(sex=Sex.FEMALE).episode, setting=Setting.INPATIENT,
        priority=QueuePriority.ORDINARY, since=date(2019, 3, 1),
    )  # fmt: skip
    long, free = waiting_panels.today(user, today)
    assert "Daftar tunggu: sampai" in long.title
    assert (free.title, free.detail) == ("1 tempat tidur kosong", "Perempuan · 1 orang menunggu")
    assert waiting_panels.today(factories.user(Role.COUNSELOR, factories.facility()), today) == []


NONSENSE = ("", "x", "-1", "9" * 30, "\x00", "ÿ" * 5000, "2019-02-30", "0001-01-01", "9999-12-31")


@pytest.mark.parametrize("typed", NONSENSE)
def test_nonsense_is_answered_with_a_form_never_with_an_error(client, held, typed):
    treatment, waits = placed(held), held.planned("Doni Contoh")
    entry = waiting.enter(
        by=held.rina, episode=waits.episode, setting=Setting.INPATIENT, priority=QueuePriority.ORDINARY
    )  # fmt: skip
    form = dict.fromkeys(("bed", "starts_on", "started_on", "despite", "reason", "priority", "setting", "since"), typed)
    code = held.facility.code
    urls = [
        at("place", treatment.pk), at("start_treatment", waits.pk), at("change_phase", treatment.pk),
        at("void_placement", Placement.objects.get().pk), at("wait", held.planned().client.code),
        *[at("wait_step", entry.pk, step) for step in ("prioritas", "tunggu")],
    ]  # fmt: skip
    assert {client.post(url, form).status_code for url in urls} <= {200, 302, 400}
    client.force_login(factories.user(Role.FACILITY_ADMIN, held.facility))
    form = dict.fromkeys(("room", "sex", "beds", "first", "starts_on", "ends_on"), typed)
    urls = [at("add_room", code), at("take_out_bed", code, held.beds[1].pk), at("use_bed_again", code, held.beds[1].pk)]
    assert {client.post(url, form).status_code for url in urls} <= {200, 400}
    assert Bed.objects.count() == 3
    assert Placement.objects.count() == 1
