"""BNN and the BNNP of each province, with the dates since when each exists."""

from datetime import date

from django.db import transaction

from facilities.enums import UnitKind
from facilities.imports.regions import provinces
from facilities.models import Region, Unit, UnitTerm
from rehab.enums import Zone, zone_of_province

# BNN by Keppres 17/2002. BNNPs became its own offices by Perpres 23/2010; the four of 2022 are taken to begin with the law
# that made their province (`unit_from` in data/provinces.csv): an assumption, to be mended on the units page where it is wrong.
BNN_SINCE = date(2002, 3, 22)


@transaction.atomic
def load_units() -> int:
    """BNN and 38 BNNPs; returns how many were new. Units that exist are left as people have made them. Needs the regions."""
    bnn, new = _unit("BNN", UnitKind.BNN, "BNN", None, BNN_SINCE)
    count = int(new)
    for row in provinces():
        since = date.fromisoformat(row["unit_from"])
        _, new = _unit(f"BNNP-{row['code']}", UnitKind.BNNP, f"BNNP {row['name']}", bnn, since, row["code"])
        count += new
    return count


@transaction.atomic
def bnnk(regency_code: str) -> Unit:
    """The BNNK of a regency or city, made under its BNNP when it is missing. Raises Region.DoesNotExist, Unit.DoesNotExist."""
    region = Region.objects.get(code=regency_code)
    parent = Unit.objects.get(code=f"BNNP-{regency_code[:2]}")
    return _unit(f"BNNK-{regency_code}", UnitKind.BNNK, bnnk_name(region.name), parent, parent.starts_on, regency_code)[
        0
    ]


def bnnk_name(regency: str) -> str:
    """'Kota Kupang' → 'BNN Kota Kupang', 'Kabupaten Belu' → 'BNNK Belu'."""
    return f"BNN {regency}" if regency.startswith("Kota ") else f"BNNK {regency.removeprefix('Kabupaten ')}"


def _unit(code: str, kind: UnitKind, name: str, parent: Unit | None, since: date, area: str = "") -> tuple[Unit, bool]:
    values = {
        "kind": kind,
        "name": name,
        "parent": parent,
        "region_id": area or None,
        "zone": zone_of_province(area) if area else Zone.WIB,
        "starts_on": since,
    }
    unit, new = Unit.objects.get_or_create(code=code, defaults=values)
    if new:
        UnitTerm.objects.create(unit=unit, name=name, parent=parent, starts_on=since)
    return unit, new
