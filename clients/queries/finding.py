"""Which clients a list is about: what is asked for of the person, of one episode and of one treatment, put together."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
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
    today = timezone.localdate()
    episode, treatment = _of_episode(wanted), _of_treatment(wanted, today)
    if not episode and not treatment and wanted.facilities is None:
        clients = Client.objects.visible_to(user)
    else:
        whose = _whose(user, episode, treatment, wanted)
        clients = Client.objects.filter(pk__in=whose)
        if wanted.opened_to or wanted.started_to:
            clients = clients.filter(_within(whose))
    clients = clients.filter(_of_client(wanted, today))
    if wanted.status == EpisodeStatus.CLOSED:
        clients = clients.exclude(Exists(_reached(user).open().filter(client=OuterRef("pk"))))
    return clients


def _reached(user: User) -> EpisodeQuerySet:
    if nationwide(user, Permission.SEE_CLIENTS):
        return Episode.objects.all()
    return Episode.objects.visible_to(user)


def _whose(user: User, episode: Q, treatment: Q, wanted: Wanted) -> QuerySet:
    """The clients of these episodes and treatments, as a list of keys: collected once, not looked up client by client."""
    facilities = wanted.facilities
    reach = facility_ids(user, Permission.SEE_CLIENTS)
    everywhere = nationwide(user, Permission.SEE_CLIENTS)
    responsible = Q() if facilities is None else Q(responsible_facility__in=facilities)
    episodes = Episode.objects.filter(episode, responsible)
    if treatment:
        treatments = Treatment.objects.filter(treatment)
        if not everywhere:
            treatments = treatments.filter(facility__in=reach)
        if episode or responsible:
            treatments = treatments.filter(episode__in=episodes.order_by().values("pk"))
        return treatments.order_by().values("client")
    if not everywhere and facilities is None:
        episodes = episodes.filter(Q(responsible_facility__in=reach) | Q(pk__in=_served_for_others(reach)))
    return episodes.order_by().values("client")


def _served_for_others(reach: frozenset[int]) -> list[int]:
    """Episodes with a treatment here for which somebody else answers: few, read from two indexes alone. One query; inside
    of the other one the database would take them for many, and read every episode of the nation to find them."""
    served = Treatment.objects.filter(facility__in=reach).order_by().values_list("episode")
    own = Episode.objects.filter(responsible_facility__in=reach).order_by().values_list("pk")
    return [pk for (pk,) in served.difference(own)]


def _within(whose: QuerySet) -> Q:
    """Between the first and the last of these clients. Those of one period stand together, which the database cannot know:
    it would walk down all clients, newest first, to the years in question."""
    # Not by the bare column: its index would lead the same way down.
    key = F("client") + Value(0)
    first, last = whose.order_by(key).values("client")[:1], whose.order_by(key.desc()).values("client")[:1]
    return Q(pk__gte=Subquery(first), pk__lte=Subquery(last))


def _of_client(wanted: Wanted, today: date) -> Q:
    found = Q(sex=wanted.sex) if wanted.sex else Q()
    if wanted.age_group == AgeGroup.UNKNOWN:
        found &= Q(birth_year=None)
    elif wanted.age_group:
        youngest, oldest = years_of(AgeGroup(wanted.age_group))
        found &= Q(birth_year__lte=today.year - youngest)
        found &= Q(birth_year__gt=today.year - oldest) if oldest else Q()
    return found


def _of_episode(wanted: Wanted) -> Q:
    found = Q()
    if wanted.status:
        found &= Q(status__in=OPEN_STATES) if wanted.status == OPEN else Q(status=wanted.status)
    for name in ("admission", "admission_group", "main_substance"):
        if value := getattr(wanted, name):
            found &= Q(**{name: value})
    found &= _between("opened_on", wanted.opened_from, wanted.opened_to)
    if wanted.handover:
        found &= Q(Exists(Handover.objects.filter(episode=OuterRef("pk"), status=HandoverStatus.OFFERED)))
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
    now = TreatmentPhase.objects.filter(treatment=OuterRef("pk"), ends_on=None)
    other = now.exclude(setting__in=settings)
    return Q(setting__in=settings) & ~Q(Exists(other)) | Q(ended_on=None) & Q(Exists(now.filter(setting__in=settings)))


def _between(field: str, first: date | None, last: date | None) -> Q:
    found = Q(**{f"{field}__gte": first}) if first else Q()
    return found & Q(**{f"{field}__lte": last}) if last else found
