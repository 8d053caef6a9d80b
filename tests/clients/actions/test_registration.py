import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from clients.actions.people import GuardianData
from clients.actions.registration import register_suspect
from clients.codes import is_code
from clients.enums import AdmissionGroup, ConsentScope, EpisodeStatus, GuardianRelation
from clients.models import Client, Episode, LinkGround, MatchNotice, Person
from clients.queries import identity_of, masked_names
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.people import NIK, andi, registered, rina

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return factories.facility()


@pytest.fixture
def clerk(clinic):
    return factories.user(Role.CLERK, clinic)


def test_a_registration_makes_client_identity_consent_and_episode(clerk, clinic, app_role):
    episode = registered(clerk, clinic, rina(phone="0812-3456-789"), admission="court", referrer="PN Contoh")
    client = episode.client
    assert is_code(client.code)
    assert (episode.status, episode.number, episode.responsible_facility) == (EpisodeStatus.REGISTERED, 1, clinic)
    assert episode.admission_group == AdmissionGroup.VERDICT
    assert client.consents.get().scope == ConsentScope.CARE
    assert identity_of(client).name == "Rina Contoh"
    assert masked_names([client]) == {client.pk: "R. C."}
    event = AuditEvent.objects.get(verb="clients.registered")
    assert (event.client_code, event.actor_id) == (client.code, clerk.pk)


def test_nothing_of_the_identity_is_stored_in_the_clear(clerk, clinic):
    registered(clerk, clinic, andi(phone="081234567890"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_to_json(t)::text FROM clients_identity t UNION ALL SELECT row_to_json(t)::text FROM clients_identityevent t"
        )
        stored = " ".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT row_to_json(t)::text FROM rehab_auditevent t")
        stored += " ".join(row[0] for row in cursor.fetchall())
    for clear in (NIK, "Andi", "1995-05-17", "81234567890", NIK.encode().hex(), b"Andi".hex()):
        assert clear not in stored


@pytest.mark.parametrize(
    ("identity", "changes", "field"),
    [
        (rina(no_nik_reason=""), {}, "nik"),
        (rina(name="😀😀"), {}, "name"),
        (rina(birth_date=date(2005, 5, 17)), {}, "guardian_name"),
        (rina(birth_date=date(2019, 5, 17)), {}, "opened_on"),
        (rina(), {"opened_on": date(1999, 12, 31)}, "opened_on"),
        (rina(), {"opened_on": date.today() + timedelta(days=3)}, "opened_on"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(clerk, clinic, identity, changes, field):
    with pytest.raises(Refused) as refusal:
        registered(clerk, clinic, identity, **changes)
    assert refusal.value.field == field
    assert not Client.objects.exists()


def test_a_minor_comes_with_a_guardian(clerk, clinic):
    guardian = GuardianData("Ibu Contoh", GuardianRelation.PARENT, "0812000111")
    episode = registered(clerk, clinic, rina(birth_date=date(2005, 5, 17)), guardian=guardian)
    assert identity_of(episode.client).guardian.name == "Ibu Contoh"


def test_a_closed_facility_takes_nobody_in(clerk):
    closed = factories.facility(closed_on=date(2018, 1, 1))
    with pytest.raises(Refused):
        registered(clerk, closed)


def test_the_same_nik_is_the_same_person(clerk, clinic):
    first = registered(clerk, clinic, andi()).client
    second = registered(clerk, factories.facility(), andi(name="A. Contoh")).client
    third = registered(clerk, clinic, andi(nik="5371011705950009")).client
    assert first.person == second.person
    assert first.person != third.person
    assert second.person_links.get().ground == LinkGround.NIK


@pytest.mark.django_db(transaction=True)
def test_two_simultaneous_registrations_of_one_nik_are_one_person():
    places = [factories.facility() for _ in range(2)]
    clerks = [factories.user(Role.CLERK, place) for place in places]
    ready = threading.Barrier(2)

    def work(clerk, place):
        ready.wait()
        try:
            registered(clerk, place, andi())
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in zip(clerks, places, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Client.objects.count() == 2
    assert Person.objects.count() == 1
    assert len(set(Client.objects.values_list("code", flat=True))) == 2


def test_both_sides_are_told_of_a_possible_match_and_learn_nothing_else(clerk, clinic):
    there = factories.facility()
    known = registered(factories.user(Role.CLERK, there), there, andi()).client
    assert not MatchNotice.objects.exists()
    new = registered(clerk, clinic, andi()).client
    assert set(MatchNotice.objects.values_list("client", "facility")) == {(new.pk, clinic.pk), (known.pk, there.pk)}
    assert [notice.client for notice in MatchNotice.objects.visible_to(clerk)] == [new]
    assert AuditEvent.objects.filter(verb="match.told", subject_id=str(known.pk), client_code="").exists()


def test_name_and_birth_date_are_a_possible_match_a_name_alone_is_not(clerk, clinic):
    there = factories.facility()
    registered(clerk, there, rina())
    registered(clerk, clinic, rina(birth_date=date(1990, 1, 1)))
    assert not MatchNotice.objects.exists()
    registered(clerk, clinic, rina())
    assert MatchNotice.objects.count() == 2


def test_looking_beyond_ones_scope_ends_after_many_registrations(clerk, clinic, monkeypatch):
    monkeypatch.setattr("clients.actions.matches.LOOKS_AN_HOUR", 1)
    registered(clerk, factories.facility(), andi())
    registered(clerk, clinic, andi())
    assert not MatchNotice.objects.exists()


def test_a_suspect_has_no_episode_and_tells_nobody(clerk, clinic):
    suspect = register_suspect(by=clerk, identity=andi())
    assert not Episode.objects.exists()
    assert registered(clerk, clinic, andi()).client.person == suspect.person
    assert not MatchNotice.objects.exists()
