from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from clients.actions import episodes, handovers, identity, treatments, waiting
from clients.enums import Admission, EpisodeStatus, Outcome, QueuePriority, Setting, WaitingStatus
from clients.lifecycle import WAIT_STEPS
from clients.models import WaitingListEntry
from clients.queries.waiting import place_key, queue_of, rank_of, ranked
from clients.queries.waiting import places_of_classes as places
from rehab import tunables
from rehab.enums import Sex
from rehab.errors import Refused
from rehab.models import AuditEvent
from tests import factories
from tests.clients.people import andi
from tests.clients.wards import STARTED, WHY, Ward, ward
from tests.clients.ways import way

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Ward:
    return ward(women=1)


def wait(held: Ward, name: str = "Andi Contoh", sex: str = Sex.MALE, **changes) -> WaitingListEntry:
    facts = {"setting": Setting.INPATIENT, "priority": QueuePriority.ORDINARY, "since": date(2019, 3, 1)} | changes
    return waiting.enter(by=held.rina, episode=held.planned(name, sex).episode, **facts)


def order(held: Ward, sex: str = Sex.MALE) -> list[str]:
    rows = ranked(queue_of(held.facility.pk, Setting.INPATIENT, sex), held.facility.local_date(), places())
    return [f"{row.rank}/{row.of} {row.entry.episode.client_id}" for row in rows]


def test_who_waits_longest_goes_first_and_a_priority_before_that(held):
    second, first = wait(held), wait(held, since=date(2019, 2, 15))
    urgent = wait(held, since=date(2019, 3, 20), priority=QueuePriority.RISK, reason=WHY)
    same_day = wait(held, since=date(2019, 3, 1))
    woman = wait(held, "Sari Contoh", Sex.FEMALE)
    expected = [urgent, first, second, same_day]
    assert order(held) == [f"{n}/4 {entry.episode.client_id}" for n, entry in enumerate(expected, 1)]
    assert order(held, Sex.FEMALE) == [f"1/1 {woman.episode.client_id}"]


def test_the_rank_says_why(held):
    wait(held, since=date(2019, 2, 15))
    wait(held, priority=QueuePriority.RISK, reason=WHY)
    last = rank_of(wait(held), held.facility.local_date())
    assert (last.rank, last.higher, last.longer) == (3, 1, 1)
    assert last.why == (
        "Nomor 3 dari 3. Didahulukan: 1 orang berprioritas lebih tinggi, 1 orang berprioritas sama yang lebih lama menunggu."
    )
    assert last.days == (held.facility.local_date() - date(2019, 3, 1)).days


def test_the_order_of_the_classes_is_a_setting(held):
    first = wait(held, priority=QueuePriority.RISK, reason=WHY)
    second = wait(held, "Sari Contoh", priority=QueuePriority.COURT_ORDER, reason=WHY)
    tunables.change(by=held.rina, key=place_key(QueuePriority.COURT_ORDER), value=1, source_note="Keputusan contoh")
    assert order(held) == [f"1/2 {second.episode.client_id}", f"2/2 {first.episode.client_id}"]


