from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from clients.actions import consents, episodes, handovers, treatments
from clients.enums import ConsentScope, EpisodeStatus, HandoverStatus, Outcome
from clients.lifecycle import HANDOVER_STEPS, handover_steps
from clients.models import Consent, Handover, Treatment
from clients.queries.handovers import receipt_code, verified
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.ways import ASKED, REASON, way

pytestmark = pytest.mark.django_db


@pytest.fixture
def between():
    return way()


def test_until_it_is_received_the_client_stays_with_the_sender(between):
    handover = between.offered()
    between.episode.refresh_from_db()
    assert handover.status == HandoverStatus.OFFERED
    assert between.episode.responsible_facility == between.sender
    assert Treatment.objects.open().get() == between.treatment


def test_receiving_ends_there_and_plans_here_in_one_step(between):
    handover = between.received()
    between.episode.refresh_from_db()
    between.treatment.refresh_from_db()
    assert (between.treatment.outcome, between.treatment.ended_on) == (Outcome.REFERRED, between.sender.local_date())
    assert between.episode.responsible_facility == between.receiver
    assert (between.episode.status, between.episode.closed_on) == (EpisodeStatus.PLANNED, None)
    new = Treatment.objects.open().get()
    assert (new.facility, new.started_on, new.counted_on) == (between.receiver, None, None)
    assert (new.setting, new.programme, new.unit) == (ASKED["setting"], ASKED["programme"], between.receiver.unit)
    assert (handover.status, handover.decided_by) == (HandoverStatus.RECEIVED, between.budi)
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["handover.offered", "treatment.ended", "treatment.planned", "handover.received"]


def test_a_plan_that_never_started_ends_with_the_hand_over():
    between = way(started_on=None)
    between.received()
    between.treatment.refresh_from_db()
    assert (between.treatment.outcome, between.treatment.started_on) == (Outcome.REFERRED, None)


def test_a_receiver_that_treats_already_goes_on_with_its_treatment(between):
    held = factories.treatment(between.episode, facility=between.receiver, started_on=date(2019, 4, 1))
    between.received()
    assert Treatment.objects.open().get() == held
    between.episode.refresh_from_db()
    assert between.episode.status == EpisodeStatus.IN_TREATMENT


def test_ending_the_last_treatment_keeps_the_episode_open_while_the_offer_stands(between):
    handover = between.offered()
    treatments.end(by=between.rina, treatment=between.treatment, ended_on=date(2019, 5, 1), outcome=Outcome.COMPLETED)
    between.episode.refresh_from_db()
    assert between.episode.status == EpisodeStatus.PLANNED
    with pytest.raises(Refused, match="Tarik kembali"):
        episodes.close(by=between.rina, episode=between.episode, closed_on=date(2019, 5, 1), outcome=Outcome.MOVED)
    handovers.receive(by=between.budi, handover=handover)
    between.episode.refresh_from_db()
    between.treatment.refresh_from_db()
    assert (between.episode.is_open, between.treatment.outcome) == (True, Outcome.COMPLETED)


def test_after_an_offer_came_to_nothing_the_episode_can_be_closed(between):
    handover = between.offered()
    treatments.end(by=between.rina, treatment=between.treatment, ended_on=date(2019, 5, 1), outcome=Outcome.COMPLETED)
    handovers.recall(by=between.rina, handover=handover, reason="Pindah kota")
    closed = episodes.close(
        by=between.rina, episode=between.episode, closed_on=date(2019, 5, 2), outcome=Outcome.COMPLETED
    )
    assert not closed.is_open


def test_nobody_dies_while_being_handed_over_without_the_offer_being_taken_back(between):
    between.offered()
    with pytest.raises(Refused, match="Tarik kembali"):
        treatments.end(by=between.rina, treatment=between.treatment, ended_on=date(2019, 5, 1), outcome=Outcome.DIED)


