from datetime import date

import pytest

from clients.actions import identity
from clients.enums import AgeGroup
from clients.models import Identity, LinkGround
from clients.queries import identity_of
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.clients.people import NIK, OTHER_NIK, andi, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return factories.facility()


@pytest.fixture
def clerk(clinic):
    return factories.user(Role.CLERK, clinic)


def corrected(by, client, edit=1, **changes):
    return identity.correct(by=by, client=client, identity=andi(**changes), edit=edit, reason="Salah ketik")


def test_revealing_tells_who_it_is_and_is_recorded(clerk, clinic):
    client = registered(clerk, clinic, andi()).client
    assert identity.reveal(by=clerk, client=client, reason="Panggilan telepon").nik == NIK
    event = AuditEvent.objects.get(verb="identity.revealed")
    assert (event.client_code, event.reason, event.actor_id) == (client.code, "Panggilan telepon", clerk.pk)


def test_a_corrected_birth_date_and_sex_move_the_treatments(clerk, clinic):
    episode = registered(clerk, clinic, andi())
    treatment = factories.treatment(episode, planned_on=date(2019, 2, 1), started_on=date(2019, 3, 1))
    corrected(clerk, episode.client, birth_date=date(1985, 3, 2), sex="F")
    treatment.refresh_from_db()
    assert (treatment.age_group, treatment.sex) == (AgeGroup.FROM_30, "F")


def test_a_corrected_nik_ends_the_automatic_link_and_makes_the_new_one(clerk, clinic):
    first = registered(clerk, clinic, andi()).client
    second = registered(clerk, clinic, andi()).client
    third = registered(clerk, clinic, andi(nik=OTHER_NIK)).client
    assert second.person == first.person
    second = corrected(clerk, second, nik=OTHER_NIK)
    assert second.person == third.person
    assert [link.ended_at is None for link in second.person_links.order_by("id")] == [False, True]
    # Corrected once more, to a number nobody else has: a person of its own.
    second = corrected(clerk, second, edit=2, nik="5371011705950007")
    assert second.person not in {first.person, third.person}


def test_the_one_who_was_there_first_leaves_as_well_when_its_nik_was_wrong(clerk, clinic):
    first = registered(clerk, clinic, andi()).client
    second = registered(clerk, clinic, andi()).client
    first = corrected(clerk, first, nik=OTHER_NIK)
    second.refresh_from_db()
    assert first.person != second.person


def test_what_a_steward_linked_stays(clerk, clinic):
    first = registered(clerk, clinic, andi()).client
    first.person_links.update(ground=LinkGround.STEWARD)
    registered(clerk, clinic, andi(nik=OTHER_NIK))
    assert corrected(clerk, first, nik=OTHER_NIK).person == first.person


def test_the_second_of_two_editors_overwrites_nothing(clerk, clinic):
    client = registered(clerk, clinic, andi()).client
    corrected(clerk, client, name="Andi Contoh Pertama")
    with pytest.raises(identity.EditedMeanwhile):
        corrected(clerk, client, name="Andi Contoh Kedua")
    assert identity_of(client).name == "Andi Contoh Pertama"
    assert Identity.objects.get(client=client).edit == 2


def test_a_correction_needs_a_reason(clerk, clinic):
    client = registered(clerk, clinic, andi()).client
    with pytest.raises(Refused) as refusal:
        identity.correct(by=clerk, client=client, identity=andi(), edit=1, reason=" ")
    assert refusal.value.field == "reason"
