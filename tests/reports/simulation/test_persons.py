import pytest
from django.db import connection

from clients.models import LinkGround, PersonLink
from reports.simulation import persons
from tests import factories

pytestmark = pytest.mark.django_db
NIK = "5371010107909001"


def test_the_same_card_is_one_person_but_a_stewards_word_stands():
    first, second, apart = (factories.client(name, nik=NIK) for name in ("Ana Contoh", "Anna Contoh", "Ani Contoh"))
    other = factories.client("Budi Contoh", nik="5371010107909002")
    PersonLink.objects.filter(client=apart).update(ground=LinkGround.STEWARD)
    before = {apart: apart.person_id, other: other.person_id}
    with connection.cursor() as cursor:
        persons.link(cursor)
    for client in (first, second, apart, other):
        client.refresh_from_db()
    assert second.person_id == first.person_id
    assert {apart: apart.person_id, other: other.person_id} == before
    held = PersonLink.objects.get(client=second, ended_at=None)
    assert (held.person_id, held.ground) == (first.person_id, LinkGround.NIK)
