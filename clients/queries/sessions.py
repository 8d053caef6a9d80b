"""Sessions of a place and of a client, and who fell out of touch."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.db.models import (
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.enums import IN_TOUCH, Presence, SessionStatus, Setting
from clients.models import Attendance, Client, DropOutDelay, Session, Treatment, TreatmentPhase
from facilities.models import Facility, Posting
from rehab import panels, tunables
from rehab.models import User
from rehab.numbers import format_date
from rehab.roles import Permission, roles_with

MISSED_IN_A_ROW = "clients.missed_in_a_row"
DAYS_WITHOUT_CONTACT = "clients.days_without_contact"
LATEST = 300  # of one client, nearly a year of daily sessions
# Who lives elsewhere is out of touch after a while without a meeting; residents and inmates are seen every day.
COMES_AND_GOES = (Setting.OUTPATIENT, Setting.COMMUNITY)


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Counts(TypedDict):
        people: int
        came: int
        waiting: int

    class _Contact(TypedDict):
        contact_on: date
        next_on: date | None
        missed: int
        missed_on: date | None

    class _Now(_Contact):
        setting_now: str
        put_off: bool

    CountedSession = WithAnnotations[Session, _Counts]
    TreatmentInTouch = WithAnnotations[Treatment, _Contact]
    TreatmentUnderWay = WithAnnotations[Treatment, _Now]


def leaders(facility: Facility) -> QuerySet[User]:
    """Those who treat clients at the facility today: one of them leads a session."""
    posts = Posting.objects.on(facility.local_date()).filter(facility=facility, role__in=roles_with(Permission.TREAT))
    return User.objects.filter(pk__in=posts.values("user"), is_active=True).order_by("name", "pk")


def with_clients(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """With everybody in them, in the order in which they were put down. Three queries for a whole list."""
    rows = Attendance.objects.select_related("client", "treatment").order_by("pk")
    return sessions.select_related("led_by").prefetch_related(Prefetch("attendances", rows))


def counted(sessions: QuerySet[Session]) -> "QuerySet[CountedSession]":
    """With `people`, `came` and `waiting`: how many are in them, were there, have no mark yet."""
    return sessions.annotate(
        people=Count("attendances"),
        came=Count("attendances", filter=Q(attendances__presence=Presence.PRESENT)),
        waiting=Count("attendances", filter=Q(attendances__presence=Presence.EXPECTED)),
    )


def by_day(sessions: QuerySet[Session], monday: date) -> list[tuple[date, int]]:
    """The seven days of a week with how many sessions each has. One query."""
    days = [monday + timedelta(days=ahead) for ahead in range(7)]
    held = sessions.filter(held_on__gte=days[0], held_on__lte=days[-1]).exclude(status=SessionStatus.CANCELLED)
    found = dict(held.order_by().values_list("held_on").annotate(Count("pk")))
    return [(day, found.get(day, 0)) for day in days]


def not_recorded(facilities: Iterable[int], on: date) -> QuerySet[Session]:
    """Sessions of days gone by of which nobody has said who came."""
    rows = Session.objects.filter(facility__in=facilities, held_on__lt=on, status=SessionStatus.PLANNED)
    return rows.order_by("held_on", "starts_at", "pk")


def open_at(facility: Facility) -> QuerySet[Treatment]:
    """Treatments that a session may be for, with their clients, the latest first."""
    return facility.treatments.open().select_related("client", "episode").order_by("-pk")


def with_contact(treatments: QuerySet[Treatment], on: date) -> "QuerySet[TreatmentInTouch]":
    """With `contact_on` (last day somebody came or excused themselves, else the first service), `missed` (absences without
    a word since then), `missed_on` (the last of them) and `next_on` (the next day somebody is expected)."""
    rows = Attendance.objects.filter(treatment=OuterRef("pk"))
    last = rows.filter(presence__in=IN_TOUCH).order_by("-held_on").values("held_on")[:1]
    kept = rows.filter(presence=Presence.EXPECTED, held_on__gte=on, session__status=SessionStatus.PLANNED)
    found = treatments.annotate(
        contact_on=Coalesce(Subquery(last, output_field=DateField()), F("started_on")),
        next_on=Subquery(kept.order_by("held_on").values("held_on")[:1], output_field=DateField()),
    )
    gone = Attendance.objects.filter(
        treatment=OuterRef("pk"), presence=Presence.ABSENT, held_on__gt=OuterRef("contact_on")
    )
    count = gone.order_by().values("treatment").annotate(count=Count("pk")).values("count")
    found = found.annotate(
        missed=Coalesce(Subquery(count, output_field=IntegerField()), 0),
        missed_on=Subquery(gone.order_by("-held_on").values("held_on")[:1], output_field=DateField()),
    )
    return cast("QuerySet[TreatmentInTouch]", found)


def under_way(facilities: Iterable[int], on: date) -> "QuerySet[TreatmentUnderWay]":
    """Open treatments that began, with contact, the setting of today (`setting_now`) and whether a drop-out was put off."""
    phase = TreatmentPhase.objects.filter(treatment=OuterRef("pk"), ends_on=None).order_by().values("setting")[:1]
    rows = Treatment.objects.open().filter(facility__in=facilities, started_on__isnull=False)
    found = with_contact(rows, on).annotate(setting_now=Coalesce(Subquery(phase), F("setting")))
    return cast("QuerySet[TreatmentUnderWay]", found.annotate(put_off=_put_off(on)))


def _put_off(on: date) -> Exists:
    """Of treatments: somebody decided that it is not a drop-out yet, and the day has not come."""
    return Exists(DropOutDelay.objects.on(on).filter(treatment=OuterRef("pk")))


@dataclass(frozen=True)
class Limits:
    """When Titian proposes to look at a treatment: no official rule says so, two settings do."""

    missed: int
    days: int

    def silent(self, on: date) -> Q:
        """For treatments with contact and `setting_now`; none of those that were put off."""
        long = Q(setting_now__in=COMES_AND_GOES, contact_on__lte=on - timedelta(days=self.days))
        return (Q(missed__gte=self.missed) | long) & ~Q(_put_off(on))

    def is_silent(self, row: "TreatmentUnderWay", on: date) -> bool:
        """The same of one row, as `under_way` gives it."""
        long = row.setting_now in COMES_AND_GOES and row.contact_on <= on - timedelta(days=self.days)
        return (row.missed >= self.missed or long) and not row.put_off


# The least that the two settings can be: what is further from it is not silent, whatever they are.
CLOSE = Limits(1, 7)


def limits(settings: Mapping[str, Any] | None = None) -> Limits:
    """`settings`: all in force, where a page has them at hand."""
    values = settings or tunables.values(MISSED_IN_A_ROW, DAYS_WITHOUT_CONTACT)
    return Limits(values[MISSED_IN_A_ROW], values[DAYS_WITHOUT_CONTACT])


def out_of_touch(facilities: Iterable[int], on: date) -> "QuerySet[TreatmentUnderWay]":
    """Whose treatment should be looked at for drop-out, by the two settings; the longest silence first.

    Titian only proposes: a person decides, on aftercare's closing page.
    """
    rows = under_way(facilities, on).filter(limits().silent(on))
    return rows.select_related("client").order_by("contact_on", "pk")


def attendances_once(user: User, client: Client) -> list[Attendance]:
    """The latest of them, fetched once for a page of the client."""
    rows = attendances_of(user, client).select_related(None).select_related("session__facility")
    rows = rows.only(
        "treatment", "client", "held_on", "presence", "note",
        "session__facility__region", "session__kind", "session__starts_at", "session__theme",
    )  # fmt: skip
    return panels.fetched_once(client, "attendances", lambda: list(rows[:LATEST]))


def silent_of(user: User, client: Client, on: date) -> "dict[int, TreatmentUnderWay]":
    """{treatment: with its contact} of the client's open treatments that should be looked at for drop-out.

    The same as `out_of_touch`, from what the client's page has at hand; the settings are read only where it is close.
    """
    rows = attendances_once(user, client)
    held = [_with_contact(row, rows) for row in client.treatments.all() if row.started_on and row.is_open]
    near = [row for row in held if CLOSE.is_silent(row, on)]
    bound = limits(tunables.in_force(user)) if near else CLOSE
    silent = {row.pk: row for row in near if bound.is_silent(row, on)}
    # The client's own page tells whether anybody ever decided anything (clients.access.client_for).
    if not silent or not getattr(client, "warned", True):
        return silent
    put_off = set(DropOutDelay.objects.on(on).filter(treatment__in=silent).values_list("treatment", flat=True))
    return {pk: row for pk, row in silent.items() if pk not in put_off}


def _with_contact(treatment: Treatment, rows: list[Attendance]) -> "TreatmentUnderWay":
    held = cast("TreatmentUnderWay", treatment)
    own = [row for row in rows if row.treatment_id == treatment.pk]
    touched = [row.held_on for row in own if row.presence in IN_TOUCH]
    held.contact_on = max(touched, default=cast(date, treatment.started_on))
    held.missed = sum(row.presence == Presence.ABSENT and row.held_on > held.contact_on for row in own)
    now = next((phase for phase in treatment.phases.all() if phase.ends_on is None), treatment)
    held.setting_now, held.put_off = now.setting, False
    return held


def silence_words(missed: int, contact_on: date) -> str:
    """Why a drop-out is proposed: sessions missed in a row, and the last contact."""
    told = ngettext("one session missed in a row", "%(count)s sessions missed in a row", missed)
    last = _("last contact %(day)s") % {"day": format_date(contact_on)}
    words = f"{told % {'count': missed}}, {last}" if missed else last
    return _("drop-out? %(why)s") % {"why": words}


def without_next(facilities: Iterable[int], on: date) -> "QuerySet[TreatmentUnderWay]":
    """Who comes and goes, and is expected on no day from today on; the longest silence first."""
    kept = Attendance.objects.filter(treatment=OuterRef("pk"), presence=Presence.EXPECTED, held_on__gte=on)
    # Looked up for each of them: as an anti-join it would go through the sessions of the whole nation.
    waits = Subquery(kept.filter(session__status=SessionStatus.PLANNED).order_by().values("pk")[:1])
    rows = under_way(facilities, on).alias(waits=waits).filter(waits=None, setting_now__in=COMES_AND_GOES)
    return rows.select_related("client").order_by("contact_on", "pk")


def attendances_of(user: User, client: Client) -> QuerySet[Attendance]:
    """Of sessions at facilities of the person's scope, cancelled ones left out, the latest first."""
    rows = Attendance.objects.visible_to(user).filter(client=client).exclude(session__status=SessionStatus.CANCELLED)
    return rows.select_related("session__led_by", "session__facility").order_by("-held_on", "-pk")


