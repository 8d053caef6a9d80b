"""The ways of one client, as the actions would have let them go: nothing after today, one open episode, the order of the steps."""

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

from clients.enums import Admission, EpisodeStatus, Outcome, Programme, Setting, Substance
from reports.simulation.kinds import Weights
from reports.simulation.nation import Nation, Place

# Of a hundred treatments that end.
OUTCOMES: Weights = (
    (Outcome.COMPLETED, 62), (Outcome.DROP_OUT, 19), (Outcome.FORCED_HOME, 4), (Outcome.ABSCONDED, 4),
    (Outcome.REFERRED, 7), (Outcome.MOVED, 3), (Outcome.DIED, 1),
)  # fmt: skip
SUBSTANCES: Weights = (
    (Substance.STIMULANTS, 50), (Substance.CANNABIS, 20), (Substance.MULTIPLE, 9), (Substance.SEDATIVES, 6),
    (Substance.OPIOIDS, 5), (Substance.ALCOHOL, 5), (Substance.SOLVENTS, 3), (Substance.HALLUCINOGENS, 1),
    (Substance.COCAINE, 0.5), (Substance.TOBACCO, 0.5),
)  # fmt: skip
# Without any treatment, when a client stays away.
LEAVING: Weights = ((Outcome.DROP_OUT, 80), (Outcome.MOVED, 15), (Outcome.DIED, 1), (Outcome.REFERRED, 4))
LENGTH: dict[str, tuple[int, int]] = {
    Setting.OUTPATIENT: (90, 20), Setting.INPATIENT: (130, 30), Setting.IN_PRISON: (170, 25), Setting.COMMUNITY: (60, 15),
}  # fmt: skip
COMES_BACK: dict[str, float] = {Outcome.COMPLETED: 0.1, Outcome.DROP_OUT: 0.2, Outcome.DIED: 0.0}
MOST_EPISODES = 3
NEVER_ENDED, LATE = 0.012, 0.05
WITHOUT_FACTS, WITHOUT_INSTRUMENT = 0.02, 0.012


@dataclass(slots=True)
class Stay:
    """A treatment. Days are ordinals; None has not come."""

    place: Place
    setting: str
    programme: str
    planned: int
    started: int | None = None
    ended: int | None = None
    outcome: str = ""


@dataclass(slots=True)
class Course:
    """An episode. `late`: how many days after the event it was recorded; `place` took the client in, `responsible` has them now."""

    place: Place
    admission: str
    substance: str
    opened: int
    late: int
    responsible: Place
    status: str = EpisodeStatus.REGISTERED.value
    assessed: int | None = None
    facts: int | None = None
    closed: int | None = None
    outcome: str = ""
    stays: list[Stay] = field(default_factory=list)

    def close(self, day: int, outcome: str) -> None:
        self.closed, self.outcome, self.status = day, outcome, EpisodeStatus.CLOSED.value


class Dice:
    """Weighted draws from tables that are made ready once. Gives the bare value: an enum's text costs a call."""

    def __init__(self, random: Random):
        self._random = random
        self._ready: dict[int, tuple[list, list]] = {}

    def __call__(self, weights: Weights) -> str:
        ready = self._ready.get(id(weights))
        if ready is None:
            ready = [str(value) for value, _ in weights], list(accumulate(weight for _, weight in weights))
            self._ready[id(weights)] = ready
        values, reached = ready
        return values[bisect_right(reached, self._random.random() * reached[-1])]


class Ways:
    def __init__(self, random: Random, nation: Nation, today: int):
        self._random, self._nation, self._today = random, nation, today
        self._dice = Dice(random)

    def of_one(self, place: Place, opened: int) -> list[Course]:
        """One to three episodes of a client who is first taken in at `place`."""
        random = self._random
        substance = self._dice(SUBSTANCES)
        courses = [self._course(place, opened, substance)]
        while len(courses) < MOST_EPISODES:
            last = courses[-1]
            if last.closed is None or random.random() >= COMES_BACK.get(last.outcome, 0.12):
                break
            again = last.closed + 20 + int(random.expovariate(1 / 300))
            if again > self._today:
                break
            at = last.responsible
            if random.random() < 0.4 or not at.takes(again):
                at = self._nation.another(random, at, again)
            if not at.takes(again):
                break
            courses.append(self._course(at, again, substance))
        return courses

    def _course(self, place: Place, opened: int, substance: str) -> Course:
        random, today = self._random, self._today
        late = random.randrange(35, 200) if random.random() < LATE else 0
        course = Course(place, self._dice(place.rule.doors), substance, opened, min(late, today - opened), place)
        leaves = random.random()
        if leaves < 0.03:
            return self._stays_away(course, opened + random.randrange(30, 90))
        assessed = opened + random.randrange(8)
        if assessed > today:
            return course
        if random.random() >= WITHOUT_INSTRUMENT:
            course.assessed, course.status = assessed, EpisodeStatus.ASSESSED.value
        facts = max(assessed + random.randrange(6), opened + course.late)
        if leaves < 0.07:
            course.facts = facts if facts <= today and random.random() < 0.5 else None
            return self._stays_away(course, assessed + random.randrange(14, 60))
        planned = assessed + random.randrange(6)
        if planned > today or facts > today:
            return course
        # Six facts that were taken back after the start: such a treatment goes on, and does not count.
        course.facts = None if random.random() < WITHOUT_FACTS else facts
        self._treat(course, place, planned)
        return course

    def _stays_away(self, course: Course, day: int) -> Course:
        if day <= self._today and self._random.random() > 0.04:
            course.close(day, self._dice(LEAVING))
        return course

    def _treat(self, course: Course, place: Place, planned: int) -> None:
        """Plan, start, end; a referral within Titian goes on at the next facility in the same episode."""
        random, today = self._random, self._today
        stay = self._plan(course, place, planned)
        wait = random.randrange(12) if stay.setting != Setting.INPATIENT else random.randrange(30)
        started = planned + wait
        # Without facts nothing starts by itself: what did start had them then.
        if started > today or (course.facts is not None and not course.late and max(started, course.facts) > today):
            return
        if course.facts is not None and not course.late:
            started = max(started, course.facts)
        stay.started, course.status = started, EpisodeStatus.IN_TREATMENT.value
        mean, spread = LENGTH[stay.setting]
        outcome = self._dice(OUTCOMES)
        days = random.gauss(mean, spread) if outcome == Outcome.COMPLETED else random.random() * mean
        ended = started + max(3, int(days))
        if ended > today or random.random() < NEVER_ENDED:
            return
        stay.ended, stay.outcome = ended, outcome
        chained = outcome == Outcome.REFERRED and len(course.stays) == 1 and random.random() < 0.65
        receiver = self._nation.another(random, place, ended) if chained else place
        if receiver is place:
            course.close(ended, outcome)
            return
        course.responsible, course.status = receiver, EpisodeStatus.PLANNED.value
        self._treat(course, receiver, ended)

    def _plan(self, course: Course, place: Place, planned: int) -> Stay:
        setting = self._dice(place.rule.settings)
        if course.admission == Admission.COMMUNITY and not place.prison and self._random.random() < 0.4:
            setting = Setting.COMMUNITY.value
        closed_ward = setting in (Setting.INPATIENT, Setting.IN_PRISON)
        programme = Programme.TC if closed_ward and self._random.random() < 0.7 else Programme.NON_TC
        stay = Stay(place, setting, programme.value, planned)
        course.stays.append(stay)
        if course.status != EpisodeStatus.IN_TREATMENT:
            course.status = EpisodeStatus.PLANNED.value
        return stay
