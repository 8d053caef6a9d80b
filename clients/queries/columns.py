"""What a list of clients, or a file of it, may say of each: columns, their words, and who may see them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Choices
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clients.enums import (
    Admission,
    AdmissionGroup,
    AgeGroup,
    EpisodeStatus,
    Programme,
    Setting,
    Substance,
    age_group,
)
from clients.queries.ways import Way, ways
from facilities.access import permissions_of
from rehab import panels
from rehab.enums import Sex
from rehab.models import User
from rehab.roles import Permission

Value = str | int | date | None
SUMMARY = frozenset({Permission.SEE_CLINICAL, Permission.SEE_CLINICAL_SUMMARY})
CONTACT = SUMMARY | {Permission.SEE_PLACEMENT}


@dataclass(frozen=True)
class Shared:
    """What is the same for a whole list: the day, and words in the language at hand."""

    today: date
    steps: dict[int, str]
    sexes: dict[str, str]

    @classmethod
    def now(cls) -> "Shared":
        steps = {step: str(word) for step, word in _STEPS.items()}
        return cls(timezone.localdate(), steps, {value: str(word) for value, word in Sex.choices})


@dataclass(slots=True)
class Known:
    """One client as the columns need it. `client` has pk, code, sex, birth_year and region; `extra` comes from above."""

    client: Any
    way: Way | None
    extra: Mapping[str, Value]
    facts: list[panels.Fact]
    shared: "Shared"
    age: int | None = None
    _last: tuple[str, date | None] | None = None

    @property
    def own(self):
        return self.way.own if self.way else None

    @property
    def last(self) -> tuple[str, date | None]:
        """What happened last within the episode, and when."""
        if self._last is None:
            on, step = last_step(self.way) if self.way else (None, None)
            self._last = ("" if step is None else self.shared.steps[step], on)
        return self._last


Read = Callable[[Known], Value]


@dataclass(frozen=True)
class Column:
    """`permissions`: who may see it, all who see clients where there are none; `contact`: needs the last and next meeting."""

    key: str
    label: str | Promise
    read: Read
    permissions: frozenset[Permission] = frozenset()
    contact: bool = False
    extra: panels.ListColumn | None = field(default=None, compare=False)
    words: Mapping[str, Any] | None = field(default=None, compare=False)

    def reader(self) -> Read:
        """Reads a whole list: words are looked up once, in the language at hand, which for each cell took as long as the rest."""
        if self.words is None:
            return self.read
        read = self.read
        words: dict[Value, str] = {value: str(word) for value, word in self.words.items()}
        return lambda known: words.get(value, value) if (value := read(known)) else None


def _of_episode(name: str) -> Callable[[Known], Any]:
    return lambda known: getattr(known.way.episode, name) if known.way else None


def _of_treatment(name: str) -> Callable[[Known], Any]:
    return lambda known: getattr(known.own, name) if known.own else None


def _age_group(known: Known) -> str:
    born = known.client.birth_year
    return age_group(known.shared.today.year - born if born else None)


def _days(known: Known) -> int | None:
    own = known.own
    if own is None or own.started_on is None:
        return None
    return max(((own.ended_on or known.shared.today) - own.started_on).days, 0)


def _last_step(known: Known) -> str:
    words, on = known.last
    return f"{words} {on:%d-%m-%Y}" if on else ""


def _about(known: Known) -> str:
    sex = known.shared.sexes[known.client.sex]
    return sex if known.age is None else f"{sex}, {known.age}"


def _next(known: Known) -> str:
    return "; ".join(f"{fact.label}: {fact.value}" for fact in known.facts)


_STEPS = dict(enumerate([_("registered"), _("assessed"), _("treatment started"), _("treatment ended"), _("closed")]))


def _worded(
    key: str, label: Any, choices: type[Choices], read: Read, permissions: frozenset[Permission] = frozenset()
) -> Column:
    """A column of fixed choices: `read` gives the value, a reader its word."""
    return Column(key, label, read, permissions, words=dict(choices.choices))


_COLUMNS = [
    Column("about", _("Sex, age"), _about),
    _worded("age_group", _("Age group"), AgeGroup, _age_group),
    _worded("status", _("Status"), EpisodeStatus, _of_episode("status")),
    Column("facility", _("Facility"), _of_episode("responsible_facility__name")),
    _worded("admission", _("Came by"), Admission, _of_episode("admission")),
    _worded("admission_group", _("Report group"), AdmissionGroup, _of_episode("admission_group")),
    Column("opened", _("Registered on"), _of_episode("opened_on")),
    _worded("setting", _("Setting"), Setting, _of_treatment("setting")),
    _worded("programme", _("Programme"), Programme, _of_treatment("programme")),
    Column("started", _("Treatment started on"), _of_treatment("started_on")),
    Column("days", _("Days in treatment"), _days),
    _worded("substance", _("Main substance"), Substance, _of_episode("main_substance"), SUMMARY),
    Column("contact", _("Last contact"), _of_treatment("contact_on"), CONTACT, contact=True),
    Column("session", _("Next session"), _of_treatment("next_on"), CONTACT, contact=True),
    Column("last", _("Last step"), _last_step),
    Column("next", _("Next"), _next),
]
_AT_FACILITY = ("about", "status", "last", "next")
_AT_UNIT = ("about", "status", "facility", "last", "next")


def columns_for(user: User) -> dict[str, Column]:
    """{key: column} of all that the person may have in a list, in their order."""
    held = permissions_of(user)
    above = [Column(one.key, one.label, _extra(one.key), one.permissions, extra=one) for one in panels.list_columns()]
    return {one.key: one for one in (*_COLUMNS, *above) if not one.permissions or one.permissions & held}


def _extra(key: str) -> Read:
    return lambda known: known.extra.get(key)


def chosen(user: User, keys: Iterable[str]) -> list[Column]:
    """Of these keys those that the person may have; what everybody begins with where none is left."""
    every, wanted = columns_for(user), set(keys)
    found = [column for key, column in every.items() if key in wanted]
    if found:
        return found
    at_facility = getattr(getattr(user, "active_post", None), "facility_id", None)
    return [every[key] for key in (_AT_FACILITY if at_facility else _AT_UNIT)]


def known(user: User, clients: list[Any], columns: Iterable[Column]) -> list[Known]:
    """All that the columns need of these clients: one query, and one for each reader of a floor above that is asked."""
    keys, asked, shared = [client.pk for client in clients], list(columns), Shared.now()
    way = ways(user, keys, contact=any(column.contact for column in asked))
    facts = panels.client_facts.merge(user, clients) if any(column.key == "next" for column in asked) else {}
    extra = {column.key: column.extra.read(user, clients) for column in asked if column.extra}
    return [
        Known(
            client,
            way.get(client.pk),
            {key: values[client.pk] for key, values in extra.items() if client.pk in values},
            _planned(way.get(client.pk)) + facts.get(client.pk, []),
            shared,
        )
        for client in clients
    ]


def last_step(way: Way) -> tuple[date, int]:
    """The day of what happened last, and which of the steps it was; of one day the furthest."""
    episode = way.episode
    steps = [(episode.opened_on, 0)]
    if episode.assessed_on:
        steps.append((episode.assessed_on, 1))
    if episode.closed_on:
        steps.append((episode.closed_on, 4))
    for held in way.treatments:
        if held.started_on:
            steps.append((held.started_on, 2))
        if held.ended_on:
            steps.append((held.ended_on, 3))
    return max(steps)


def _planned(way: Way | None) -> list[panels.Fact]:
    """What a plan that has not started says is next."""
    waiting = [held for held in way.treatments if held.started_on is None] if way else []
    return [panels.Fact(_("start planned"), f"{held.planned_on:%d-%m-%Y}") for held in waiting]


def told(value: Value) -> str:
    """A value as a page shows it."""
    if value is None:
        return ""
    return f"{value:%d-%m-%Y}" if isinstance(value, date) else str(value)
