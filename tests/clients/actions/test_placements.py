from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from clients.actions import handovers, placements, treatments
from clients.enums import ConsentScope, Outcome, Programme, Setting
from clients.models import Consent, Placement, Treatment
from facilities.models import Bed, Capacity
from rehab.enums import Sex
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.wards import SINCE, STARTED, WHY, ward
from tests.clients.ways import way

pytestmark = pytest.mark.django_db
LATER = date(2019, 4, 1)


def start(held, treatment, bed=None, **changes) -> Treatment:
    facts = {"started_on": STARTED, "bed": bed} | changes
    return treatments.start(by=held.rina, treatment=treatment, **facts)


def test_an_inpatient_takes_a_bed_at_the_start():
    held = ward()
    treatment = held.planned()
    with pytest.raises(Refused, match="Pilih tempat tidur") as refused:
        start(held, treatment)
    assert (refused.value.code, refused.value.field) == ("no_bed", "bed")
    start(held, treatment, held.beds[0])
    made = Placement.objects.get()
    assert (made.bed, made.client, made.starts_on, made.ends_on) == (held.beds[0], treatment.client, STARTED, None)
    assert AuditEvent.objects.filter(verb="placement.made", client_code=treatment.client.code).count() == 1


def test_where_no_beds_are_kept_nothing_is_asked():
    held = ward(men=0)
    assert start(held, held.planned()).started_on == STARTED
    assert not Placement.objects.exists()


def test_an_outpatient_takes_none():
    held = ward()
    assert start(held, held.planned(setting=Setting.OUTPATIENT)).started_on
    assert not Placement.objects.exists()


def test_a_bed_is_held_once_and_is_free_on_the_day_of_leaving():
    held = ward()
    first, second = start(held, held.planned(), held.beds[0]), held.planned("Citra Contoh")
    with pytest.raises(Refused, match="sudah terisi") as refused:
        start(held, second, held.beds[0], started_on=LATER)
    assert refused.value.code == "taken"
    treatments.end(by=held.rina, treatment=first, ended_on=LATER, outcome=Outcome.COMPLETED)
    assert start(held, second, held.beds[0], started_on=LATER).started_on
    spans = Placement.objects.order_by("starts_on").values_list("starts_on", "ends_on")
    assert list(spans) == [(STARTED, LATER), (LATER, None)]


@pytest.mark.parametrize("which", ["other_sex", "elsewhere", "out_of_use", "not_yet"])
def test_a_bed_that_does_not_fit_is_refused(which):
    held, other = ward(women=1), ward()
    bed = {"other_sex": held.beds[1], "elsewhere": other.beds[0]}.get(which, held.beds[0])
    if which == "out_of_use":
        placements.take_out(by=held.rina, bed=bed, ends_on=date(2030, 1, 1), reason="Renovasi")
    if which == "not_yet":
        Bed.objects.filter(pk=bed.pk).update(starts_on=LATER)
    with pytest.raises(Refused) as refused:
        start(held, held.planned(), bed)
    assert refused.value.field == "bed"
    assert not Placement.objects.exists()


def test_from_bed_to_bed_in_one_step():
    held = ward(men=2)
    treatment = start(held, held.planned(), held.beds[0])
    for changes, word in (({"reason": " "}, "mengapa|alasan"), ({"bed": held.beds[0]}, "sudah menempati")):
        with pytest.raises(Refused, match=word):
            placements.move(
                **({"by": held.rina, "treatment": treatment, "bed": held.beds[1], "on": LATER, "reason": WHY} | changes)
            )
    made = placements.move(by=held.rina, treatment=treatment, bed=held.beds[1], on=LATER, reason=WHY)
    assert (made.bed, made.starts_on) == (held.beds[1], LATER)
    assert Placement.objects.get(bed=held.beds[0]).ends_on == LATER
    event = AuditEvent.objects.get(verb="placement.moved")
    assert (event.reason, event.data["before"]) == (WHY, "Melati · 1")


def test_a_client_in_treatment_without_a_bed_gets_one():
    held = ward()
    treatment = held.inside()
    with pytest.raises(Refused, match="lebih baru|sesudah"):
        placements.place(by=held.rina, treatment=treatment, bed=held.beds[0], starts_on=STARTED - timedelta(days=1))
    placements.place(by=held.rina, treatment=treatment, bed=held.beds[0], starts_on=LATER)
    with pytest.raises(Refused):
        placements.place(by=held.rina, treatment=treatment, bed=held.beds[0], starts_on=LATER)


