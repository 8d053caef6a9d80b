from threading import Barrier, Thread

import pytest
from django.db import connection

from clients.actions import identity, stewarding
from clients.enums import CandidateStatus
from clients.models import Client, KeptApart, LinkGround, MatchCandidate
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.people import OTHER_NIK, andi, registered, rina

pytestmark = pytest.mark.django_db


class Town:
    """Two facilities, a clerk, a steward, and Rina who came to both."""

    def __init__(self):
        self.kupang, self.denpasar = factories.facility(), factories.facility(of=factories.unit("BNNP-51"))
        self.clerk = factories.user(Role.CLERK, self.kupang)
        self.steward = factories.user(Role.DATA_STEWARD, factories.unit("BNN"), name="Sinta Contoh")
        self.first = registered(self.clerk, self.kupang, rina()).client
        self.second = registered(self.clerk, self.denpasar, rina()).client

    @property
    def pair(self) -> MatchCandidate:
        return MatchCandidate.objects.get(first=self.first, second=self.second)

    def link(self, reason="Nama dan tanggal lahir sama"):
        return stewarding.link(by=self.steward, candidate=self.pair, reason=reason)

    def apart(self, reason="Kembar"):
        return stewarding.keep_apart(by=self.steward, candidate=self.pair, reason=reason)

    def persons(self) -> list[int]:
        return list(Client.objects.order_by("pk").values_list("person", flat=True))


@pytest.fixture
def town():
    return Town()


def grounds(client) -> list[tuple[str, bool]]:
    return [(link.ground, link.ended_at is None) for link in client.person_links.order_by("pk")]


def test_linked_they_stand_for_one_person_by_dated_links(town):
    person = town.link()
    assert set(town.persons()) == {person.pk}
    expected = [(LinkGround.REGISTRATION, False), (LinkGround.STEWARD, True)]
    assert (grounds(town.first), grounds(town.second)) == (expected, expected)
    pair = town.pair
    assert (pair.status, pair.decided_by, pair.reason) == (
        CandidateStatus.LINKED,
        town.steward,
        "Nama dan tanggal lahir sama",
    )
    event = AuditEvent.objects.get(verb="person.linked")
    assert (event.actor_id, event.client_code, event.reason) == (town.steward.pk, "", pair.reason)


def test_whoever_stood_with_them_by_the_same_nik_comes_along_on_its_own_ground(town):
    nik = "5371015705950001"
    known = registered(town.clerk, town.denpasar, rina(nik=nik, no_nik_reason="")).client
    same = registered(town.clerk, town.kupang, rina(nik=nik, no_nik_reason="")).client
    pair = MatchCandidate.objects.get(first=town.first, second=known)
    stewarding.link(by=town.steward, candidate=pair, reason="Sama")
    same.refresh_from_db()
    assert same.person_id == town.first.person_id
    assert grounds(same)[-1] == (LinkGround.NIK, True)
    # A corrected NIK ends that automatic link, and the steward's stays.
    identity.correct(by=town.clerk, client=same, identity=rina(), edit=1, reason="NIK salah")
    known.refresh_from_db()
    same.refresh_from_db()
    assert known.person_id == town.first.person_id != same.person_id


def test_kept_apart_not_even_the_same_nik_links_them_again(town):
    town.apart()
    assert len(set(town.persons())) == 2
    with_nik = {"nik": "5371015705950001", "no_nik_reason": ""}
    for client in (town.first, town.second):
        identity.correct(by=town.clerk, client=client, identity=rina(**with_nik), edit=1, reason="NIK dibawa")
    assert len(set(town.persons())) == 2
    assert town.pair.status == CandidateStatus.APART
    # Who comes third with this NIK is nobody's by itself: the steward decides.
    third = registered(town.clerk, town.kupang, rina(**with_nik)).client
    assert len(set(town.persons())) == 3
    assert MatchCandidate.objects.filter(second=third, status=CandidateStatus.OPEN).count() == 2


