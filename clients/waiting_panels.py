"""What beds and the waiting list put into the menu, the day's page, the client's page and the facility's page.

Registered with the app's other panels (clients/panels.py).
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients.enums import BEDDED, QueuePriority
from clients.models import Client, Episode, WaitingListEntry
from clients.queries.beds import BOARD, counts, placements_of
from clients.queries.places import rooms
from clients.queries.waiting import LONG_WAIT, place_key, waits_of
from facilities.access import can, facility_ids
from facilities.models import Facility
from rehab import panels, prepared, tunables
from rehab.enums import Sex
from rehab.models import User
from rehab.numbers import format_number
from rehab.panels import Card, Fact, MenuItem, NextStep, Stage, TimelineEntry, TodayItem
from rehab.roles import Permission

_ASSUMED = gettext_lazy("Working assumption, no published rule")
_PAGES = "beds beds_of add_room take_out_bed use_bed_again place void_placement wait wait_entry wait_elsewhere".split()

panels.add_menu(
    MenuItem(
        gettext_lazy("Beds"), "clients:beds", "bed", BOARD, 27, tuple(f"clients:{name}" for name in _PAGES)
    )
)  # fmt: skip

tunables.declare(
    tunables.Tunable(
        key=LONG_WAIT,
        title=gettext_lazy("Days on a waiting list from which Today says so"),
        default=14,
        hint=gettext_lazy("Said to those who treat at the facility."),
        default_source=_ASSUMED,
        least=1,
        most=365,
    ),
    *[
        tunables.Tunable(
            key=place_key(each),
            title=format_lazy(gettext_lazy("Waiting list: place of the class “{kind}”"), kind=each.label),
            default=place,
            hint=gettext_lazy(
                "1 goes first; within a class who has waited longest. Classes of the same place are one."
            ),
            default_source=_ASSUMED,
            least=1,
            most=9,
        )
        for place, each in enumerate(QueuePriority, 1)
    ],
)


@panels.client_cards.register(order=14)
def card(user: User, client: Client) -> list[Card]:
    """The bed in which the client lies, and the list on which it stands; no query for whoever has neither."""
    reach = facility_ids(user, Permission.SEE_CLINICAL, Permission.SEE_PLACEMENT)
    care = facility_ids(user, Permission.TREAT)
    lying = [row for row in placements_of(client) if row.treatment.facility_id in reach and not row.ends_on]
    open_waits = [row for row in waits_of(client) if row.is_open and row.facility_id in care]
    if not lying and not open_waits:
        return []
    return [Card("clients/_place.html", {"lying": lying, "waits": open_waits, "care": care})]


@panels.timeline.register(order=14)
def timeline(user: User, client: Client) -> list[TimelineEntry]:
    reach = facility_ids(user, Permission.SEE_CLINICAL, Permission.SEE_PLACEMENT)
    care = facility_ids(user, Permission.TREAT)
    entries = []
    for row in placements_of(client):
        if row.treatment.facility_id in reach:
            place = f"{row.bed.room} · {row.bed.label}"
            entries.append(_entry(row.starts_on, _("Came into bed %(bed)s") % {"bed": place}))
    for wait in waits_of(client):
        if wait.facility_id in care:
            url = reverse("clients:wait_entry", args=[wait.pk])
            entries.append(_entry(wait.entered_on, _("Came onto the waiting list"), wait.get_setting_display(), url))
            if wait.ended_on:
                told = f"{wait.get_status_display()}\n{wait.end_reason}".strip()
                entries.append(_entry(wait.ended_on, _("No longer on the waiting list"), told, url))
    return entries


def _entry(on: date, title: str, text: str = "", url: str = "") -> TimelineEntry:
    return TimelineEntry(on, "place", _("Place"), title, text=text, url=url, stage=Stage.STARTED)


@panels.next_steps.register(order=58)
def steps(user: User, client: Client, episode: Episode | None) -> list[NextStep]:
    """Put on the waiting list, or look at the place there, while there is no treatment under way that has one."""
    if (
        episode is None
        or not episode.is_open
        or episode.responsible_facility_id not in facility_ids(user, Permission.TREAT)
    ):
        return []
    held = next((row for row in waits_of(client) if row.is_open and row.episode_id == episode.pk), None)
    if held:
        return [NextStep(_("Look at the waiting list"), reverse("clients:wait_entry", args=[held.pk]), 57)]
    under_way = [
        row for row in client.treatments.all() if row.episode_id == episode.pk and row.is_open and row.started_on
    ]
    if any(row.setting in BEDDED for row in under_way):
        return []
    # Whoever is served already is rarely put on a list: handing over and closing come first then.
    order = 95 if under_way else 80
    return [NextStep(_("Put on the waiting list"), reverse("clients:wait", args=[client.code]), order)]


@panels.today.register(order=24)
def today(user: User, on: date) -> list[TodayItem]:
    """Who has waited too long, and places that are free while somebody waits. One query where nobody waits."""
    reach = facility_ids(user, Permission.TREAT)
    if not reach:
        return []
    rows = _groups(reach)
    if not rows:
        return []
    return _waits(rows, on, tunables.in_force(user)[LONG_WAIT]) + _free(rows, on)


_COLUMNS = ("facility", "facility__code", "facility__name", "setting", "sex", "people", "since")


def _groups(reach: frozenset[int]) -> list[dict]:
    """How many wait, and since when, by place, setting and sex. One query."""

    def rows() -> QuerySet:
        waits = WaitingListEntry.objects.open().filter(facility__in=reach).order_by("facility__name", "setting", "sex")
        grouped = waits.values(*_COLUMNS[:5]).annotate(people=Count("pk"), since=Min("entered_on"))
        return grouped.values_list(*_COLUMNS)

    return [dict(zip(_COLUMNS, row, strict=True)) for row in prepared.rows(("waiting", reach), rows)]


def _waits(rows: list[dict], on: date, limit: int) -> list[TodayItem]:
    items = []
    for code, name in dict.fromkeys((row["facility__code"], row["facility__name"]) for row in rows):
        days = max((on - row["since"]).days for row in rows if row["facility__code"] == code)
        if days > limit:
            title = ngettext("Waiting list: one day at most", "Waiting list: up to %(count)s days", days)
            items.append(TodayItem("attention", title % {"count": days}, name, _board(code), urgent=True))
    return items


def _free(rows: list[dict], on: date) -> list[TodayItem]:
    items = []
    for setting, sex in dict.fromkeys((row["setting"], row["sex"]) for row in rows if row["setting"] in BEDDED):
        of = [row for row in rows if (row["setting"], row["sex"]) == (setting, sex)]
        found = rooms([row["facility"] for row in of], setting, sex, on)
        for row in of:
            room = found.get(row["facility"])
            if room and room.free:
                title = ngettext("One bed is free", "%(count)s beds are free", room.free) % {"count": room.free}
                people = ngettext("one person waits", "%(count)s people wait", row["people"]) % {"count": row["people"]}
                detail = f"{Sex(sex).label} · {people}"
                items.append(TodayItem("attention", title, detail, _board(row["facility__code"])))
    return items


def _board(code: str) -> str:
    return reverse("clients:beds_of", args=[code])


@panels.facility_facts.register(order=30)
def facility_facts(user: User, facilities: Iterable[Facility]) -> dict[int, list[Fact]]:
    """Occupied beds of all there are, for those who may see the board. One query for the whole list."""
    reach = facility_ids(user, *BOARD)
    facilities = list(facilities)
    mine = [facility for facility in facilities if facility.pk in reach]
    if not mine:
        return {}
    found = counts(facility.pk for facility in mine)
    facts = {}
    for facility in mine:
        url, count = _board(facility.code), found.get(facility.pk)
        if count:
            value = _("%(taken)s of %(beds)s") % {
                "taken": format_number(count.taken), "beds": format_number(count.beds)
            }  # fmt: skip
            facts[facility.pk] = [Fact(_("Occupied beds"), value, url)]
        elif len(facilities) == 1 and _asks_for_beds(user, facility):
            facts[facility.pk] = [Fact(_("Occupied beds"), _("no beds recorded"), url)]
    return facts


def _asks_for_beds(user: User, facility: Facility) -> bool:
    """On the page of one facility its staff and keepers find the way to the board, where beds are recorded."""
    wanted = (Permission.TREAT, Permission.EDIT_OWN_FACILITY, Permission.EDIT_FACILITIES)
    return any(can(user, permission, facility) for permission in wanted)
