"""Where many clients stand, for a list or a file: of each the latest episode that the person may see, with its treatments."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from clients.models import Episode, Treatment, TreatmentPhase
from clients.queries.sessions import with_contact
from facilities.access import facility_ids, nationwide
from rehab.models import User
from rehab.roles import Permission

_OF_EPISODE = (
    "client_id", "number", "status", "admission", "admission_group", "main_substance", "opened_on", "assessed_on",
    "closed_on", "responsible_facility_id", "responsible_facility__name",
)  # fmt: skip
_OF_TREATMENT = ("id", "facility_id", "programme", "planned_on", "started_on", "ended_on")


@dataclass(frozen=True, slots=True)
class Held:
    """A treatment; `contact_on` and `next_on` only where they were asked for."""

    pk: int
    facility_id: int
    programme: str
    setting: str
    planned_on: date
    started_on: date | None
    ended_on: date | None
    contact_on: date | None = None
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """An episode. `treatments` are all of it, for what happened last; `own` is the latest within the person's scope."""

    episode: Any
    treatments: list[Held]
    own: Held | None


def ways(user: User, clients: Iterable[int], *, contact: bool = False) -> dict[int, Way]:
    """{client: its way}, for clients of the person's scope. One query, with contact as without."""
    everywhere, reach = nationwide(user, Permission.SEE_CLIENTS), facility_ids(user, Permission.SEE_CLIENTS)
    episodes = Episode.objects.all() if everywhere else Episode.objects.visible_to(user)
    rows = episodes.filter(client__in=clients).order_by("client_id", "-number").distinct("client_id")
    rows = rows.annotate(held=ArraySubquery(_treatments(contact)) if contact else _held_plainly())
    found = {}
    for row in rows.values_list(*_OF_EPISODE, "held", named=True):
        held = [_held(each) for each in row.held]
        own = [each for each in held if everywhere or each.facility_id in reach]
        latest = max(own, key=lambda each: (each.started_on or each.planned_on, each.pk), default=None)
        found[row.client_id] = Way(row, held, latest)
    return found


@functools.cache
def _held_plainly() -> ArraySubquery:
    """Put together once: that took as long as the database did."""
    return ArraySubquery(_treatments(contact=False))


def _treatments(contact: bool) -> QuerySet:
    phase = TreatmentPhase.objects.filter(treatment=OuterRef("pk"), ends_on=None).order_by().values("setting")[:1]
    rows: QuerySet[Treatment] = Treatment.objects.filter(episode=OuterRef("pk")).order_by()
    told = {name: F(name) for name in _OF_TREATMENT} | {"setting": Coalesce(Subquery(phase), F("setting"))}
    if contact:
        rows = with_contact(rows, timezone.localdate())
        told |= {"contact_on": F("contact_on"), "next_on": F("next_on")}
    return rows.values(told=JSONObject(**told))


def _held(row: dict[str, Any]) -> Held:
    return Held(
        row["id"], row["facility_id"], row["programme"], row["setting"], date.fromisoformat(row["planned_on"]),
        *(date.fromisoformat(day) if (day := row.get(name)) else None for name in ("started_on", "ended_on", "contact_on", "next_on")),
    )  # fmt: skip