@pytest.mark.parametrize("fields", [{"started_on": None}, {"setting": Setting.OUTPATIENT}])
def test_only_who_is_in_a_treatment_with_a_bed_lies_in_one(fields):
    held = ward()
    with pytest.raises(Refused, match="perawatan|layanan"):
        placements.place(by=held.rina, treatment=held.inside(**fields), bed=held.beds[0], starts_on=LATER)


def test_a_record_made_by_mistake_is_taken_back_and_kept():
    held = ward()
    treatment = start(held, held.planned(), held.beds[0])
    row = Placement.objects.get()
    with pytest.raises(Refused):
        placements.void(by=held.rina, placement=row, reason="")
    placements.void(by=held.rina, placement=row, reason="Salah kamar")
    with pytest.raises(Refused, match="sudah ditarik"):
        placements.void(by=held.rina, placement=row, reason="Salah kamar")
    placements.place(by=held.rina, treatment=treatment, bed=held.beds[0], starts_on=STARTED)
    assert Placement.objects.count() == 2


def test_a_bed_in_use_is_not_taken_away():
    held = ward()
    treatment = start(held, held.planned(), held.beds[0])
    with pytest.raises(Refused, match="masih ditempati") as refused:
        placements.take_out(by=held.rina, bed=held.beds[0], ends_on=LATER, reason="Rusak")
    assert refused.value.field == "ends_on"
    treatments.end(by=held.rina, treatment=treatment, ended_on=LATER, outcome=Outcome.COMPLETED)
    with pytest.raises(Refused, match="masih ditempati"):
        placements.take_out(by=held.rina, bed=held.beds[0], ends_on=LATER - timedelta(days=1), reason="Rusak")
    assert placements.take_out(by=held.rina, bed=held.beds[0], ends_on=LATER, reason="Rusak").ends_on == LATER


def test_going_on_as_an_outpatient_frees_the_bed_and_going_back_takes_one():
    held = ward()
    treatment = start(held, held.planned(), held.beds[0])
    change = {"by": held.rina, "treatment": treatment, "programme": Programme.NON_TC}
    treatments.change_phase(**change, setting=Setting.OUTPATIENT, starts_on=LATER)
    assert Placement.objects.get().ends_on == LATER
    with pytest.raises(Refused, match="Pilih tempat tidur"):
        treatments.change_phase(**change, setting=Setting.INPATIENT, starts_on=date(2019, 5, 1))
    treatments.change_phase(**change, setting=Setting.INPATIENT, starts_on=date(2019, 5, 1), bed=held.beds[0])
    assert Placement.objects.filter(ends_on=None).get().starts_on == date(2019, 5, 1)


def test_a_received_hand_over_frees_the_bed():
    between = way(setting=Setting.INPATIENT)
    bed = Bed.objects.create(facility=between.sender, room="Melati", label="1", sex=Sex.MALE, starts_on=SINCE)
    placements.place(by=between.rina, treatment=between.treatment, bed=bed, starts_on=LATER)
    between.received()
    assert Placement.objects.get().ends_on == between.sender.local_date()


def test_a_person_under_two_codes_lies_in_one_bed_only_and_no_place_is_named():
    here, there = ward(), ward()
    first, second = here.planned(), there.planned("Andy Contoh")
    second.client.person = first.client.person
    second.client.save(update_fields=["person"])
    start(here, first, here.beds[0])
    with pytest.raises(Refused, match="kode lain") as refused:
        start(there, second, there.beds[0])
    assert here.facility.name not in refused.value.messages[0]
    treatments.end(by=here.rina, treatment=first, ended_on=LATER, outcome=Outcome.COMPLETED)
    start(there, second, there.beds[0], started_on=LATER)


def test_nobody_ends_before_coming_into_the_bed():
    held = ward(men=2)
    treatment = start(held, held.planned(), held.beds[0])
    placements.move(by=held.rina, treatment=treatment, bed=held.beds[1], on=date(2019, 5, 1), reason=WHY)
    with pytest.raises(Refused, match="baru masuk"):
        treatments.end(by=held.rina, treatment=treatment, ended_on=LATER, outcome=Outcome.COMPLETED)