def test_let_go_a_client_stands_alone_and_is_bound_to_stay_so():
    town = Town()
    first = registered(town.clerk, town.kupang, andi()).client
    second = registered(town.clerk, town.denpasar, andi()).client
    assert first.person == second.person
    stewarding.let_go(by=town.steward, client=second, reason="NIK dipakai orang lain")
    second.refresh_from_db()
    assert second.person_id != first.person_id
    assert grounds(second) == [(LinkGround.NIK, False), (LinkGround.STEWARD, True)]
    assert KeptApart.objects.get(ended_at=None).reason == "NIK dipakai orang lain"
    identity.correct(by=town.clerk, client=first, identity=andi(nik=OTHER_NIK), edit=1, reason="Salah")
    identity.correct(by=town.clerk, client=first, identity=andi(), edit=2, reason="Benar")
    first.refresh_from_db()
    assert first.person_id != second.person_id


def test_a_link_and_a_keeping_apart_can_be_taken_back(town):
    town.link()
    stewarding.let_go(by=town.steward, client=town.second, reason="Ternyata bukan")
    assert len(set(town.persons())) == 2
    assert town.pair.status == CandidateStatus.APART
    stewarding.let_together(by=town.steward, kept=KeptApart.objects.get(), reason="Diperiksa lagi")
    assert KeptApart.objects.get().ended_at is not None
    assert town.pair.is_open
    town.link("Sekarang pasti")
    assert len(set(town.persons())) == 1


def test_what_is_kept_apart_is_not_linked_through_a_third(town):
    third = registered(town.clerk, town.kupang, rina()).client
    town.apart()
    for client in (town.first, town.second):
        pair = MatchCandidate.objects.get(first=client, second=third)
        if client == town.first:
            stewarding.link(by=town.steward, candidate=pair, reason="Sama")
        else:
            with pytest.raises(Refused):
                stewarding.link(by=town.steward, candidate=pair, reason="Sama")


@pytest.mark.parametrize("act", ["link", "apart"])
def test_a_decision_needs_a_reason_and_is_taken_once(town, act):
    with pytest.raises(Refused) as refusal:
        getattr(town, act)(" ")
    assert refusal.value.field == "reason"
    getattr(town, act)("Jelas")
    for again in (town.link, town.apart):
        with pytest.raises(Refused) as refusal:
            again()
        assert "Sinta Contoh" in refusal.value.messages[0]


def test_a_pair_whose_identity_was_corrected_meanwhile_is_not_decided(town):
    pair = town.pair
    identity.correct(by=town.clerk, client=town.second, identity=rina(name="Lain Sekali"), edit=1, reason="Salah")
    with pytest.raises(Refused):
        stewarding.link(by=town.steward, candidate=pair, reason="Sama")
    assert len(set(town.persons())) == 2


def test_who_stands_alone_cannot_be_let_go(town):
    with pytest.raises(Refused):
        stewarding.let_go(by=town.steward, client=town.first, reason="Sendiri")


def test_persons_are_counted_anew(town):
    before = Client.objects.values("person").distinct().count()
    person = town.link()
    assert Client.objects.values("person").distinct().count() == before - 1
    person.refresh_from_db()
    assert not person.has_nik
    identity.correct(
        by=town.clerk, client=town.second, identity=rina(nik="5371015705950001", no_nik_reason=""), edit=1, reason="NIK"
    )
    person.refresh_from_db()
    assert person.has_nik


@pytest.mark.django_db(transaction=True)
def test_of_two_stewards_at_once_one_decides_and_the_other_is_told():
    town = Town()
    other = factories.user(Role.DATA_STEWARD, factories.unit("BNN"), name="Rudi Contoh")
    pair, start, told = town.pair, Barrier(2), []

    def decide(act, by):
        try:
            start.wait(10)
            act(by=by, candidate=pair, reason="Sama-sama")
        except Refused as refusal:
            told.append(refusal.messages[0])
        finally:
            connection.close()

    threads = [
        Thread(target=decide, args=(stewarding.link, town.steward)),
        Thread(target=decide, args=(stewarding.keep_apart, other)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
    assert len(told) == 1
    assert any(name in told[0] for name in ("Sinta Contoh", "Rudi Contoh"))
    assert KeptApart.objects.count() == (town.pair.status == CandidateStatus.APART)
