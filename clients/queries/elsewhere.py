"""Places that are free at other facilities, the nearest first."""

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import Case, IntegerField, Q, QuerySet, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

from clients.enums import Setting
from clients.queries.places import Room, rooms
from facilities.enums import CORRECTIONS, Approach, Payer, Service
from facilities.models import Facility
from rehab.numbers import format_rupiah

SHOWN = 40
SERVICE = {Setting.INPATIENT: Service.INPATIENT, Setting.OUTPATIENT: Service.OUTPATIENT}


class Distance(IntEnum):
    REGENCY = 1
    PROVINCE = 2
    FARTHER = 3

    @property
    def label(self):
        return {
            Distance.REGENCY: _("same regency or city"),
            Distance.PROVINCE: _("same province"),
            Distance.FARTHER: _("another province"),
        }[self]


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Away(TypedDict):
        distance: int

    _FacilityAway = WithAnnotations[Facility, _Away]


@dataclass(frozen=True)
class Elsewhere:
    """`offers`: services, approach, length and who pays, as they are read."""

    facility: Facility
    room: Room
    distance: Distance
    services: str
    approaches: str
    payers: str
    tariff: str


def free_elsewhere(sender: Facility, setting: str, sex: str) -> list[Elsewhere]:
    """Open facilities with a free place, in the order of their distance, then of the places that are free. Four queries.

    A prison takes nobody from outside, and only those who serve inmates serve in prison.
    """
    near = _candidates(sender, setting)
    found = rooms([facility.pk for facility in near], setting, sex, sender.local_date())
    free = [facility for facility in near if facility.pk in found and found[facility.pk].free]
    free.sort(key=lambda facility: (facility.distance, -found[facility.pk].free, facility.name))
    return [_elsewhere(facility, found[facility.pk]) for facility in free[:SHOWN]]


def _candidates(sender: Facility, setting: str) -> "QuerySet[_FacilityAway]":
    rows = Facility.objects.open_on(sender.local_date()).exclude(pk=sender.pk).filter(is_operational=True)
    inmates = Q(kind__in=sorted(CORRECTIONS))
    rows = rows.filter(inmates) if setting == Setting.IN_PRISON else rows.exclude(inmates)
    if setting in SERVICE:
        rows = rows.filter(services__contains=[SERVICE[Setting(setting)]])
    regency, province = sender.region_id[:4], sender.region_id[:2]
    distance = Case(
        When(region__code__startswith=regency, then=Value(int(Distance.REGENCY))),
        When(region__code__startswith=province, then=Value(int(Distance.PROVINCE))),
        default=Value(int(Distance.FARTHER)),
        output_field=IntegerField(),
    )
    return cast("QuerySet[_FacilityAway]", rows.annotate(distance=distance).select_related("region__parent"))


def _elsewhere(facility: "_FacilityAway", room: Room) -> Elsewhere:
    return Elsewhere(
        facility,
        room,
        Distance(facility.distance),
        services=_named(Service, facility.services),
        approaches=_named(Approach, facility.approaches),
        payers=_named(Payer, facility.payers),
        tariff="" if facility.tariff is None else format_rupiah(facility.tariff),
    )


def _named(choices: type[TextChoices], values: list[str]) -> str:
    labels = dict(choices.choices)
    return ", ".join(str(labels.get(value, value)) for value in values)
