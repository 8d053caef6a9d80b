from datetime import date, timedelta

import pytest
from django.utils import timezone

from facilities.actions import units
from facilities.queries import descendants, tree
from rehab.errors import Refused
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ntt(db):
    return factories.unit("BNNP-53")


@pytest.fixture
def by(ntt):
    return factories.user(Role.UNIT_ADMIN, factories.unit("BNN"))


def belu(by, ntt, **other):
    facts = {
        "region": factories.region("5304", "Kabupaten Belu"),
        "name": "BNNK Belu",
        "parent": ntt,
        "starts_on": date(2015, 1, 1),
    }
    return units.create(by=by, **(facts | other))


def test_a_bnnk_has_its_code_and_clock_from_its_region(by, ntt):
    made = belu(by, ntt)

    assert (made.code, made.zone_label, made.parent) == ("BNNK-5304", "WITA", ntt)
    with pytest.raises(Refused):
        belu(by, ntt)


@pytest.mark.parametrize(
    "other", [{"starts_on": date(1899, 1, 1)}, {"starts_on": date(2000, 1, 1)}, {"name": "x" * 10_000}, {"name": ""}]
)
def test_a_unit_that_cannot_be_is_refused(by, ntt, other):
    with pytest.raises(Refused):
        belu(by, ntt, **other)


def test_a_bnnk_belongs_under_its_own_province(by, ntt):
    with pytest.raises(Refused):
        belu(by, factories.unit("BNNP-51"))


def test_a_new_name_holds_from_its_day(by, ntt):
    units.rename(by=by, unit=ntt, name="BNNP NTT", from_on=date(2020, 1, 1), reason="Keputusan")

    names = [
        {term.unit.code: term.name for _, term in tree(day)}["BNNP-53"] for day in (date(2019, 1, 1), date(2020, 1, 1))
    ]
    assert names == ["BNNP-53", "BNNP NTT"]


def test_a_move_changes_the_tree_from_its_day(by, ntt):
    made, bali = belu(by, ntt), factories.unit("BNNP-51")
    units.move(by=by, unit=made, parent=bali, from_on=date(2020, 1, 1), reason="Uji")

    assert made.pk in descendants([ntt.pk], on=date(2019, 1, 1))[ntt.pk]
    assert made.pk in descendants([bali.pk], on=date(2020, 1, 1))[bali.pk]
    with pytest.raises(Refused):
        units.move(by=by, unit=ntt, parent=bali, from_on=date(2021, 1, 1), reason="Uji")


@pytest.mark.parametrize("below", ["BNNP-53", "BNNK-5304"])
def test_a_unit_never_stands_below_itself(by, ntt, below):
    made = belu(by, ntt)
    with pytest.raises(Refused) as refusal:
        units.move(by=by, unit=ntt, parent=ntt if below == ntt.code else made, from_on=date(2020, 1, 1), reason="Uji")
    assert refusal.value.field == "parent"


def test_a_move_to_the_same_place_or_on_a_day_that_is_taken_is_refused(by, ntt):
    made, bali = belu(by, ntt), factories.unit("BNNP-51")
    with pytest.raises(Refused):
        units.move(by=by, unit=made, parent=ntt, from_on=date(2020, 1, 1), reason="Uji")
    for day in (date(2015, 1, 1), timezone.localdate() + timedelta(days=2)):
        with pytest.raises(Refused) as refusal:
            units.move(by=by, unit=made, parent=bali, from_on=day, reason="Uji")
        assert refusal.value.field == "from_on"


def test_a_rename_that_was_begun_before_a_move_does_not_undo_it(by, ntt):
    made, bali = belu(by, ntt), factories.unit("BNNP-51")
    units.move(by=by, unit=made, parent=bali, from_on=date(2020, 1, 1), reason="Uji")
    units.rename(by=by, unit=made, name="BNNK Belu Baru", from_on=date(2021, 1, 1), reason="Uji")

    made.refresh_from_db()
    assert (made.name, made.parent) == ("BNNK Belu Baru", bali)
    assert AuditEvent.objects.get(verb="unit.moved").data["parent"] == "BNNP-51"


def test_a_unit_closes_only_when_nothing_hangs_on_it(by, ntt):
    made = belu(by, ntt)
    place = factories.facility(of=made)

    for unit in (ntt, made):
        with pytest.raises(Refused):
            units.close(by=by, unit=unit, ends_on=date(2020, 1, 1), reason="x")
    place.closed_on = date(2019, 1, 1)
    place.save()
    units.close(by=by, unit=made, ends_on=date(2020, 1, 1), reason="Digabung")

    assert "BNNK-5304" not in [term.unit.code for _, term in tree(date(2020, 1, 1))]
    assert "BNNK-5304" in [term.unit.code for _, term in tree(date(2019, 12, 31))]
