from datetime import date

import pytest

from facilities.actions import capacity, facilities, ipwl, strengthening
from facilities.enums import CapacityKind, FacilityKind, Owner, Ownership, StrengtheningKind
from facilities.models import Facility
from rehab.errors import Refused
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db):
    return factories.facility("Klinik Contoh", of=factories.unit("BNNP-53"), opened_on=date(2015, 1, 1))


@pytest.fixture
def by(place):
    return factories.user(Role.UNIT_ADMIN, place.unit)


def register(by, **other):
    facts = {
        "name": "Yayasan Contoh", "kind": FacilityKind.YAYASAN, "owner": Owner.COMMUNITY, "ownership": Ownership.COMMUNITY,
        "unit": factories.unit("BNNP-53"), "region": factories.region("5371"),
    }  # fmt: skip
    return facilities.register(by=by, **(facts | other))


def test_codes_follow_each_other(by, place):
    Facility.objects.update(code="F00041")

    assert [register(by).code, register(by, name="Lain").code] == ["F00042", "F00043"]


def test_what_is_registered_holds_since_it_opened_or_since_its_unit_exists(by):
    known = register(by, opened_on=date(2018, 3, 1))
    unknown = register(by, name="Lain", offers_aftercare=True)

    assert known.terms.get().starts_on == date(2018, 3, 1)
    assert (unknown.terms.get().starts_on, unknown.terms.get().offers_aftercare) == (unknown.unit.starts_on, True)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("latitude", 45), ("longitude", 12), ("name", "x" * 10_000), ("kind", "😀"), ("opened_on", date(1899, 1, 1)),
        ("opened_on", date(2090, 1, 1)), ("email", "bukan alamat"), ("services", ["tarot"]), ("name", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(by, field, wrong):
    with pytest.raises(Refused) as refusal:
        register(by, **{field: wrong})
    assert refusal.value.field == field


def test_the_same_name_in_the_same_city_is_refused(by):
    register(by)

    with pytest.raises(Refused):
        register(by)
    assert register(by, region=factories.region("5304")).name == "Yayasan Contoh"


def test_editing_an_old_version_is_refused_with_what_stands_there(by, place):
    facilities.edit(by=by, facility=place, version=1, phone="0380")

    with pytest.raises(facilities.Outdated) as outdated:
        facilities.edit(by=by, facility=place, version=1, phone="0361")
    assert (outdated.value.facility.phone, outdated.value.facility.version) == ("0380", 2)


def test_an_edit_without_a_change_makes_no_version(by, place):
    assert facilities.edit(by=by, facility=place, version=1, name=place.name).version == 1


def test_an_earlier_opening_takes_the_first_term_with_it(by):
    made = register(by, opened_on=date(2018, 3, 1))
    facilities.edit(by=by, facility=made, version=1, opened_on=date(2016, 1, 1))

    assert made.terms.get().starts_on == date(2016, 1, 1)


def test_closing_and_opening_again(by, place):
    facilities.close(by=by, facility=place, closed_on=date(2024, 1, 1), reason="Pindah")

    assert not Facility.objects.open_on(date(2024, 1, 1)).exists()
    assert facilities.reopen(by=by, facility=place, reason="Kembali").closed_on is None
    with pytest.raises(Refused):
        facilities.reopen(by=by, facility=place, reason="Kembali")


@pytest.mark.parametrize("day", [date(2014, 12, 31), date(2090, 1, 1), date(1899, 1, 1)])
def test_it_cannot_close_before_it_opened_nor_in_the_future(by, place, day):
    with pytest.raises(Refused) as refusal:
        facilities.close(by=by, facility=place, closed_on=day, reason="Pindah")
    assert refusal.value.field == "closed_on"


def test_a_capacity_ends_the_one_before_it(by, place):
    for places, day in ((20, date(2019, 1, 1)), (30, date(2020, 1, 1)), (35, date(2020, 1, 1))):
        capacity.set_places(by=by, facility=place, kind=CapacityKind.OUTPATIENT, places=places, starts_on=day)

    found = list(place.capacities.values_list("places", "starts_on", "ends_on"))
    assert found == [(20, date(2019, 1, 1), date(2020, 1, 1)), (35, date(2020, 1, 1), None)]


@pytest.mark.parametrize(
    ("other", "field"), [({"places": -1}, "places"), ({"starts_on": date(2018, 1, 1)}, "starts_on"), ({"kind": "sofa"}, "kind"),
                         ({"ends_on": date(2018, 1, 1)}, "ends_on")],
)  # fmt: skip
def test_a_capacity_that_cannot_be_is_refused(by, place, other, field):
    facts = {"kind": CapacityKind.OUTPATIENT, "places": 20, "starts_on": date(2019, 1, 1)}
    capacity.set_places(by=by, facility=place, **facts)

    with pytest.raises(Refused) as refusal:
        capacity.set_places(by=by, facility=place, **(facts | other))
    assert refusal.value.field == field
    assert place.capacities.count() == 1


def test_a_decree_is_recorded_once_and_ends_only_earlier(by, place):
    facts = {
        "decree_number": "SK 1",
        "decree_date": date(2020, 1, 1),
        "starts_on": date(2020, 1, 1),
        "ends_on": date(2025, 1, 1),
    }
    decree = ipwl.add(by=by, facility=place, **facts)

    with pytest.raises(Refused):
        ipwl.add(by=by, facility=place, **facts)
    with pytest.raises(Refused):
        ipwl.end(by=by, designation=decree, ends_on=date(2026, 1, 1), reason="x")
    assert ipwl.end(by=by, designation=decree, ends_on=date(2022, 1, 1), reason="dicabut").ends_on == date(2022, 1, 1)
    assert not Facility.objects.ipwl_on(date(2022, 1, 1)).exists()


def test_strengthening_is_recorded_for_the_unit_that_gave_it(by, place):
    row = strengthening.record(
        by=by, facility=place, unit=place.unit, held_on=date(2019, 5, 4), kind=StrengtheningKind.BIMTEK, note="Bimtek"
    )

    assert (row.unit, row.recorded_by) == (place.unit, by)
    with pytest.raises(Refused):
        strengthening.record(
            by=by, facility=place, unit=place.unit, held_on=date(2090, 1, 1), kind=StrengtheningKind.BIMTEK
        )
