from datetime import date

import pytest
from django.core.management import call_command

from facilities.enums import RegionLevel
from facilities.imports.facilities import load_facilities
from facilities.imports.regions import load_regions
from facilities.imports.units import bnnk, load_units
from facilities.models import Capacity, Facility, FacilityTerm, Region, Unit, UnitTerm
from facilities.queries import descendants
from rehab.enums import Zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def regions(db):
    return load_regions()


def test_every_province_regency_and_district_is_taken_in_without_dots(regions):
    counts = {level: Region.objects.filter(level=level).count() for level in RegionLevel}

    assert counts == {RegionLevel.PROVINCE: 38, RegionLevel.REGENCY: 514, RegionLevel.DISTRICT: 7285}
    assert Region.objects.get(code="537101").parent.parent.name == "Nusa Tenggara Timur"
    assert not Region.objects.filter(code__contains=".").exists()


def test_new_provinces_are_valid_from_the_law_that_made_them(regions):
    since = dict(Region.objects.filter(code__in=["53", "93", "96"]).values_list("code", "valid_from"))

    assert since == {"53": None, "93": date(2022, 7, 25), "96": date(2022, 12, 8)}


def test_loading_again_changes_nothing(regions, capsys):
    call_command("load_regions")
    call_command("load_units")
    call_command("load_units")

    assert capsys.readouterr().out == "7837 regions\n39 new units\n0 new units\n"


def test_the_tree_has_34_provinces_in_2019_and_38_today(regions):
    load_units()
    bnn = Unit.objects.get(code="BNN")

    assert len(descendants([bnn.pk], on=date(2019, 12, 31))[bnn.pk]) == 1 + 34
    assert len(descendants([bnn.pk], on=date(2026, 1, 1))[bnn.pk]) == 1 + 38
    assert Unit.objects.get(code="BNNP-53").zone == Zone.WITA


def test_a_renamed_unit_keeps_its_name_when_loaded_again(regions):
    load_units()
    Unit.objects.filter(code="BNNP-53").update(name="BNNP NTT")
    load_units()

    assert Unit.objects.get(code="BNNP-53").name == "BNNP NTT"


def test_a_bnnk_is_named_after_its_city_or_regency(regions):
    load_units()

    assert [bnnk("5371").name, bnnk("5304").name] == ["BNN Kota Kupang", "BNNK Belu"]
    assert bnnk("5371").parent.code == "BNNP-53"
    assert UnitTerm.objects.filter(unit__code="BNNK-5371").count() == 1


def test_the_register_begins_with_the_institutions_of_the_list(regions):
    load_units()

    assert load_facilities() == 31
    assert load_facilities() == 0
    clinic = Facility.objects.get(name="Klinik Pratama BNN Kota Kupang")
    assert (clinic.unit.code, clinic.region_id, clinic.code[0], len(clinic.code)) == ("BNNK-5371", "5371", "F", 6)
    assert Facility.objects.get(name="Klinik Pratama BNNP Nusa Tenggara Timur").offers_aftercare
    assert dict(Capacity.objects.values_list("kind", "places")) == {"beds_male": 72, "beds_female": 25}
    assert FacilityTerm.objects.filter(ends_on=None).count() == 31