def test_one_open_wait_at_a_facility(held):
    entry = wait(held)
    with pytest.raises(Refused, match="sudah ada di daftar"):
        waiting.enter(by=held.rina, episode=entry.episode, setting=Setting.OUTPATIENT, priority=QueuePriority.ORDINARY)
    row = {
        "episode": entry.episode,
        "facility": held.facility,
        "setting": "inpatient",
        "sex": "M",
        "priority": "ordinary",
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        WaitingListEntry.objects.create(**row, entered_on=STARTED, entered_by=held.rina)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"setting": Setting.COMMUNITY}, "setting"),
        ({"since": date(2018, 1, 1)}, "since"),
        ({"since": date(2100, 1, 1)}, "since"),
        ({"priority": QueuePriority.RISK, "reason": " "}, "reason"),
        ({"priority": QueuePriority.PREGNANT, "reason": WHY}, "priority"),
        ({"priority": QueuePriority.MINOR, "reason": WHY}, "priority"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(held, changes, field):
    with pytest.raises(Refused) as refused:
        wait(held, **changes)
    assert refused.value.field == field
    assert not WaitingListEntry.objects.exists()


def test_nobody_waits_for_what_they_have(held):
    inside = held.inside(setting=Setting.OUTPATIENT)
    facts = {"by": held.rina, "episode": inside.episode, "priority": QueuePriority.ORDINARY}
    with pytest.raises(Refused, match="sudah menjalani"):
        waiting.enter(**facts, setting=Setting.OUTPATIENT)
    assert waiting.enter(**facts, setting=Setting.INPATIENT).is_open


def test_another_priority_has_a_reason_and_a_trail(held):
    entry = wait(held)
    for changes in ({"reason": " "}, {"priority": QueuePriority.ORDINARY}):
        with pytest.raises(Refused):
            facts = {"priority": QueuePriority.RISK, "reason": WHY} | changes
            waiting.set_priority(by=held.rina, entry=entry, **facts)
    changed = waiting.set_priority(by=held.rina, entry=entry, priority=QueuePriority.RISK, reason=WHY)
    assert (changed.priority, changed.priority_reason) == (QueuePriority.RISK, WHY)
    event = AuditEvent.objects.get(verb="wait.priority_changed")
    assert (event.reason, event.data["from"], event.data["to"]) == (WHY, "ordinary", "risk")


def test_offered_kept_and_taken_off(held):
    entry = waiting.offer(by=held.rina, entry=wait(held))
    assert (entry.status, entry.offered_on) == (WaitingStatus.OFFERED, held.facility.local_date())
    with pytest.raises(Refused):
        waiting.keep_waiting(by=held.rina, entry=entry, reason="")
    entry = waiting.keep_waiting(by=held.rina, entry=entry, reason="Belum bisa datang")
    with pytest.raises(Refused, match="tidak sesuai"):
        waiting.keep_waiting(by=held.rina, entry=entry, reason="Belum bisa datang")
    entry = waiting.withdraw(by=held.rina, entry=entry, reason="Pindah kota")
    assert (entry.is_open, entry.end_reason, entry.ended_by) == (False, "Pindah kota", held.rina)
    for act in (waiting.offer, lambda **facts: waiting.withdraw(reason=WHY, **facts)):
        with pytest.raises(Refused, match="sudah selesai"):
            act(by=held.rina, entry=entry)
    verbs = AuditEvent.objects.filter(verb__startswith="wait.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["wait.entered", "wait.offered", "wait.kept", "wait.withdrawn"]


def test_every_status_knows_its_steps():
    assert set(WAIT_STEPS) == set(WaitingStatus)


def test_starting_ends_the_wait(held):
    entry = wait(held)
    treatments.start(by=held.rina, treatment=entry.episode.treatments.get(), started_on=STARTED, bed=held.beds[0])
    entry.refresh_from_db()
    assert (entry.status, entry.end_reason) == (WaitingStatus.PLACED, "")


def test_who_is_not_first_needs_a_reason_that_is_kept(held):
    first, second = wait(held), wait(held, "Citra Contoh")
    late = held.planned("Doni Contoh")
    for treatment, ahead in ((second.episode.treatments.get(), 1), (late, 2)):
        with pytest.raises(Refused, match=f"didahulukan \\({ahead} orang\\)") as refused:
            treatments.start(by=held.rina, treatment=treatment, started_on=STARTED, bed=held.beds[0])
        assert (refused.value.code, refused.value.field) == ("not_first", "despite")
    treatments.start(
        by=held.rina, treatment=second.episode.treatments.get(), started_on=STARTED, bed=held.beds[0], despite=WHY
    )
    second.refresh_from_db()
    first.refresh_from_db()
    assert (second.status, second.end_reason, first.status) == (WaitingStatus.PLACED, WHY, WaitingStatus.WAITING)
    event = AuditEvent.objects.get(verb="queue.overtaken")
    assert (event.reason, event.data["before"]) == (WHY, 1)


def test_women_do_not_wait_for_the_beds_of_men(held):
    wait(held)
    woman = held.planned("Sari Contoh", Sex.FEMALE)
    assert treatments.start(by=held.rina, treatment=woman, started_on=STARTED, bed=held.beds[1]).started_on


def test_a_wait_keeps_the_episode_open_when_the_last_treatment_ends(held):
    inside = held.inside(setting=Setting.OUTPATIENT)
    entry = waiting.enter(
        by=held.rina, episode=inside.episode, setting=Setting.INPATIENT, priority=QueuePriority.ORDINARY
    )
    end = {"by": held.rina, "ended_on": date(2019, 5, 1)}
    treatments.end(treatment=inside, outcome=Outcome.COMPLETED, **end)
    inside.episode.refresh_from_db()
    assert inside.episode.status == EpisodeStatus.PLANNED
    close = {"by": held.rina, "episode": inside.episode, "closed_on": date(2019, 5, 2), "outcome": Outcome.COMPLETED}
    with pytest.raises(Refused, match="daftar tunggu"):
        episodes.close(**close)
    waiting.withdraw(by=held.rina, entry=entry, reason="Cukup rawat jalan")
    assert not episodes.close(**close).is_open


def test_who_dies_waits_no_longer(held):
    inside = held.inside(setting=Setting.OUTPATIENT)
    facts = {"by": held.rina, "episode": inside.episode, "priority": QueuePriority.ORDINARY}
    entry = waiting.enter(**facts, setting=Setting.INPATIENT)
    treatments.end(by=held.rina, treatment=inside, ended_on=date(2019, 5, 1), outcome=Outcome.DIED)
    entry.refresh_from_db()
    inside.episode.refresh_from_db()
    assert (entry.status, inside.episode.is_open) == (WaitingStatus.WITHDRAWN, False)


def test_a_received_hand_over_takes_the_client_off_the_senders_list():
    between = way()
    facts = {"by": between.rina, "episode": between.episode, "priority": QueuePriority.ORDINARY}
    entry = waiting.enter(**facts, setting=Setting.INPATIENT)
    between.received()
    entry.refresh_from_db()
    assert (entry.status, entry.end_reason) == (WaitingStatus.WITHDRAWN, "Diserahkan ke Balai Tujuan")
    assert waiting.enter(**facts | {"by": between.budi}, setting=Setting.INPATIENT).facility == between.receiver


def test_gone_outside_the_wait_is_over_too():
    between = way()
    facts = {"by": between.rina, "episode": between.episode, "priority": QueuePriority.ORDINARY}
    entry = waiting.enter(**facts, setting=Setting.INPATIENT)
    handovers.leave(by=between.rina, handover=between.offered(to_facility=None, outside="RSUD Contoh"))
    entry.refresh_from_db()
    assert not entry.is_open


def test_a_minor_may_go_first(held):
    client = factories.client("Anak Contoh", birth_date=held.facility.local_date() - timedelta(days=15 * 365))
    episode = factories.episode(client, held.facility, admission=Admission.VOLUNTARY)
    entry = waiting.enter(
        by=held.rina, episode=episode, setting=Setting.INPATIENT, priority=QueuePriority.MINOR, reason=WHY
    )
    assert entry.priority == QueuePriority.MINOR


def test_a_corrected_sex_moves_the_wait_to_the_other_beds(held):
    entry = wait(held)
    client = entry.episode.client
    identity.correct(
        by=held.rina, client=client, identity=andi(name="Andi Contoh", sex=Sex.FEMALE, nik="", no_nik_reason="unknown"),
        edit=client.identity.edit, reason="Salah ketik",
    )  # fmt: skip
    assert order(held, Sex.FEMALE) == [f"1/1 {client.pk}"]
    assert order(held) == []
