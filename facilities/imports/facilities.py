"""The register to begin with: real institutions (`data/facilities.csv`), supervised by real units."""

import csv
from pathlib import Path

from django.db import transaction

from facilities.actions import capacity, facilities
from facilities.enums import CapacityKind, FacilityKind, Owner, Ownership, RegionLevel
from facilities.imports.units import bnnk
from facilities.models import Facility, Region, Unit

FACILITIES = Path(__file__).resolve().parent.parent / "data" / "facilities.csv"
OWNERS = {
    "BNN": Owner.BNN,
    "Kemensos": Owner.KEMENSOS,
    "Pemasyarakatan": Owner.PEMASYARAKATAN,
    "local government": Owner.LOCAL_GOVERNMENT,
    "community": Owner.COMMUNITY,
}
BEDS = {"beds_male": CapacityKind.BEDS_MALE, "beds_female": CapacityKind.BEDS_FEMALE}


@transaction.atomic
def load_facilities(path: Path = FACILITIES) -> int:
    """Register each institution of the file that is not there yet; returns how many were new. Needs regions and units."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    regions = {_short(region.name): region for region in Region.objects.filter(level=RegionLevel.REGENCY)}
    there = set(Facility.objects.values_list("name", "region_id"))
    new = [row for row in rows if (row["name"], regions[row["regency_or_city"]].pk) not in there]
    for row in new:
        _register(row, regions[row["regency_or_city"]])
    return len(new)


def _short(regency: str) -> str:
    """'Kota Administrasi Jakarta Timur' is written 'Kota Jakarta Timur' everywhere else."""
    return regency.replace(" Administrasi ", " ")


def _register(row: dict[str, str], region: Region) -> None:
    made = facilities.register(
        by=None,
        name=row["name"],
        kind=FacilityKind(row["kind"]),
        owner=OWNERS[row["owner"]],
        ownership=Ownership(row["ownership"]),
        unit=_unit(row["supervising_unit"]),
        region=region,
        services=row["services"].split(),
        offers_aftercare=row["offers_aftercare"] == "yes",
        note=row["note"],
    )
    for column, kind in BEDS.items():
        if row[column]:
            first = made.terms.get().starts_on
            capacity.set_places(by=None, facility=made, kind=kind, places=int(row[column]), starts_on=first)


def _unit(code: str) -> Unit:
    return bnnk(code.removeprefix("BNNK-")) if code.startswith("BNNK-") else Unit.objects.get(code=code)
