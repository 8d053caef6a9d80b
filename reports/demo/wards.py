"""The demo's beds: an inpatient house that is almost full, with a queue of three, and one elsewhere that has room."""

from datetime import date, timedelta

from clients.actions import placements, waiting
from clients.enums import EpisodeStatus, QueuePriority, Setting
from clients.models import Episode
from clients.queries.places import free_beds
from facilities.actions import beds
from facilities.models import Facility
from rehab.enums import Sex
from rehab.models import User

ALMOST_FULL = "Loka Rehabilitasi BNN Kalianda"
ROOMY = ("Balai Rehabilitasi BNN Baddoka", "Balai Besar Rehabilitasi BNN Lido")
SPARE = 1
QUEUE = (
    (19, QueuePriority.ORDINARY, ""),
    (12, QueuePriority.ORDINARY, ""),
    (3, QueuePriority.RISK, "Riwayat kejang saat putus zat, menurut dokter perujuk"),
)


def wards(facilities: dict[str, Facility], today: date, *, by: User) -> None:
    """Through the actions, so that the trail of each entry is there to be read."""
    house = facilities[ALMOST_FULL]
    _place_all(house, today, by=by)
    _queue(house, today, by=by)
    for name in ROOMY:
        _rooms(facilities[name], {Sex.MALE: 12, Sex.FEMALE: 4}, by=by)


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
            placements.place(by=by, treatment=row, bed=next(free), starts_on=row.started_on)
    placements.take_out(by=by, bed=free_beds(house, Sex.MALE, today).get(), ends_on=today, reason="Kasur diganti")


def _queue(house: Facility, today: date, *, by: User) -> None:
    """Those who have come, and are not in treatment yet; where too few have, those of another clinic who wait to begin."""
    ready = Episode.objects.open().filter(responsible_facility=house, treatments__started_on=None)
    waits = [row for row in ready.exclude(status=EpisodeStatus.IN_TREATMENT).order_by("opened_on", "pk")[:3]]
    for episode, (days, priority, reason) in zip(waits, QUEUE, strict=False):
        since = max(today - timedelta(days=days), episode.opened_on)
        waiting.enter(by=by, episode=episode, setting=Setting.INPATIENT, priority=priority, reason=reason, since=since)