def test_to_a_place_outside_the_system_it_closes_with_an_outcome_of_its_own(between):
    handover = between.offered(to_facility=None, outside="RSUD Contoh")
    with pytest.raises(Refused, match="tidak sesuai"):
        handovers.receive(by=between.budi, handover=handover)
    handover = handovers.leave(by=between.rina, handover=handover)
    between.episode.refresh_from_db()
    assert handover.status == HandoverStatus.LEFT
    assert (between.episode.outcome, between.episode.closed_on) == (Outcome.REFERRED, between.sender.local_date())
    assert between.episode.responsible_facility == between.sender
    assert not Treatment.objects.open().exists()


def test_outside_waits_for_other_facilities_that_still_treat(between):
    factories.treatment(between.episode, facility=between.receiver, started_on=date(2019, 4, 1))
    handover = between.offered(to_facility=None, outside="RSUD Contoh")
    with pytest.raises(Refused, match="masih melayani"):
        handovers.leave(by=between.rina, handover=handover)
    between.treatment.refresh_from_db()
    assert between.treatment.is_open


@pytest.mark.parametrize("scope", [ConsentScope.CARE])
def test_without_a_consent_that_covers_it_nothing_is_offered(scope):
    between = way(scope=scope)
    with pytest.raises(Refused, match="belum mencakup"):
        between.offered()
    assert not Handover.objects.exists()


def test_a_consent_of_another_place_or_one_that_ended_covers_nothing(between):
    Consent.objects.update(ends_on=between.sender.local_date())
    with pytest.raises(Refused, match="belum mencakup"):
        between.offered()
    Consent.objects.update(ends_on=None, facility=between.receiver)
    with pytest.raises(Refused, match="belum mencakup"):
        between.offered()


def test_a_consent_taken_back_in_the_middle_stops_the_receiving(between):
    handover = between.offered()
    consents.revoke(by=between.rina, consent=Consent.objects.get(), reason="Berubah pikiran")
    with pytest.raises(Refused, match="belum mencakup"):
        handovers.receive(by=between.budi, handover=handover)
    between.episode.refresh_from_db()
    assert between.episode.responsible_facility == between.sender
    assert handovers.recall(by=between.rina, handover=handover, reason="Dicabut").status == HandoverStatus.RECALLED


def test_one_offer_at_a_time(between):
    between.offered()
    with pytest.raises(Refused, match="sedang ditawarkan"):
        between.offered(to_facility=factories.facility())


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"to_facility": "sender"}, "fasilitas lain"),
        ({"to_facility": None}, "satu fasilitas"),
        ({"outside": "RSUD Contoh"}, "satu fasilitas"),
        ({"to_facility": "closed"}, "ditutup"),
    ],
)
def test_an_offer_goes_to_one_other_open_place(between, changes, word):
    places = {"sender": between.sender, "closed": factories.facility(closed_on=date(2020, 1, 1))}
    changes = {key: places.get(value, value) for key, value in changes.items()}
    with pytest.raises(Refused, match=word):
        between.offered(**changes)


def test_declining_and_recalling_leave_everything_as_it_was_and_say_why(between):
    for act, by in ((handovers.decline, between.budi), (handovers.recall, between.rina)):
        handover = between.offered()
        with pytest.raises(Refused, match="alasan|mengapa"):
            act(by=by, handover=handover, reason="  ")
        done = act(by=by, handover=handover, reason="Penuh")
        assert (done.decision_note, done.decided_by, done.receipt) == ("Penuh", by, None)
        between.treatment.refresh_from_db()
        assert between.treatment.is_open
        with pytest.raises(Refused, match="lebih dulu"):
            handovers.receive(by=between.budi, handover=handover)


def test_the_first_contact_has_its_day(between):
    handover = between.offered()
    today = between.receiver.local_date()
    with pytest.raises(Refused, match="tidak sesuai"):
        handovers.first_contact(by=between.budi, handover=handover, contacted_on=today)
    handovers.receive(by=between.budi, handover=handover)
    for day, word in (
        (today + timedelta(days=1), "belum tiba|belum sampai|belum"),
        (date(2019, 1, 1), "sebelum tawaran"),
    ):
        with pytest.raises(Refused, match=word):
            handovers.first_contact(by=between.budi, handover=handover, contacted_on=day)
    done = handovers.first_contact(by=between.budi, handover=handover, contacted_on=today)
    assert (done.status, done.contacted_by) == (HandoverStatus.CONTACTED, between.budi)
    with pytest.raises(Refused, match="lebih dulu"):
        handovers.first_contact(by=between.budi, handover=handover, contacted_on=today)


