"""What sessions put into the day's page and the client's page. Registered with the app's other panels (clients/panels.py)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients.enums import Presence, SessionKind, SessionStatus
from clients.models import Attendance, Client, Episode, Session
from clients.queries import masked_heads
from clients.queries.sessions import (
    CLOSE,
    DAYS_WITHOUT_CONTACT,
    MISSED_IN_A_ROW,
    attendances_once,
    counted,
)
from facilities.access import can, facility_ids
from rehab import panels, prepared, tunables
from rehab.enums import zone_of_province
from rehab.labels import label
from rehab.models import User
from rehab.panels import Due, LaterEntry, MenuItem, NextStep, Tab, TimelineEntry, TodayItem
from rehab.roles import Permission

MOST = 12
_TONES: dict[str, str] = {Presence.ABSENT: "attention", Presence.PRESENT: "reached"}
SEEN_BY = (Permission.SEE_CLINICAL, Permission.SEE_CLINICAL_SUMMARY, Permission.SEE_PLACEMENT)
PAGES = "session sessions add_session change_session cancel_session take_up_session all_present out_of_touch".split()

panels.add_menu(
    MenuItem(
        gettext_lazy("Sessions"), "clients:sessions", "calendar",
        frozenset({Permission.TREAT, Permission.SEE_PLACEMENT}), 25, tuple(f"clients:{name}" for name in PAGES),
    )
)  # fmt: skip

tunables.declare(
    tunables.Tunable(
        key=MISSED_IN_A_ROW,
        title=gettext_lazy("Missed sessions in a row after which a drop-out is proposed"),
        default=3,
        hint=gettext_lazy("Excused absences do not count. A person decides, with a reason."),
        default_source=gettext_lazy("Working assumption, no published rule"),
        least=CLOSE.missed,
        most=20,
    ),
    tunables.Tunable(
        key=DAYS_WITHOUT_CONTACT,
        title=gettext_lazy("Days without contact after which a drop-out is proposed"),
        default=30,
        hint=gettext_lazy("For outpatients and in the community. A person decides, with a reason."),
        default_source=gettext_lazy("Working assumption, no published rule"),
        least=CLOSE.days,
        most=180,
    ),
)


@panels.client_heads.register()
def heads(clients: Iterable[int]) -> dict[int, list[str]]:
    return {pk: list(head) for pk, head in masked_heads(clients).items()}


@panels.today.register(order=15)
def sessions_today(user: User, on: date) -> list[TodayItem]:
    """Mine first; where I lead none, those of the place. Then what others lead, as one line."""
    reach = facility_ids(user, Permission.TREAT)
    if not reach:
        return []
    rows = _held(reach, on)
    mine = [row for row in rows if row.led_by_id == user.pk] or rows
    items = [_session_item(row) for row in mine[:MOST]]
    if len(rows) > len(items):
        text = ngettext("One more session", "%(count)s more sessions", len(rows) - len(items))
        items.append(TodayItem("today", text % {"count": len(rows) - len(items)}, url=reverse("clients:sessions")))
    return items


@dataclass(frozen=True)
class Held:
    """What Hari ini needs of a session, and no more; `one` is the client where there is but one."""

    pk: int
    kind: str
    on: date
    starts_at: time
    theme: str
    led_by_id: int
    led_by: str
    region: str
    people: int
    came: int
    waiting: int
    one: int | None


def _held(reach: frozenset[int], on: date) -> list[Held]:
    """In the order of the day. One query."""

    def rows() -> QuerySet:
        held = Session.objects.filter(facility__in=reach, held_on=on).exclude(status=SessionStatus.CANCELLED)
        return (
            counted(held)
            .annotate(one=Min("attendances__client"))
            .order_by("starts_at", "pk")
            .values_list(
                "pk", "kind", "held_on", "starts_at", "theme", "led_by", "led_by__name", "facility__region",
                "people", "came", "waiting", "one",
            )
        )  # fmt: skip

    return [Held(*row) for row in prepared.rows(("sessions", reach, on), rows)]


def _session_item(row: Held) -> TodayItem:
    kind, url = str(SessionKind(row.kind).label), reverse("clients:session", args=[row.pk])
    client = Client(pk=row.one) if row.people == 1 else None
    people = "" if client else ngettext("one client", "%(count)s clients", row.people) % {"count": row.people}
    done = _("%(came)s of %(people)s present") % {"came": row.came, "people": row.people} if not row.waiting else ""
    detail = " · ".join(text for text in (kind if client else people, row.theme, row.led_by, done) if text)
    group = row.people > 1
    return TodayItem(
        group="today",
        title="" if client else kind,
        detail=detail,
        url=url,
        when=datetime.combine(row.on, row.starts_at, ZoneInfo(zone_of_province(row.region))),
        client=client,
        act_label=(_("All present") if group else _("Record")) if row.waiting else "",
        act_url=reverse("clients:all_present", args=[row.pk]) if group else url,
        act_posts=group,
    )


def _attendances(user: User, client: Client) -> list[Attendance]:
    """The latest of them; attendance is for care staff, for those who see summaries, and for the officer of a prison."""
    if not any(can(user, permission) for permission in SEEN_BY):
        return []
    return attendances_once(user, client)


@panels.timeline.register(order=25)
def timeline(user: User, client: Client) -> list[LaterEntry]:
    clinical = facility_ids(user, Permission.SEE_CLINICAL)
    opens = facility_ids(user, Permission.TREAT, Permission.SEE_PLACEMENT)
    kind, said = "session", _("Session")

    def entry(row: Attendance, on: datetime) -> TimelineEntry:
        return TimelineEntry(
            on=on,
            kind=kind,
            kind_label=said,
            title=label(row.session, "kind"),
            text=_said(row) if row.session.facility_id in clinical else "",
            url=reverse("clients:session", args=[row.session_id]) if row.session.facility_id in opens else "",
            chip=label(row, "presence"),
            tone=_TONES.get(row.presence, ""),
        )

    rows = [(row, _begins(row)) for row in _attendances(user, client)]
    return [LaterEntry(on, kind, said, partial(entry, row, on)) for row, on in rows]


def _begins(row: Attendance) -> datetime:
    return datetime.combine(row.held_on, row.session.starts_at, ZoneInfo(row.session.facility.zone))


def _said(row: Attendance) -> str:
    return "\n".join(text for text in (row.session.theme, row.note) if text)


@panels.client_tabs.register(order=30)
def tab(user: User, client: Client) -> list[Tab]:
    if not any(can(user, permission) for permission in SEEN_BY):
        return []
    return [Tab("sessions", _("Sessions"), reverse("clients:client_sessions", args=[client.code]))]


@panels.client_due.register(order=30)
def due(user: User, client: Client) -> list[Due]:
    """The next session that waits for the client."""
    now, today = timezone.localtime(), timezone.localdate()
    ahead = [row for row in _attendances(user, client) if row.presence == Presence.EXPECTED and row.held_on >= today]
    return [
        Due(
            datetime.combine(row.held_on, row.session.starts_at, now.tzinfo),
            row.session.get_kind_display(),
            reverse("clients:client_sessions", args=[client.code]),
        )
        for row in ahead
    ]


@panels.next_steps.register(order=30)
def steps(user: User, client: Client, episode: Episode | None) -> list[NextStep]:
    """Record the session of today; else plan one where none is."""
    if episode is None or not episode.is_open:
        return []
    reach, today = facility_ids(user, Permission.TREAT), timezone.localdate()
    held = [row for row in client.treatments.all() if row.episode_id == episode.pk and row.facility_id in reach]
    under = {row.pk for row in held if row.started_on and row.is_open}
    if not under:
        return []
    waiting = [
        row
        for row in _attendances(user, client)
        if row.treatment_id in under and row.presence == Presence.EXPECTED and row.held_on >= today
    ]
    now = next((row for row in waiting if row.held_on == today), None)
    if now:
        return [NextStep(_("Record today's session"), reverse("clients:session", args=[now.session_id]), 45)]
    url = f"{reverse('clients:add_session')}?klien={client.code}"
    return [] if waiting else [NextStep(_("Plan a session"), url, 60)]
