"""Which clients a list is about: what is asked for of the person, of one episode and of one treatment, put together."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import In
from django.utils import timezone

from clients.enums import IN_TOUCH, AgeGroup, EpisodeStatus, HandoverStatus, years_of
from clients.models import Attendance, Client, Episode, Handover, Treatment, TreatmentPhase
from clients.models.episode import EpisodeQuerySet
from clients.queries.sessions import COMES_AND_GOES
from facilities.access import facility_ids, nationwide
from rehab.models import User
from rehab.roles import Permission

OPEN = "open"
OPEN_STATES = [status for status in EpisodeStatus if status != EpisodeStatus.CLOSED]


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; empty values narrow nothing. Days belong to it on both ends.

    What is asked of an episode must hold for one and the same, and a treatment asked for lies within it. `silent`: days
    since the last contact of somebody who comes and goes. `facilities`: those responsible, None for all.
    """

    sex: str = ""
    age_group: str = ""
    status: str = ""
    admission: str = ""
    admission_group: str = ""
    main_substance: str = ""
    opened_from: date | None = None
    opened_to: date | None = None
    facilities: frozenset[int] | None = None
    handover: bool = False
    setting: str = ""
    programme: str = ""
    started_from: date | None = None
    started_to: date | None = None
    silent: int | None = None


def found(user: User, wanted: Wanted) -> QuerySet[Client]:
    """Clients of the person's scope. Closed means that none of their episodes there is open any more."""
    parts = [part.values("key") for part in sources(user, wanted)]
    return Client.objects.filter(pk__in=parts[0].union(*parts[1:]) if parts[1:] else parts[0])


def sources(user: User, wanted: Wanted) -> list[QuerySet]:
    """The same clients as the rows that tell of them, each with its `key`: what a page takes its few from, source by source.

    Each is read from its end in the order of the keys, which no list of all their clients together could be.
    """
    today = timezone.localdate()
    rows = _rows(user, wanted, today)
    key: Any = F("client_id")
    if rows is None:
        return [_of_client(Client.objects.visible_to(user), "", user, wanted, today).annotate(key=F("pk"))]
    if wanted.opened_to or wanted.started_to:
        # Those of one period stand together, which the database cannot know: by the bare column it would walk down all
        # clients, newest first, to the years in question.
        key = key + Value(0)
    return [_of_client(part, "client__", user, wanted, today).annotate(key=key) for part in rows]


def _reached(user: User) -> EpisodeQuerySet:
    if nationwide(user, Permission.SEE_CLIENTS):
        return Episode.objects.all()
    return Episode.objects.visible_to(user)


def _rows(user: User, wanted: Wanted, today: date) -> list[QuerySet] | None:
    """Episodes or treatments that fit, of the person's scope; None where all clients of the nation do."""
    episode, treatment, facilities = _of_episode(wanted), _of_treatment(wanted, today), wanted.facilities
    reach, everywhere = facility_ids(user, Permission.SEE_CLIENTS), nationwide(user, Permission.SEE_CLIENTS)
    responsible = Q() if facilities is None else Q(responsible_facility__in=facilities)
    episodes, treatments = Episode.objects.filter(episode, responsible).order_by(), Treatment.objects.order_by()
    if treatment:
        treatments = treatments.filter(treatment, *([] if everywhere else [Q(facility__in=reach)]))
        return [treatments.filter(episode__in=episodes.values("pk")) if episode or responsible else treatments]
    if facilities is not None:
        return [episodes]
    if everywhere:
        return [episodes] if episode else None
    # Who answers stands beside who treats here for another. The database would take the latter for many and read all
    # episodes of the nation for them; so of treatments all are looked at, those of the former once more.
    own = episodes.filter(responsible_facility__in=reach)
    return [own, treatments.filter(_of_episode(wanted, "episode__"), facility__in=reach)]


def _of_client(rows: QuerySet, of: str, user: User, wanted: Wanted, today: date) -> QuerySet:
    """Rows whose client (`of` them, by this prefix) fits."""
    found: dict[str, Any] = {f"{of}sex": wanted.sex} if wanted.sex else {}
    if wanted.age_group == AgeGroup.UNKNOWN:
        found[f"{of}birth_year"] = None
    elif wanted.age_group:
        youngest, oldest = years_of(AgeGroup(wanted.age_group))
        found[f"{of}birth_year__lte"] = today.year - youngest
        if oldest:
            found[f"{of}birth_year__gt"] = today.year - oldest
    rows = rows.filter(**found)
    if wanted.status == EpisodeStatus.CLOSED:
        rows = rows.exclude(Exists(_reached(user).open().filter(client=OuterRef("client"))))
    return rows


def _of_episode(wanted: Wanted, of: str = "") -> Q:
    """Of episodes, or of rows whose episode (by this prefix) is asked about."""
    found = Q()
    if wanted.status:
        found &= Q(**{f"{of}status__in": OPEN_STATES} if wanted.status == OPEN else {f"{of}status": wanted.status})
    for name in ("admission", "admission_group", "main_substance"):
        if value := getattr(wanted, name):
            found &= Q(**{f"{of}{name}": value})
    found &= _between(f"{of}opened_on", wanted.opened_from, wanted.opened_to)
    if wanted.handover:
        offered = Handover.objects.filter(status=HandoverStatus.OFFERED)
        found &= Q(Exists(offered.filter(episode=OuterRef(f"{of}pk"))))
    return found


def _of_treatment(wanted: Wanted, today: date) -> Q:
    found = Q(programme=wanted.programme) if wanted.programme else Q()
    if wanted.setting:
        found &= _in_setting([wanted.setting])
    found &= _between("started_on", wanted.started_from, wanted.started_to)
    if wanted.silent is not None:
        since = today - timedelta(days=wanted.silent)
        contact = Attendance.objects.filter(treatment=OuterRef("pk"), held_on__gt=since, presence__in=IN_TOUCH)
        found &= Q(ended_on=None, started_on__lte=since) & _in_setting(COMES_AND_GOES) & ~Q(Exists(contact))
    return found


def _in_setting(settings) -> Q:
    """A treatment goes on in the setting of its open phase; before it starts and after its end in that of the plan."""
    now = TreatmentPhase.objects.filter(treatment=OuterRef("pk"), ends_on=None).order_by().values("setting")[:1]
    # Looked up for the rows that are read on the way: as a list of all phases of today it would be read whole for a page.
    # Of a bare comparison the database expects hardly any row to hold, and would read all of them; of a case, half.
    fits = When(In(Coalesce(Subquery(now), F("setting")), [str(each) for each in settings]), then=Value(True))
    return Q(Case(fits, default=Value(False), output_field=BooleanField()))


def _between(field: str, first: date | None, last: date | None) -> Q:
    found = Q(**{f"{field}__gte": first}) if first else Q()
    return found & Q(**{f"{field}__lte": last}) if last else found