def test_every_status_knows_its_steps():
    assert set(HANDOVER_STEPS) == set(HandoverStatus)
    inside = {step.to for step in handover_steps(HandoverStatus.OFFERED, outside=False)}
    outside = {step.to for step in handover_steps(HandoverStatus.OFFERED, outside=True)}
    assert HandoverStatus.LEFT in outside - inside
    assert HandoverStatus.RECEIVED in inside - outside


def test_the_database_holds_what_may_never_be(between):
    handover = between.offered()
    for wrong in (
        {"status": HandoverStatus.RECEIVED},
        {"decided_at": timezone.now()},
        {"outside": "RSUD Contoh"},
        {"to_facility": between.sender},
        {"contacted_on": date(2020, 1, 1)},
        {"status": HandoverStatus.DECLINED, "decided_at": timezone.now(), "decided_by": between.budi},
        {"status": HandoverStatus.LEFT, "decided_at": timezone.now(), "decided_by": between.budi, "receipt": "x"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Handover.objects.filter(pk=handover.pk).update(**wrong)


def test_the_history_of_the_row_is_kept(between):
    handover = between.received()
    versions = Handover.pgh_event_model.objects.filter(id=handover.pk).order_by("pgh_id")
    assert [row.status for row in versions] == [HandoverStatus.OFFERED, HandoverStatus.RECEIVED]


def test_a_receipt_is_proved_by_its_code_and_only_as_it_was(between):
    handover = between.received()
    code = handover.receipt
    assert len(code) == 16
    assert verified(" ".join(code[i : i + 4].upper() for i in range(0, 16, 4))) == handover
    assert verified(code[:-1] + ("0" if code[-1] != "0" else "1")) is None
    assert verified("kode") is None
    Handover.objects.filter(pk=handover.pk).update(decided_at=timezone.now() - timedelta(days=3))
    assert verified(code) is None
    assert receipt_code(Handover.objects.get()) != code


@pytest.mark.django_db(transaction=True)
def test_of_two_who_receive_at_once_exactly_one_wins_and_the_other_gets_a_sentence():
    between = way()
    handover = between.offered()
    people = [between.budi, factories.user(Role.DOCTOR, between.receiver, name="Sari Penerima")]
    start, told = Barrier(2), []

    def receive(by) -> None:
        try:
            start.wait()
            handovers.receive(by=by, handover=Handover.objects.get(pk=handover.pk))
            told.append("ya")
        except Refused as refusal:
            told.append(refusal.messages[0])
        finally:
            connection.close()

    threads = [Thread(target=receive, args=[by]) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    won = Handover.objects.get()
    assert sorted(told, key=len) == ["ya", f"{won.decided_by.name} sudah lebih dulu. Serah terima ini: diterima."]
    assert Treatment.objects.open().count() == 1
    assert AuditEvent.objects.filter(verb="handover.received").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_consent_taken_back_and_a_receiving_at_once_are_one_before_the_other():
    between = way()
    handover, consent = between.offered(), Consent.objects.get()
    start, told = Barrier(2), []

    def run(act) -> None:
        try:
            start.wait()
            act()
            told.append("ya")
        except Refused as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    acts = [
        lambda: handovers.receive(by=between.budi, handover=handover),
        lambda: consents.revoke(by=between.rina, consent=consent, reason=REASON),
    ]
    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    between.episode.refresh_from_db()
    received = Handover.objects.get().status == HandoverStatus.RECEIVED
    assert sorted(told) == (["ya", "ya"] if received else ["no_consent", "ya"])
    assert (between.episode.responsible_facility == between.receiver) is received