@dataclass(frozen=True)
class Summary:
    """How often a client came, excused and missed, the last day of being there, and the next expected."""

    came: int
    excused: int
    missed: int
    last_on: date | None
    next_on: date | None


def summary(attendances: QuerySet[Attendance], today: date) -> Summary:
    """One query."""
    came, ahead = Q(presence=Presence.PRESENT), Q(presence=Presence.EXPECTED, held_on__gte=today)
    found = attendances.order_by().aggregate(
        came=Count("pk", filter=came),
        excused=Count("pk", filter=Q(presence=Presence.EXCUSED)),
        missed=Count("pk", filter=Q(presence=Presence.ABSENT)),
        last_on=Max("held_on", filter=came),
        next_on=Min("held_on", filter=ahead),
    )
    return Summary(**found)


def meets_already(
    treatments: Iterable[Treatment], on: date, at: time, minutes: int, *, but: int | None = None
) -> Attendance | None:
    """A client's place in another session that day whose time crosses these `minutes` from `at` on; `but` is the session
    that is being changed. One query."""
    rows = Attendance.objects.filter(treatment__in=treatments, held_on=on).exclude(session=but)
    rows = rows.exclude(session__status=SessionStatus.CANCELLED).select_related("session", "client").order_by("pk")
    begins = at.hour * 60 + at.minute
    for row in rows:
        other = row.session.starts_at.hour * 60 + row.session.starts_at.minute
        if other < begins + minutes and begins < other + row.session.minutes:
            return row
    return None