def test_the_database_itself_holds_that_no_bed_and_no_client_is_doubled():
    held = ward(men=2)
    first, second = held.inside(), held.inside("Citra Contoh")
    row = {"starts_on": STARTED, "placed_by": held.rina}
    Placement.objects.create(treatment=first, client=first.client, bed=held.beds[0], **row)
    for treatment, bed in ((second, held.beds[0]), (first, held.beds[1])):
        with pytest.raises(IntegrityError), transaction.atomic():
            Placement.objects.create(treatment=treatment, client=treatment.client, bed=bed, **row)
    taken_back = row | {"void_reason": "Salah"}
    Placement.objects.create(treatment=second, client=second.client, bed=held.beds[0], **taken_back)


def test_beyond_the_declared_places_a_reason_is_asked_and_kept():
    held = ward(men=0)
    Capacity.objects.create(facility=held.facility, kind="outpatient", places=1, starts_on=SINCE)
    start(held, held.planned(setting=Setting.OUTPATIENT))
    second = held.planned("Citra Contoh", setting=Setting.OUTPATIENT)
    with pytest.raises(Refused, match="daftar tunggu") as refused:
        start(held, second)
    assert (refused.value.code, refused.value.field) == ("full", "despite")
    start(held, second, despite=WHY)
    event = AuditEvent.objects.get(verb="places.exceeded")
    assert (event.reason, event.data["taken"], event.data["places"]) == (WHY, 1, 1)


def race(acts) -> list[str]:
    """All at once, each on a connection of its own; what each was told."""
    begin, told = Barrier(len(acts)), []

    def run(act) -> None:
        try:
            begin.wait(30)
            act()
            told.append("ya")
        except Refused as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act], daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return told


def _for_the_last_bed(people: int, at_once: int) -> None:
    held = ward()
    waiting = [held.planned(f"Klien Contoh {number}") for number in range(people)]
    told = []
    for first in range(0, people, at_once):
        told += race([lambda one=one: start(held, one, held.beds[0]) for one in waiting[first : first + at_once]])
    assert sorted(told) == ["taken"] * (people - 1) + ["ya"]
    assert Placement.objects.get().ends_on is None
    assert Treatment.objects.filter(started_on__isnull=False).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_for_the_last_bed_exactly_one_wins_and_the_others_get_a_sentence():
    _for_the_last_bed(20, 20)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_of_two_hundred_for_the_last_bed_exactly_one_wins():
    _for_the_last_bed(200, 50)


@pytest.mark.django_db(transaction=True)
def test_of_two_handed_over_at_once_one_gets_the_bed():
    held = ward()
    arrived = []
    for name in ("Andi Contoh", "Citra Contoh"):
        sender = factories.facility()
        client = factories.client(name)
        treatment = factories.treatment(factories.episode(client, sender, facts_on=STARTED), started_on=STARTED)
        Consent.objects.create(client=client, facility=sender, scope=ConsentScope.REFERRAL, given_on=STARTED)
        rina = factories.user(Role.COUNSELOR, sender)
        offered = handovers.offer(
            by=rina, episode=treatment.episode, to_facility=held.facility, setting=Setting.INPATIENT,
            programme=Programme.TC, reason=WHY, summary=WHY,
        )  # fmt: skip
        handovers.receive(by=held.rina, handover=offered)
        arrived.append(Treatment.objects.open().get(client=client))
    today = timezone.localdate()
    told = race([lambda one=one: start(held, one, held.beds[0], started_on=today) for one in arrived])
    assert sorted(told) == ["taken", "ya"]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_the_last_declared_place_at_once_one_gets_it():
    held = ward(men=0)
    Capacity.objects.create(facility=held.facility, kind="outpatient", places=1, starts_on=SINCE)
    people = [held.planned(f"Klien Contoh {number}", setting=Setting.OUTPATIENT) for number in range(6)]
    assert sorted(race([lambda one=one: start(held, one) for one in people])) == ["full"] * 5 + ["ya"]


@pytest.mark.django_db(transaction=True)
def test_one_person_under_two_codes_is_placed_once_however_close_the_two_are():
    here, there = ward(), ward()
    first, second = here.planned(), there.planned("Andy Contoh")
    second.client.person = first.client.person
    second.client.save(update_fields=["person"])
    told = race([lambda: start(here, first, here.beds[0]), lambda: start(there, second, there.beds[0])])
    assert sorted(told) == ["person_elsewhere", "ya"]
