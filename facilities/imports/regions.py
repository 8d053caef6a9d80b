"""Provinces, regencies and districts from the list of the interior ministry (npm package idn-area-data)."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from facilities.enums import RegionLevel
from facilities.models import Region

PROVINCES = Path(__file__).resolve().parent.parent / "data" / "provinces.csv"
# Written otherwise in the list than by the city itself.
SPELLING = {"6271": "Kota Palangka Raya"}
_BATCH = 2000


@transaction.atomic
def load_regions(folder: Path | None = None) -> int:
    """Take in or refresh every region; returns how many there are. A second call changes nothing.

    `folder` holds `provinces.csv`, `regencies.csv`, `districts.csv`; codes lose their dots (`53.71.01` → `537101`).
    Raises FileNotFoundError where the front-end packages were not installed.
    """
    folder = folder or settings.REGION_LIST
    known = {row["code"]: row for row in provinces()}
    levels = [
        [_region(code, RegionLevel.PROVINCE, known.get(code, {}).get("name") or name, known.get(code))
         for code, _, name in _rows(folder / "provinces.csv")],
        [_region(code, RegionLevel.REGENCY, name) for code, _, name in _rows(folder / "regencies.csv")],
        [_region(code, RegionLevel.DISTRICT, name) for code, _, name in _rows(folder / "districts.csv")],
    ]  # fmt: skip
    for regions in levels:
        Region.objects.bulk_create(
            regions,
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["level", "name", "parent", "valid_from"],
        )
    return sum(map(len, levels))


def provinces() -> list[dict[str, str]]:
    """Our own list: short names, the law by which a province came to be, and since when its BNNP is taken to exist."""
    with PROVINCES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _rows(path: Path) -> Iterator[tuple[str, str, str]]:
    """(code, code of the parent, name), codes without dots."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        for row in reader:
            yield row[0].replace(".", ""), row[1].replace(".", "") if len(row) > 2 else "", row[-1]


def _region(code: str, level: RegionLevel, name: str, known: dict[str, str] | None = None) -> Region:
    since = (known or {}).get("valid_from")
    return Region(
        code=code,
        level=level,
        name=SPELLING.get(code, name),
        parent_id=code[:-2] or None,
        valid_from=date.fromisoformat(since) if since else None,
    )
