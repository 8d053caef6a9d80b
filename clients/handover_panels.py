"""What hand-overs put into the menu, the day's page and the client's page. Registered with the app's other panels."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients.enums import HandoverStatus
from clients.models import Client, Episode, Handover
from clients.queries.handovers import (
    DAYS_TO_CONTACT,
    HOURS_TO_RECEIVE,
    Clock,
    clock_of,
    handovers_of,
    limits,
)
from clients.queries.page import seen_episodes
from facilities.access import facility_ids
from rehab import panels, prepared, tunables
from rehab.models import User
from rehab.panels import MenuItem, NextStep, Stage, TimelineEntry, TodayItem
from rehab.roles import Permission

MOST = 12
READ = 60
LATELY = timedelta(days=7)

panels.add_menu(
    MenuItem(
        gettext_lazy("Hand-overs"), "clients:handovers", "handover", frozenset({Permission.TREAT}), 42,
        ("clients:handover", "clients:answer_handover", "clients:offer_handover", "clients:verify_receipt"),
    )
)  # fmt: skip

tunables.declare(
    tunables.Tunable(
        key=HOURS_TO_RECEIVE,
        title=gettext_lazy("Hours until a hand-over should be answered"),
        default=24,
        hint=gettext_lazy("After that it stands as late with both facilities and with the staff of their units."),
        default_source=gettext_lazy("Working assumption, no published rule"),
        least=1,
        most=720,
    ),
    tunables.Tunable(
        key=DAYS_TO_CONTACT,
        title=gettext_lazy("Days from receiving a client until the first contact"),
        default=7,
        hint=gettext_lazy("After that it stands as late with both facilities and with the staff of their units."),
        default_source=gettext_lazy("Working assumption, no published rule"),
        least=1,
        most=90,
    ),
)


@panels.timeline.register(order=12)
def timeline(user: User, client: Client) -> list[TimelineEntry]:
    """Where the client went and when, for all who see the episode; reasons and the packet for care staff of the two sides."""
    shown = {episode.pk for episode in seen_episodes(user, client)}
    clinical = facility_ids(user, Permission.SEE_CLINICAL)
    entries = []
    for row in handovers_of(client):
        if row.episode_id in shown:
            entries += _entries(row, inside=bool({row.from_facility_id, row.to_facility_id} & clinical))
    return entries


_STAGES = {
    HandoverStatus.LEFT: Stage.ENDED,
    HandoverStatus.RECEIVED: Stage.ENDED,
    HandoverStatus.CONTACTED: Stage.ENDED,
}


def _entries(row: Handover, *, inside: bool) -> list[TimelineEntry]:
    url = reverse("clients:handover", args=[row.pk]) if inside else ""
    places = {"sender": row.from_facility.name, "receiver": row.place}
    entries = [_entry(row.offered_at, _("Offered to %(receiver)s") % places, row.reason if inside else "", url)]
    if row.decided_at:
        titles = {
            HandoverStatus.DECLINED: _("%(receiver)s declined"),
            HandoverStatus.RECALLED: _("%(sender)s took the offer back"),
            HandoverStatus.LEFT: _("Handed over to %(receiver)s, outside Titian"),
        }
        title = titles.get(HandoverStatus(row.status), _("%(receiver)s received the client")) % places
        stage = _STAGES.get(HandoverStatus(row.status), Stage.UNDER_WAY)
        entries.append(_entry(row.decided_at, title, row.decision_note if inside else "", url, stage))
    if row.contacted_on:
        entries.append(_entry(row.contacted_on, _("First contact at %(receiver)s") % places, "", url, Stage.AFTERCARE))
    return entries


def _entry(on: date | datetime, title: str, text: str, url: str, stage: Stage = Stage.UNDER_WAY) -> TimelineEntry:
    day = timezone.localtime(on).date() if isinstance(on, datetime) else on
    return TimelineEntry(day, "handover", _("Hand-over"), title, text=text, url=url, stage=stage)


@panels.next_steps.register(order=60)
def steps(user: User, client: Client, episode: Episode | None) -> list[NextStep]:
    """Hand over, or look at the hand-over that waits."""
    if episode is None or not episode.is_open:
        return []
    if episode.responsible_facility_id not in facility_ids(user, Permission.TREAT):
        return []
    held = [row for row in handovers_of(client) if row.episode_id == episode.pk]
    for row in held:
        url = reverse("clients:handover", args=[row.pk])
        if row.is_open:
            return [NextStep(_("Look at the hand-over"), url, 45)]
        if row.status == HandoverStatus.RECEIVED and row.to_facility_id == episode.responsible_facility_id:
            return [NextStep(_("Record the first contact"), url, 45)]
    return [NextStep(_("Hand over"), reverse("clients:offer_handover", args=[client.code]), 85)]


@panels.today.register(order=12)
def waiting(user: User, on: date) -> list[TodayItem]:
    """For care staff of both sides, and, once it is late, for the staff of the units above them."""
    care = facility_ids(user, Permission.TREAT)
    above = facility_ids(user, Permission.SEE_CLINICAL_SUMMARY) - care
    mine = _waiting("care", care, on, _of_care) if care else []
    others = _waiting("above", above, on, _of_units) if above else []
    if not mine and not others:
        return []
    limit = limits(tunables.in_force(user))
    items = [_care_item(row, care, clock_of(row, limit)) for row in mine]
    late = [_unit_item(row, above) for row in others if _is_late(clock_of(row, limit))]
    return [item for item in items if item][:MOST] + late[:MOST]


@dataclass(frozen=True)
class Waiting:
    """What Hari ini needs of a hand-over, and no more."""

    pk: int
    status: str
    offered_at: datetime
    decided_at: datetime | None
    outside: str
    from_facility_id: int
    sender: str
    to_facility_id: int | None
    receiver: str | None
    client_id: int
    code: str
    shared: bool

    @property
    def place(self) -> str:
        return self.receiver or self.outside

    @property
    def is_open(self) -> bool:
        return self.status == HandoverStatus.OFFERED


def _waiting(side: str, reach: frozenset[int], on: date, of: Callable[[frozenset[int], date], Q]) -> list[Waiting]:
    """The longest waiting first. One query."""

    def rows() -> QuerySet:
        found = Handover.objects.with_consent(on).filter(of(reach, on)).order_by("offered_at", "pk")
        return found.values_list(
            "pk", "status", "offered_at", "decided_at", "outside", "from_facility", "from_facility__name", "to_facility",
            "to_facility__name", "episode__client", "episode__client__code", "shared",
        )[:READ]  # fmt: skip

    key = ("handovers", side, reach, on, timezone.get_current_timezone_name())
    return [Waiting(*row) for row in prepared.rows(key, rows)]


def _of_care(care: frozenset[int], on: date) -> Q:
    """Where somebody waits, on either side; and what was declined lately and not offered again."""
    waits = Q(status__in=[HandoverStatus.OFFERED, HandoverStatus.RECEIVED])
    here = Q(to_facility__in=care) & waits & (Q(shared=True) | Q(status=HandoverStatus.RECEIVED))
    later = Handover.objects.filter(episode=OuterRef("episode"), pk__gt=OuterRef("pk"))
    lately = Q(decided_at__date__gte=on - LATELY, episode__closed_on=None)
    declined = cast(Q, Q(status=HandoverStatus.DECLINED) & lately & ~Exists(later))
    return here | Q(from_facility__in=care) & (waits | declined)


def _of_units(above: frozenset[int], on: date) -> Q:
    waits = Q(status__in=[HandoverStatus.OFFERED, HandoverStatus.RECEIVED])
    return waits & (Q(from_facility__in=above) | Q(to_facility__in=above))


def _is_late(clock: Clock | None) -> bool:
    return clock is not None and clock.late


def _care_item(row: Waiting, care: frozenset[int], clock: Clock | None) -> TodayItem | None:
    url, late = reverse("clients:handover", args=[row.pk]), _is_late(clock)
    # A receiver is told of the place alone: whose hand-over it is stands in the packet, and each look at that is recorded.
    if row.to_facility_id in care and row.is_open:
        title = _("Hand-over from %(sender)s") % {"sender": row.sender}
        return TodayItem("attention", title, _waits(row), url, urgent=late)
    if row.to_facility_id in care:
        detail = _("first contact after the hand-over")
        return TodayItem("due", "", detail, url, clock.until if clock else None, late, Client(pk=row.client_id))
    detail = _told_to_sender(row, late=late)
    return TodayItem("attention", "", detail, url, urgent=late, client=Client(pk=row.client_id)) if detail else None


def _told_to_sender(row: Waiting, *, late: bool) -> str:
    """Empty while the receiver is in time."""
    receiver = {"receiver": row.place}
    if row.status == HandoverStatus.DECLINED:
        return _("%(receiver)s declined") % receiver
    if row.is_open and not row.shared:
        return _("the consent to hand over was taken back; take the offer back")
    if not late:
        return ""
    if row.is_open:
        return _("%(receiver)s has not answered") % receiver + f" · {_waits(row)}"
    return _("%(receiver)s has recorded no first contact") % receiver


def _unit_item(row: Waiting, above: frozenset[int]) -> TodayItem:
    """Staff of the sender's unit know the client; those of the receiver's unit learn no more than that somebody waits."""
    places = {"sender": row.sender, "receiver": row.place}
    known = row.from_facility_id in above or (not row.is_open and row.to_facility_id in above)
    url = reverse("clients:client", args=[row.code]) if known else ""
    detail = _waits(row) if row.is_open else _("no first contact recorded")
    title = _("Late hand-over: %(sender)s to %(receiver)s") % places
    return TodayItem("attention", title, detail, url, urgent=True)


def _waits(row: Waiting) -> str:
    hours = int((timezone.now() - row.offered_at).total_seconds() // 3600)
    if hours < 24:
        return ngettext("waiting for %(count)s hour", "waiting for %(count)s hours", hours) % {"count": hours}
    days = hours // 24
    return ngettext("waiting for %(count)s day", "waiting for %(count)s days", days) % {"count": days}
