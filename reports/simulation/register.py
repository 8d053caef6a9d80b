"""The nation's register: BNNKs, facilities with their terms, capacities, decrees and strengthenings.

Facilities have codes of their own (`S00001`), so that they stand beside those of the demo and of real use.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import cast

from django.core.management import call_command
from django.db.models import QuerySet

from clients.enums import Setting
from facilities.enums import (
    Approach,
    CapacityKind,
    FacilityKind,
    Ownership,
    RegionLevel,
    Service,
    StrengtheningKind,
    UnitKind,
)
from facilities.models import Capacity, Facility, FacilityTerm, IpwlDesignation, Region, Strengthening, Unit, UnitTerm
from rehab.enums import zone_of_province
from reports.simulation import beds
from reports.simulation.kinds import KINDS, KindRule, kinds_of
from reports.simulation.plan import Plan

BNNKS = 170
# Young provinces, and the one each was a part of before.
PART_OF = {"65": "64", "93": "91", "94": "91", "95": "91", "96": "92"}
CODE = r"^S[0-9]{5}$"
# Of these kinds every third facility gives methadone.
METHADONE = {FacilityKind.PUSKESMAS, FacilityKind.RSUD, FacilityKind.RSKO, FacilityKind.KLINIK_PRATAMA}
_FLOWERS = (
    "Melati Kenanga Cempaka Teratai Anggrek Flamboyan Bougenvil Seroja Dahlia Kamboja Mawar Sakura Asoka Lavender Alamanda"
).split()


def simulated() -> QuerySet[Facility]:
    return Facility.objects.filter(code__regex=CODE)


def build(plan: Plan) -> None:
    """Regions, units and facilities. Places that are there already stay as they are."""
    random = Random(f"{plan.seed}:register")
    if not Region.objects.filter(level=RegionLevel.DISTRICT).exists():
        call_command("load_regions", stdout=_Quiet())
    call_command("load_units", stdout=_Quiet())
    _bnnks(random, plan)
    if not simulated().exists():
        _facilities(random, plan)
    Unit.objects.filter(activated_on=None).update(activated_on=plan.since)


def _bnnks(random: Random, plan: Plan) -> None:
    """In every city and some regencies; one in ten is founded in the simulated years. Those that exist stay."""
    parents = {unit.code.removeprefix("BNNP-"): unit for unit in Unit.objects.filter(kind=UnitKind.BNNP)}
    there = set(Unit.objects.filter(kind=UnitKind.BNNK).values_list("region_id", flat=True))
    regencies = list(Region.objects.filter(level=RegionLevel.REGENCY).order_by("code"))
    cities = [region for region in regencies if region.name.startswith("Kota ")]
    others = [region for region in regencies if not region.name.startswith("Kota ")]
    chosen = cities + random.sample(others, max(0, min(BNNKS - len(cities), len(others))))
    units = []
    for region in sorted(chosen, key=lambda each: each.code):
        parent, new = parents[region.code[:2]], random.random() < 0.1
        since = _day(random, plan.since, plan.today - timedelta(days=200)) if new else date(2012, 1, 1)
        if region.code not in there:
            units.append(_bnnk(region, parent, max(since, parent.starts_on)))
    Unit.objects.bulk_create(units)
    UnitTerm.objects.bulk_create(
        UnitTerm(unit=unit, name=unit.name, parent=unit.parent, starts_on=unit.starts_on) for unit in units
    )


def _bnnk(region: Region, parent: Unit, since: date) -> Unit:
    city = region.name.startswith("Kota ")
    return Unit(
        code=f"BNNK-{region.code}",
        kind=UnitKind.BNNK,
        name=f"BNN {region.name}" if city else f"BNNK {region.name.removeprefix('Kabupaten ')}",
        parent=parent,
        region=region,
        zone=zone_of_province(region.code),
        starts_on=since,
    )


@dataclass
class _Site:
    """Where one facility stands, and who supervises it from which day on."""

    facility: Facility
    rule: KindRule
    opened: date
    terms: list[FacilityTerm] = field(default_factory=list)


def _facilities(random: Random, plan: Plan) -> None:
    units = {unit.code: unit for unit in Unit.objects.all()}
    regencies = list(Region.objects.filter(level=RegionLevel.REGENCY).order_by("code"))
    capitals = {region.code[:2]: region for region in reversed(regencies)}
    capitals |= {region.code[:2]: region for region in reversed(regencies) if region.name.startswith("Kota ")}
    offices = iter([(capital, True) for _, capital in sorted(capitals.items(), key=lambda item: item[0] != "53")])
    clinics = iter(
        [(cast(Region, unit.region), False) for code, unit in sorted(units.items()) if code.startswith("BNNK-")]
    )
    sites = []
    for number, kind in enumerate(kinds_of(plan.facilities), start=1):
        place = None
        if kind == FacilityKind.KLINIK_PRATAMA:
            place = next(offices, None) or next(clinics, None)
        region, of_province = place or (random.choice(regencies), random.random() < 0.2)
        sites.append(_site(random, plan, number, kind, region, of_province, units))
    Facility.objects.bulk_create(site.facility for site in sites)
    FacilityTerm.objects.bulk_create(term for site in sites for term in _with_facility(site.terms))
    capacities = Capacity.objects.bulk_create(row for site in sites for row in _capacities(random, plan, site))
    beds.build(plan, capacities)
    IpwlDesignation.objects.bulk_create(row for site in sites for row in _decrees(random, plan, site))
    Strengthening.objects.bulk_create(row for site in sites for row in _strengthenings(random, plan, site))


def _with_facility(terms: list[FacilityTerm]) -> list[FacilityTerm]:
    """Once the facility is saved its terms learn its key."""
    for term in terms:
        term.facility = term.facility
    return terms


def _site(
    random: Random, plan: Plan, number: int, kind: FacilityKind, region: Region, of_province: bool, units: dict
) -> _Site:
    rule = KINDS[kind]
    young = random.random() < 0.12 and not rule.centre and number > 60
    opened = _day(random, plan.since, plan.today - timedelta(days=300)) if young else _day(random, date(2012, 2, 1), date(2014, 12, 31))  # fmt: skip
    opened = min(opened, plan.since) if not young else opened
    closes = random.random() < 0.04 and not rule.centre and number > 60
    closed = _day(random, max(opened, plan.since) + timedelta(days=250), plan.today) if closes else None
    facility = Facility(
        code=f"S{number:05d}",
        name=f"{rule.word} Rekaan {random.choice(_FLOWERS)} {number}",
        kind=kind,
        owner=rule.owner,
        region=region,
        address=f"Jalan Rekaan {number}",
        person_in_charge="Penanggung Jawab Contoh",
        licence_number=f"REKAAN/{number:04d}",
        licence_until=_day(random, plan.today - timedelta(days=200), plan.today + timedelta(days=1500)),
        approaches=[Approach.TC if rule.services[-1] == Service.INPATIENT else Approach.NON_TC],
        programme_months=random.choice([3, 4, 6]),
        opened_on=opened,
        closed_on=closed,
        closed_reason="Ditutup (rekaan)" if closed else "",
    )
    site = _Site(facility, rule, opened)
    site.terms = _terms(random, plan, site, of_province, units)
    last = site.terms[-1]
    facility.unit, facility.ownership = last.unit, last.ownership
    facility.is_operational, facility.offers_aftercare = last.is_operational, last.offers_aftercare
    facility.services = rule.services + ([Service.AFTERCARE] if last.offers_aftercare else [])
    if kind in METHADONE and number % 3 == 0:
        facility.services.append(Service.METHADONE.value)
    return site


def _terms(random: Random, plan: Plan, site: _Site, of_province: bool, units: dict[str, Unit]) -> list[FacilityTerm]:
    """One term for each stretch of days on which supervision, ownership and flags were the same."""
    region = site.facility.region_id
    later = site.opened + timedelta(days=30)
    moved, sold, caring = (
        _day(random, max(later, plan.since), plan.today - timedelta(days=60)) for _ in range(3)
    )  # fmt: skip
    handed_over, is_sold = random.random() < 0.08, random.random() < 0.02 and not site.rule.centre
    cares, began_late = random.random() < 0.2, random.random() < 0.4
    bnnk = None if of_province else units.get(f"BNNK-{region}")

    def values(day: date) -> tuple[Unit, str, bool]:
        ownership = site.rule.ownership
        if is_sold and day >= sold:
            ownership = Ownership.COMMUNITY if ownership == Ownership.GOVERNMENT else Ownership.GOVERNMENT
        unit = units["BNN"] if site.rule.centre else _bnnp(units, region, day)
        if not site.rule.centre and bnnk and bnnk.starts_on <= day and not (handed_over and day < moved):
            unit = bnnk
        return unit, ownership, cares and not (began_late and day < caring)

    changes = {site.opened, moved, sold, caring, *([bnnk.starts_on] if bnnk else [])}
    changes |= {unit.starts_on for unit in units.values() if unit.kind == UnitKind.BNNP}
    terms: list[FacilityTerm] = []
    for day in sorted(day for day in changes if day >= site.opened):
        unit, ownership, aftercare = values(day)
        last = terms[-1] if terms else None
        if last and (last.unit, last.ownership, last.offers_aftercare) == (unit, ownership, aftercare):
            continue
        if last:
            last.ends_on = day
        terms.append(
            FacilityTerm(
                facility=site.facility, unit=unit, ownership=ownership, offers_aftercare=aftercare, starts_on=day
            )
        )
    return terms


def _bnnp(units: dict[str, Unit], region: str, day: date) -> Unit:
    own = units[f"BNNP-{region[:2]}"]
    return own if own.starts_on <= day else units[f"BNNP-{PART_OF[region[:2]]}"]


def _capacities(random: Random, plan: Plan, site: _Site) -> Iterator[Capacity]:
    """About as many places as the facility's part of the nation's clients needs at a time; half of them grew once."""
    size = sum(rule.share * rule.size for rule in KINDS.values()) * plan.facilities / 600
    a_day = plan.episodes / (plan.today - plan.since).days * site.rule.size / size
    wards = dict(site.rule.settings)
    inside = math.ceil(a_day * 130 * wards.get(Setting.INPATIENT, 0) / 100 * random.uniform(0.9, 1.6))
    places = math.ceil(a_day * 31 * wards.get(Setting.OUTPATIENT, 0) / 100 * random.uniform(1.0, 2.5))
    women = math.ceil(inside * 0.15)
    grown = (
        _day(random, max(site.opened + timedelta(days=40), plan.since), plan.today) if random.random() < 0.5 else None
    )
    for kind, number in (
        (CapacityKind.BEDS_MALE, inside - women),
        (CapacityKind.BEDS_FEMALE, women),
        (CapacityKind.OUTPATIENT, places),
    ):
        if number > 0 and grown:
            before = max(1, number * 3 // 4)
            yield Capacity(facility=site.facility, kind=kind, places=before, starts_on=site.opened, ends_on=grown)
        if number > 0:
            yield Capacity(facility=site.facility, kind=kind, places=number, starts_on=grown or site.opened)


def _decrees(random: Random, plan: Plan, site: _Site) -> Iterator[IpwlDesignation]:
    """Designated for five years, and mostly again."""
    if random.random() >= site.rule.ipwl:
        return
    start = max(site.opened, plan.since - timedelta(days=random.randrange(900)))
    while start < plan.today:
        end = date(start.year + 5, start.month, min(start.day, 28))
        yield IpwlDesignation(
            facility=site.facility,
            decree_number=f"REKAAN/IPWL/{start.year}/{site.facility.code}",
            decree_date=start - timedelta(days=14),
            starts_on=start,
            ends_on=end,
        )
        if random.random() < 0.2:
            return
        start = end


def _strengthenings(random: Random, plan: Plan, site: _Site) -> Iterator[Strengthening]:
    """A third of the institutions in a year, some of them twice; given by the unit that supervises them that day."""
    for year in range(plan.since.year, plan.today.year + 1):
        for _ in range(random.choice((0, 0, 0, 0, 1, 1, 2))):
            day = date(year, 1, 10) + timedelta(days=random.randrange(345))
            term = next((t for t in site.terms if t.starts_on <= day and (t.ends_on is None or day < t.ends_on)), None)
            if term and day <= plan.today and not (site.facility.closed_on and site.facility.closed_on <= day):
                yield Strengthening(
                    facility=site.facility,
                    unit=term.unit,
                    held_on=day,
                    kind=random.choice(list(StrengtheningKind)),
                    note="Penguatan (rekaan)",
                )


def _day(random: Random, first: date, last: date) -> date:
    return first + timedelta(days=random.randrange(max(1, (last - first).days + 1)))


class _Quiet:
    """Swallows what the commands called on the way print."""

    def write(self, text: str) -> None: ...

    def flush(self) -> None: ...
