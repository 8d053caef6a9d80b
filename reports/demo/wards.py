"""The demo's beds: an inpatient house that is almost full, with a queue of three, and one elsewhere that has room."""

from datetime import date, timedelta
from random import Random
from typing import cast

from clients.actions import placements, waiting
from clients.enums import Admission, EpisodeStatus, QueuePriority, Setting, Substance
from clients.models import Episode
from clients.queries.places import free_beds
from facilities.actions import beds
from facilities.enums import Approach, Payer
from facilities.models import Facility
from rehab.enums import Sex
from rehab.models import User
from reports.demo.people import People
from reports.demo.ways import Batch, Way

ALMOST_FULL = "Loka Rehabilitasi BNN Kalianda"
ROOMY = ("Balai Rehabilitasi BNN Baddoka", "Balai Besar Rehabilitasi BNN Lido")
SPARE = 1
INSIDE, READY = 14, 3
QUEUE = (
    (19, QueuePriority.ORDINARY, ""),
    (12, QueuePriority.ORDINARY, ""),
    (3, QueuePriority.RISK, "Riwayat kejang saat putus zat, menurut dokter perujuk"),
)


def wards(random: Random, people: People, facilities: dict[str, Facility], today: date, *, by: User) -> None:
    """Through the actions, so that the trail of each entry is there to be read."""
    known = Facility.objects.filter(name__in=[ALMOST_FULL, *ROOMY])
    known.update(programme_months=4, approaches=[Approach.TC], payers=[Payer.STATE_BUDGET, Payer.MINISTRY_CLAIM])
    house = facilities[ALMOST_FULL]
    _people(random, people, house, today, by=by)
    _place_all(house, today, by=by)
    _queue(house, today, by=by)
    for name in ROOMY:
        _rooms(facilities[name], {Sex.MALE: 12, Sex.FEMALE: 4}, by=by)


def _people(random: Random, people: People, house: Facility, today: date, *, by: User) -> None:
    """More who are in treatment there, and some who have come and wait to begin."""
    batch = Batch(random, by)
    for number in range(INSIDE + READY):
        inside = number < INSIDE
        registered = today - timedelta(days=random.randrange(20, 115) if inside else 22)
        batch.add(
            Way(
                facility=house,
                person=people.one(region=house.region_id, on=registered, women=0.25 if inside else 0.0, youngest=19),
                admission=random.choice([Admission.VOLUNTARY, Admission.MANDATORY_REPORT]),
                substance=Substance.STIMULANTS,
                setting=Setting.INPATIENT,
                registered=registered,
                assessed=registered + timedelta(days=1),
                facts=registered + timedelta(days=1),
                planned=registered + timedelta(days=2),
                started=registered + timedelta(days=4) if inside else None,
            )
        )
    batch.save()


def _rooms(house: Facility, numbers: dict[Sex, int], *, by: User) -> None:
    names = {Sex.MALE: "Melati", Sex.FEMALE: "Mawar"}
    for sex, number in numbers.items():
        for room, first in enumerate(range(1, number + 1, 6), 1):
            beds.add_room(
                by=by,
                facility=house,
                room=f"{names[sex]} {room}",
                sex=sex,
                beds=min(6, number - first + 1),
                starts_on=date(2019, 1, 1),
            )


def _place_all(house: Facility, today: date, *, by: User) -> None:
    held = list(house.treatments.open().exclude(started_on=None).select_related("client").order_by("started_on", "pk"))
    numbers = {sex: sum(row.client.sex == sex for row in held) for sex in Sex}
    _rooms(house, {sex: number + SPARE for sex, number in numbers.items()}, by=by)
    for sex in Sex:
        free = iter(free_beds(house, sex, today))
        for row in (row for row in held if row.client.sex == sex):
            placements.place(by=by, treatment=row, bed=next(free), starts_on=cast(date, row.started_on))
    placements.take_out(by=by, bed=free_beds(house, Sex.MALE, today).get(), ends_on=today, reason="Kasur diganti")


def _queue(house: Facility, today: date, *, by: User) -> None:
    ready = Episode.objects.filter(
        responsible_facility=house, status=EpisodeStatus.PLANNED, client__sex=Sex.MALE, facts_on__isnull=False
    ).order_by("-pk")
    for episode, (days, priority, reason) in zip(ready, QUEUE, strict=False):
        since = max(today - timedelta(days=days), episode.opened_on)
        waiting.enter(by=by, episode=episode, setting=Setting.INPATIENT, priority=priority, reason=reason, since=since)
