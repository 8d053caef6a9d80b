"""One chunk of the nation's clients, as lines to be copied. Pure: no database, the same for the same seed and number."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from random import Random

from django.conf import settings

from assessments.enums import TatRecommendation, TatStatus
from clients.actions.people import code_of
from clients.enums import (
    ADULT_AGE,
    GROUP_OF,
    SENT_BY_SOMEBODY,
    Admission,
    GuardianRelation,
    NoNikReason,
    age_group,
)
from clients.models import LinkGround
from clients.queries import age_on
from clients.queries.identities import context, guardian_context
from clients.queries.likeness import hashed_keys
from rehab import vault
from rehab.identity import crypto
from reports.simulation.kinds import Weights
from reports.simulation.nation import Nation, Place
from reports.simulation.people import Invented, People, name_tokens, sounds
from reports.simulation.plan import CHUNK, Plan
from reports.simulation.seasons import Seasons
from reports.simulation.tables import NULL, binary, day, line
from reports.simulation.ways import Course, Dice, Stay, Ways

# Room for the ids of one chunk: clients also without an episode, treatments also after a hand-over.
CLIENTS, TREATMENTS = CHUNK * 5 // 4, CHUNK * 2
TWIN, TWIN_WITHOUT_CARD, STEWARD = 0.025, 0.3, 0.25
SUSPECT = 0.025
OUTLIER = 0.008
# Who came within so many days is mostly still there: with so many of them the busy clinic is as full as is asked.
BUSY_DAYS, STILL_THERE, MOST_AT_ONE = 100, 0.62, 0.9
MOST_SUSPECTS = CHUNK // 5

_TAT: Weights = (
    (TatRecommendation.OUTPATIENT, 40), (TatRecommendation.INPATIENT, 40), (TatRecommendation.CONTINUE_LEGAL, 17),
    (TatRecommendation.EXAMINE_FURTHER, 3),
)  # fmt: skip
_NO_CARD: Weights = (
    (NoNikReason.NOT_BROUGHT, 60), (NoNikReason.NOT_RECORDED, 25), (NoNikReason.UNKNOWN, 12), (NoNikReason.FOREIGNER, 3),
)  # fmt: skip
_RELATIONS: Weights = ((GuardianRelation.PARENT, 80), (GuardianRelation.SIBLING, 8), (GuardianRelation.RELATIVE, 12))


@dataclass(frozen=True)
class Base:
    """The first ids, and the first number for codes, that the nation may take."""

    client: int = 1
    episode: int = 1
    treatment: int = 1
    code: int = 0


@dataclass(slots=True)
class _Client:
    id: int
    person: int
    invented: Invented
    key: bytes
    code: str


class Chunk:
    """Collects the lines of one chunk. `lines` holds them by table."""

    def __init__(self, plan: Plan, nation: Nation, seasons: Seasons, base: Base, number: int):
        self._random = Random(f"{plan.seed}:{number}")
        self._plan, self._nation, self._seasons = plan, nation, seasons
        self._today = plan.today.toordinal()
        self._ways = Ways(self._random, nation, self._today)
        self._people, self._dice = People(self._random), Dice(self._random)
        self._base, self._number, self._size = base, number, plan.chunks[number]
        self._clients = self._episodes = self._treatments = self._suspects = 0
        self._busy_from = self._today - BUSY_DAYS
        lately = plan.episodes * seasons.share_since(self._busy_from) * STILL_THERE
        self._busy = min(MOST_AT_ONE, plan.busy / lately) if plan.busy else 0.0
        self.lines: dict[str, list[str]] = defaultdict(list)

    def make(self) -> dict[str, list[str]]:
        while self._episodes < self._size:
            self._one()
        return self.lines

    def _one(self) -> None:
        """A client with their ways, at times a second record of the same person elsewhere, at times a suspect."""
        random = self._random
        opened = self._seasons.day((self._number * CHUNK + self._episodes + random.random()) / self._plan.episodes)
        place = self._place(opened)
        client = self._register(place, opened, self._ways.of_one(place, opened))
        if random.random() < TWIN and self._episodes < self._size:
            self._twin(client, place, opened)
        if random.random() < SUSPECT and self._suspects < MOST_SUSPECTS:
            self._suspects += 1
            self._suspect(place, opened)

    def _place(self, opened: int) -> Place:
        """Now and then all of a month's strays: one facility that stands out in that month."""
        random = self._random
        if self._busy and opened >= self._busy_from and random.random() < self._busy:
            return self._nation.clinic
        if random.random() < OUTLIER:
            month = date.fromordinal(opened).isoformat()[:7]
            odd = self._nation.anywhere(Random(f"{self._plan.seed}:{month}"), opened)
            if odd.takes(opened):
                return odd
        return self._nation.anywhere(random, opened)

    def _twin(self, known: _Client, place: Place, opened: int) -> None:
        """Registered again at another facility: with the card linked at once, without it a look-alike."""
        random = self._random
        again = opened + 20 + random.randrange(700)
        other = self._nation.another(random, place, min(again, self._today))
        if again > self._today or not other.takes(again) or other is place:
            return
        with_card = bool(known.invented.nik) and random.random() > TWIN_WITHOUT_CARD
        invented = self._people.again(known.invented, with_card=with_card)
        by_steward = not with_card and random.random() < STEWARD
        ground = LinkGround.NIK if with_card else LinkGround.STEWARD if by_steward else LinkGround.REGISTRATION
        self._register(other, again, self._ways.of_one(other, again), invented, known.person, ground)

    def _suspect(self, place: Place, received: int) -> None:
        """A TAT case without an episode."""
        invented = self._people.one(self._running(), place, received)
        client = self._client(place, invented, received, None, LinkGround.REGISTRATION)
        self._case(client, place, received)

    def _running(self) -> int:
        return self._number * CLIENTS + self._clients

    def _register(
        self,
        place: Place,
        opened: int,
        courses: list[Course],
        invented: Invented | None = None,
        person: int | None = None,
        ground: LinkGround = LinkGround.REGISTRATION,
    ) -> _Client:
        courses = courses[: self._size - self._episodes]
        invented = invented or self._people.one(self._running(), place, opened)
        client = self._client(place, invented, opened + courses[0].late, person, ground)
        self._comparable(client)
        age = age_on(date.fromordinal(opened), invented.born, invented.year)
        minor = age is not None and age < ADULT_AGE
        if minor:
            self._guardian(client)
        for number, course in enumerate(courses, start=1):
            self._episode(client, number, course, minor and number == 1)
        if courses[0].admission == Admission.TAT:
            self._case(client, place, opened - 7 - self._random.randrange(15))
        return client

    def _client(
        self, place: Place, invented: Invented, recorded: int, person: int | None, ground: LinkGround
    ) -> _Client:
        running = self._running()
        self._clients += 1
        if self._clients > CLIENTS:
            raise OverflowError("more clients than a chunk has room for")
        own = self._base.client + running
        key = crypto.new_data_key()
        stands_for = own if person is None or ground == LinkGround.REGISTRATION else person
        client = _Client(own, stands_for, invented, key, code_of(self._base.code + running))
        at = self._moment(place, recorded)
        if ground != LinkGround.NIK:
            self.lines["clients_person"].append(str(own))
        self._link(client, own, ground, at, recorded, place)
        self.lines["clients_client"].append(
            line(
                own, client.code, stands_for, invented.sex, invented.year, invented.region,
                binary(crypto.wrap(key, settings.MASTER_KEYS)), at,
            )
        )  # fmt: skip
        self._identity(client)
        return client

    def _link(self, client: _Client, own: int, ground: LinkGround, at: str, recorded: int, place: Place) -> None:
        """A steward's link follows the one that the registration made."""
        links = self.lines["clients_personlink"]
        if ground == LinkGround.STEWARD:
            later = self._moment(place, min(self._today, recorded + 30))
            links.append(line(client.id, own, LinkGround.REGISTRATION.value, at, later))
            at = later
        links.append(line(client.id, client.person, ground.value, at, None))

    def _identity(self, client: _Client) -> None:
        invented, key, code = client.invented, client.key, client.code
        born = invented.born.isoformat() if invented.born else ""

        def sealed(name: str, text: str) -> str:
            return binary(crypto.encrypt(key, text, context(name, code)) if text else b"")

        digits = f"62{invented.phone[1:]}" if invented.phone else ""
        self.lines["clients_identity"].append(
            line(
                client.id, sealed("name", invented.name), sealed("birth_date", born), sealed("nik", invented.nik),
                sealed("phone", invented.phone), sealed("address", "Jalan Contoh 1"), binary(b""),
                "" if invented.nik else self._dice(_NO_CARD),
                binary(vault.blind("nik", invented.nik)), binary(vault.blind("phone", digits)),
                binary(vault.blind("birth_date", born)),
                f"{{{','.join(map(str, name_tokens(invented.name)))}}}", 1,
            )
        )  # fmt: skip

    def _comparable(self, client: _Client) -> None:
        """What a client with an episode is found by when another one may be the same human being."""
        invented = client.invented
        born = invented.born.isoformat() if invented.born else ""
        digits = f"62{invented.phone[1:]}" if invented.phone else ""
        keys = hashed_keys(sounds(invented.name), born, "", digits, invented.nik)
        self.lines["clients_matchkeys"].append(line(client.id, f"{{{','.join(map(str, keys))}}}"))
        if born:
            self.lines["sim_alike"].append(line(client.id, born, invented.name, bool(invented.nik)))

    def _guardian(self, client: _Client) -> None:
        def sealed(name: str, text: str) -> str:
            return binary(crypto.encrypt(client.key, text, guardian_context(name, client.code)))

        name = f"{client.invented.name.split()[1]} Wali Contoh"
        self.lines["clients_guardian"].append(
            line(client.id, self._dice(_RELATIONS), sealed("name", name), sealed("phone", "080000000000"), 1)
        )

    def _episode(self, client: _Client, number: int, course: Course, minor: bool) -> None:
        own = self._base.episode + self._number * CHUNK + self._episodes
        self._episodes += 1
        known = course.substance if course.facts is not None else ""
        group = GROUP_OF[Admission(course.admission)].value
        referrer = "Instansi Contoh" if course.admission in SENT_BY_SOMEBODY else ""
        self.lines["clients_episode"].append(
            line(
                own, client.id, number, course.admission, group, referrer, course.status, course.responsible.id,
                day(course.opened), day(course.facts), day(course.assessed), known, day(course.closed),
                course.outcome or None, course.place.by,
            )
        )  # fmt: skip
        self.lines["sim_way"].append(
            line(
                own, client.id, number, course.place.id, day(course.opened), day(course.assessed), day(course.facts),
                course.substance, minor, self._moment(course.place, course.opened + course.late), course.place.by,
            )
        )  # fmt: skip
        for stay in course.stays:
            self._treatment(client, own, course, stay, group, known)

    def _treatment(self, client: _Client, episode: int, course: Course, stay: Stay, group: str, known: str) -> None:
        """With the columns it is counted by, derived as `clients.actions.counting.fit` derives them."""
        own = self._base.treatment + self._number * TREATMENTS + self._treatments
        self._treatments += 1
        counts = stay.started is not None and course.facts is not None and course.assessed is not None
        on = stay.planned if stay.started is None else stay.started
        term = stay.place.term(on)
        invented = client.invented
        age = age_on(date.fromordinal(on), invented.born, invented.year)
        note = "Alasan rekaan" if stay.outcome and stay.outcome != "completed" else ""
        self.lines["clients_treatment"].append(
            line(
                own, client.id, episode, stay.place.id, stay.programme, stay.setting, day(stay.planned),
                day(stay.started), day(stay.ended), stay.outcome or None, note, day(stay.started) if counts else NULL,
                term.unit, group, invented.sex, age_group(age).value, known, term.ownership,
            )
        )  # fmt: skip

    def _case(self, client: _Client, place: Place, received: int) -> None:
        """Held by the unit that supervises the place; the letter is due after six days, and mostly out by then."""
        random = self._random
        received = max(received, place.opened, self._seasons.first)
        letter = received + random.choice((3, 4, 5, 5, 6, 6, 6, 7, 9))
        refused, slow = random.random() < 0.03, random.random() < 0.01
        status = TatStatus.REFUSED if refused else TatStatus.RESULT
        if letter > self._today or slow:
            status = TatStatus.SUBMITTED
        said = status == TatStatus.RESULT
        self.lines["sim_tat"].append(
            line(
                client.id, place.term(received).unit, day(received), day(letter) if said else NULL, status.value,
                self._dice(_TAT) if said else "", random.choice((3, 4, 6)) if said else None, place.by,
            )
        )  # fmt: skip

    def _moment(self, place: Place, recorded: int) -> str:
        """In office hours of the place's clock; of today only what has passed everywhere."""
        hour = "00:10" if recorded >= self._today else f"{self._random.randrange(8, 16):02d}:30"
        return f"{day(min(recorded, self._today))} {hour}+{place.hours:02d}"
