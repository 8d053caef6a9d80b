"""What a data steward sees: pairs and persons by masked factors, without a facility and without anything clinical."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client, KeptApart, MatchCandidate, Person, PersonLink, Placement, Treatment
from clients.queries.likeness import CLOSE, MIDDLING, Side, Verdict, compare, side_of
from facilities.models import Region
from rehab.models import User

_LABELS = {
    "nik": "NIK",
    "name": _("Name"),
    "birth_date": _("Date of birth"),
    "mother_name": _("Mother's name"),
    "phone": _("Phone"),
    "sex": _("Sex"),
    "region": _("Region"),
}


@dataclass(frozen=True)
class Line:
    """One factor as it is shown: initials, a year, a province; of numbers nothing but whether they agree."""

    label: Any
    first: str
    second: str
    verdict: Verdict


@dataclass(frozen=True)
class Pair:
    candidate: MatchCandidate
    first: Side
    second: Side
    lines: list[Line]

    @property
    def agreeing(self) -> list[Line]:
        return [line for line in self.lines if line.verdict in (Verdict.SAME, Verdict.SIMILAR)]

    @property
    def strength(self) -> Any:
        if self.candidate.strength >= CLOSE:
            return pgettext_lazy("likeness", "strong")
        if self.candidate.strength >= MIDDLING:
            return pgettext_lazy("likeness", "middling")
        return pgettext_lazy("likeness", "weak")


def pairs(user: User) -> QuerySet[MatchCandidate]:
    """With both identities at hand, for `explained`."""
    rows = MatchCandidate.objects.visible_to(user)
    return rows.select_related("first__identity", "second__identity", "decided_by")


def explained(candidates: Iterable[MatchCandidate]) -> list[Pair]:
    """One query for the provinces of a whole page."""
    rows = list(candidates)
    provinces = _provinces([client for row in rows for client in (row.first, row.second)])
    return [_explained(row, provinces) for row in rows]


def _explained(row: MatchCandidate, provinces: dict[str, str]) -> Pair:
    first, second = side_of(row.first), side_of(row.second)
    one, other = (_shown(side, provinces) for side in (first, second))
    factors = compare(first, second).factors
    lines = [Line(_LABELS[each.key], one.get(each.key, ""), other.get(each.key, ""), each.verdict) for each in factors]
    return Pair(row, first, second, lines)


def _shown(side: Side, provinces: dict[str, str]) -> dict[str, str]:
    return {
        "name": side.masked,
        "birth_date": str(side.client.birth_year or ""),
        "mother_name": side.masked_mother,
        "sex": str(side.client.get_sex_display()),
        "region": provinces.get((side.client.region_id or "")[:2], ""),
    }


def _provinces(clients: Iterable[Client]) -> dict[str, str]:
    codes = {(client.region_id or "")[:2] for client in clients} - {""}
    return dict(Region.objects.filter(pk__in=codes).values_list("pk", "name"))


@dataclass(frozen=True)
class Standing:
    """A client of a person: masked, and since when and why it stands for it."""

    client: Client
    name: str
    province: str
    ground: Any
    since: datetime


@dataclass(frozen=True)
class PersonView:
    person: Person
    clients: list[Standing]
    before: list[PersonLink]
    apart: list[KeptApart]
    findings: list[Any]


def view_of(person: Person) -> PersonView:
    """Without suspects of TAT cases who have no episode yet: they are their team's alone."""
    links = PersonLink.objects.filter(person=person, client__in=Client.objects.exclude(episodes=None))
    links = links.select_related("client__identity").order_by("client", "pk")
    held = [row for row in links if row.ended_at is None]
    clients = [row.client for row in held]
    provinces = _provinces(clients)
    apart = KeptApart.objects.filter(Q(first__in=clients) | Q(second__in=clients), ended_at=None)
    return PersonView(
        person,
        [
            Standing(
                row.client,
                side_of(row.client).masked,
                provinces.get((row.client.region_id or "")[:2], ""),
                row.get_ground_display(),
                row.linked_at,
            )
            for row in held
        ],
        [row for row in links if row.ended_at is not None],
        list(apart.select_related("first", "second", "kept_by").order_by("-since")),
        _findings(clients),
    )


def _findings(clients: list[Client]) -> list[Any]:
    """What linking brings to light. It is said and blocks nothing; where it is, and when, is not for the steward."""
    if len(clients) < 2:
        return []
    found = []
    under_way = Treatment.objects.open().filter(client__in=clients, started_on__isnull=False)
    if under_way.values("facility").distinct().count() > 1:
        found.append(_("Treatments are open at two facilities at the same time."))
    stays = Placement.objects.standing().filter(client__in=clients).order_by("starts_on")
    if _overlap(stays.values_list("client", "starts_on", "ends_on")):
        found.append(_("Beds at the same time: this person cannot have lain in both."))
    return found


def _overlap(stays: Iterable[tuple[int, date, date | None]]) -> bool:
    """In the order of their beginnings; those of one client never overlap, by constraint."""
    until: date | None = None
    owner = 0
    for client, starts_on, ends_on in stays:
        if owner and client != owner and (until is None or starts_on < until):
            return True
        if not owner or (until is not None and (ends_on is None or ends_on > until)):
            owner, until = client, ends_on
    return False
