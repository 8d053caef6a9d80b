from datetime import date

import pytest

from facilities.actions import beds
from facilities.models import Bed
from rehab.enums import Sex
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2019, 1, 1)


@pytest.fixture
def dewi():
    return factories.user(Role.FACILITY_ADMIN, factories.facility())


def add(dewi, **changes) -> list[Bed]:
    facts = {"facility": dewi.postings.get().facility, "room": "Melati", "sex": Sex.MALE, "beds": 3, "starts_on": DAY}
    return beds.add_room(by=dewi, **(facts | changes))


def test_a_room_of_beds_is_added_in_one_step(dewi):
    made = add(dewi, room="  Melati   1 ")
    assert [(bed.room, bed.label, bed.sex) for bed in made] == [("Melati 1", str(n), "M") for n in (1, 2, 3)]
    assert AuditEvent.objects.get().data["beds"] == 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"room": "  "}, "room"),
        ({"room": "x" * 41}, "room"),
        ({"beds": 0}, "beds"),
        ({"beds": 101}, "beds"),
        ({"sex": "X"}, "sex"),
        ({"first": 0}, "first"),
        ({"starts_on": date(1900, 1, 1)}, "starts_on"),
    ],
)
def test_a_room_that_cannot_be_is_refused(dewi, changes, field):
    with pytest.raises(Refused) as refused:
        add(dewi, **changes)
    assert refused.value.field == field
    assert not Bed.objects.exists()


def test_a_bed_of_the_same_number_stands_once_in_a_room(dewi):
    add(dewi)
    with pytest.raises(Refused, match="sudah punya"):
        add(dewi, beds=1, first=3)
    add(dewi, beds=2, first=4)
    add(dewi, room="Mawar", sex=Sex.FEMALE)
    assert Bed.objects.count() == 8


def test_out_of_use_from_a_day_and_back(dewi):
    bed = add(dewi)[0]
    with pytest.raises(Refused):
        beds.end(by=dewi, bed=bed, ends_on=date(2019, 5, 1), reason=" ")
    ended = beds.end(by=dewi, bed=bed, ends_on=date(2019, 5, 1), reason="Rusak")
    assert Bed.objects.on(date(2019, 4, 30)).count() == 3
    assert Bed.objects.on(date(2019, 5, 1)).count() == 2
    with pytest.raises(Refused, match="sudah tidak dipakai"):
        beds.end(by=dewi, bed=bed, ends_on=date(2019, 6, 1), reason="Rusak")
    with pytest.raises(Refused, match="sampai sesudah"):
        beds.use_again(by=dewi, bed=ended, starts_on=date(2019, 4, 1))
    beds.use_again(by=dewi, bed=ended, starts_on=date(2019, 7, 1))
    assert Bed.objects.on(date(2019, 7, 1)).count() == 3
    with pytest.raises(Refused, match="sudah punya"):
        beds.use_again(by=dewi, bed=ended, starts_on=date(2019, 8, 1))
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["beds.added", "bed.ended", "bed.used_again"]
