from datetime import date

import pytest
from django.core.management import call_command

from clients.actions import candidates, episodes, identity
from clients.actions.registration import register_suspect
from clients.enums import Admission, CandidateStatus
from clients.models import MatchCandidate, MatchKeys
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.people import NIK, OTHER_NIK, andi, registered, rina

pytestmark = pytest.mark.django_db


@pytest.fixture
def kupang():
    return factories.facility()


@pytest.fixture
def denpasar():
    return factories.facility(of=factories.unit("BNNP-51"))


@pytest.fixture
def clerk(kupang):
    return factories.user(Role.CLERK, kupang)


def pairs():
    return list(MatchCandidate.objects.order_by("-strength", "pk"))


def test_a_look_alike_at_another_facility_comes_into_the_queue_once_and_undirected(clerk, kupang, denpasar):
    first = registered(clerk, kupang, rina()).client
    registered(clerk, denpasar, rina(name="Rina Rekaan"))
    assert pairs() == []
    second = registered(clerk, denpasar, rina(name="Ny. RINA Tjontoh")).client
    (pair,) = pairs()
    assert (pair.first, pair.second, pair.status) == (first, second, CandidateStatus.OPEN)
    candidates.find(first)
    candidates.find(second)
    assert pairs() == [pair]


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_date": None, "mother_name": "Siti Rekaan"},
        {"name": "Rina", "birth_date": date(1995, 5, 7), "phone": "+62 812 3456 7890", "mother_name": "Siti R"},
        {"name": "Rina Tjontoh", "mother_name": ""},
    ],
    ids=[
        "mother's name without a birth date",
        "phone and mother where a digit of the birth date is missing",
        "spelling",
    ],
)
def test_two_strong_factors_that_agree_are_enough(clerk, kupang, denpasar, changes):
    whole = {"mother_name": "Siti Rekaan", "phone": "081234567890"}
    registered(clerk, kupang, rina(**whole))
    registered(clerk, denpasar, rina(**(whole | {"phone": ""} | changes)))
    assert len(pairs()) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Dewi Contoh", "birth_date": date(1997, 1, 1)},  # a sister with the family's telephone and mother
        {"name": "Rina Lain", "mother_name": "Ani Lain", "phone": "081299990000"},
        {"sex": "M", "mother_name": "", "phone": ""},
        {"birth_date": date(1980, 1, 9), "mother_name": "Ani Lain", "phone": ""},
    ],
    ids=["sister", "birth date alone", "another sex", "name alone"],
)
def test_a_family_or_a_common_name_is_not_a_pair(clerk, kupang, denpasar, changes):
    whole = {"mother_name": "Siti Rekaan", "phone": "081234567890"}
    registered(clerk, kupang, rina(**whole))
    registered(clerk, denpasar, rina(**(whole | changes)))
    assert pairs() == []


def test_two_different_nik_speak_against_it(clerk, kupang, denpasar):
    registered(clerk, kupang, andi())
    registered(clerk, denpasar, andi(nik=OTHER_NIK))
    assert pairs() == []
    registered(clerk, denpasar, andi(nik="", no_nik_reason="not_brought"))
    assert len(pairs()) == 2


def test_the_same_nik_is_one_person_at_once_and_no_pair(clerk, kupang, denpasar):
    first = registered(clerk, kupang, andi()).client
    assert registered(clerk, denpasar, andi()).client.person == first.person
    assert pairs() == []


def test_a_correction_brings_pairs_and_takes_them_away(clerk, kupang, denpasar):
    registered(clerk, kupang, rina())
    client = registered(clerk, denpasar, rina(name="Lain Sekali")).client
    assert pairs() == []
    identity.correct(by=clerk, client=client, identity=rina(), edit=1, reason="Nama salah")
    (pair,) = pairs()
    assert pair.second == client
    identity.correct(by=clerk, client=client, identity=rina(name="Lain Sekali"), edit=2, reason="Nama benar")
    assert pairs() == []


def test_a_suspect_is_compared_with_the_first_episode_only(clerk, kupang):
    suspect = register_suspect(by=clerk, identity=rina())
    registered(clerk, kupang, rina())
    assert pairs() == []
    assert not MatchKeys.objects.filter(client=suspect).exists()
    episodes.open_again(by=clerk, client=suspect, facility=kupang, admission=Admission.TAT, opened_on=date(2019, 3, 1))
    (pair,) = pairs()
    assert suspect in {pair.first, pair.second}


def test_the_backfill_compares_who_never_was_and_a_second_run_changes_nothing(clerk, kupang, capsys):
    rows = [factories.client("Rina Contoh", sex="F") for _ in range(3)]
    alone = factories.client("Budi Rekaan")
    suspect = factories.client("Rina Contoh", sex="F")
    for row in [*rows, alone]:
        factories.episode(row, kupang)
    call_command("find_candidates")
    assert "4 clients, 3 possible duplicates" in capsys.readouterr().out
    assert {pair.first_id for pair in pairs()} | {pair.second_id for pair in pairs()} == {row.pk for row in rows}
    call_command("find_candidates")
    assert "0 clients, 0 possible" in capsys.readouterr().out
    assert not MatchKeys.objects.filter(client=suspect).exists()
    assert candidates.backfill(batch=1) == []


def test_small_batches_find_what_one_batch_finds(kupang):
    for name in ("Rina Contoh", "Rina Contoh", "Budi Rekaan", "Budi Rekaan"):
        factories.episode(factories.client(name), kupang)
    while candidates.backfill(batch=1):
        pass
    assert len(pairs()) == 2


def test_neither_queue_nor_trail_tells_who_it_is_nor_a_clients_code(clerk, kupang, denpasar):
    client = registered(clerk, kupang, rina(nik=NIK, no_nik_reason="")).client
    before = AuditEvent.objects.filter(client_code=client.code).count()
    registered(clerk, denpasar, rina())
    assert len(pairs()) == 1
    assert AuditEvent.objects.filter(client_code=client.code).count() == before
