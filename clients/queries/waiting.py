"""The waiting list in its order, and why each stands where they stand.

The rule: first the class of priority, in the order of the settings; within a class who has waited longest; of one day who
was entered first.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.enums import ADULT_AGE, BEDDED, TAKEN_OVER, Admission, QueuePriority, Setting
from clients.models import Client, Episode, WaitingListEntry
from clients.queries.identities import birth_date_of
from clients.queries.way import age_on
from rehab import panels, tunables
from rehab.models import AuditEvent
from rehab.numbers import format_number

LONG_WAIT = "clients.long_wait_days"


def place_key(priority: str) -> str:
    """The setting that says at which place the class stands; 1 goes first."""
    return f"clients.queue_place.{priority}"


@dataclass(frozen=True)
class Ranked:
    """One entry in its queue. `higher`: people of a class that goes before; `longer`: of the same class, entered before."""

    entry: WaitingListEntry
    rank: int
    of: int
    days: int
    higher: int
    longer: int

    @property
    def why(self) -> str:
        """The rank in one sentence."""
        number = _("Number %(rank)s of %(of)s") % {"rank": self.rank, "of": format_number(self.of)}
        parts = []
        if self.higher:
            parts.append(
                ngettext("one person of a higher priority", "%(count)s people of a higher priority", self.higher)
                % {"count": self.higher}
            )
        if self.longer:
            parts.append(
                ngettext(
                    "one of the same priority who has waited longer",
                    "%(count)s of the same priority who have waited longer",
                    self.longer,
                )
                % {"count": self.longer}
            )
        if not parts:
            return _("%(number)s: nobody goes before.") % {"number": number}
        return _("%(number)s. Before: %(who)s.") % {"number": number, "who": ", ".join(parts)}


def group_of(entry: WaitingListEntry) -> tuple[int, str, str]:
    """Entries of one group wait for the same places: beds are kept by sex, other places are not."""
    return entry.facility_id, entry.setting, entry.sex if entry.setting in BEDDED else ""


def places_of_classes() -> dict[str, int]:
    """{priority: its place}, as the settings say. One query."""
    found = tunables.values(*[place_key(each) for each in QueuePriority])
    return {each.value: found[place_key(each)] for each in QueuePriority}


def ranked(entries: Iterable[WaitingListEntry], today: date, places: dict[str, int]) -> list[Ranked]:
    """Open entries, group by group in the order of the rule. No query."""
    groups: dict[tuple[int, str, str], list[WaitingListEntry]] = defaultdict(list)
    for entry in entries:
        groups[group_of(entry)].append(entry)
    found = []
    for group in groups.values():
        group.sort(key=lambda entry: (places[entry.priority], entry.entered_on, entry.pk))
        for before, entry in enumerate(group):
            higher = sum(places[other.priority] < places[entry.priority] for other in group[:before])
            days = max((today - entry.entered_on).days, 0)
            found.append(Ranked(entry, before + 1, len(group), days, higher, before - higher))
    return found


def queue_of(facility_id: int, setting: str, sex: str) -> list[WaitingListEntry]:
    """The open entries that wait for the same places, in no order. One query."""
    rows = WaitingListEntry.objects.open().filter(facility=facility_id, setting=setting)
    if setting in BEDDED:
        rows = rows.filter(sex=sex)
    return list(rows.select_related("episode__client"))


def rank_of(entry: WaitingListEntry, today: date) -> Ranked | None:
    """None once the wait is over. Two queries."""
    if not entry.is_open:
        return None
    group = ranked(queue_of(entry.facility_id, entry.setting, entry.sex), today, places_of_classes())
    return next((row for row in group if row.entry.pk == entry.pk), None)


def before(facility_id: int, setting: str, sex: str, episode_id: int, today: date) -> int:
    """How many people go before this episode for such a place: all, where it does not stand on the list itself."""
    entries = queue_of(facility_id, setting, sex)
    if not any(entry.episode_id != episode_id for entry in entries):
        return 0
    group = ranked(entries, today, places_of_classes())
    return next((row.rank - 1 for row in group if row.entry.episode_id == episode_id), len(group))


def waits_of(client: Client) -> list[WaitingListEntry]:
    """All of one client, the latest first. No query where `access.client_for` saw that there is none."""
    if not getattr(client, "waited", True):
        return []
    rows = WaitingListEntry.objects.filter(episode__client=client).select_related("facility", "episode").order_by("-pk")
    return panels.fetched_once(client, "waits", lambda: list(rows))


def trail(entry: WaitingListEntry, client: Client) -> list[AuditEvent]:
    """Everything that was done with the entry, the first thing first; nobody can alter it."""
    rows = AuditEvent.objects.filter(client_code=client.code, subject=entry._meta.label_lower, subject_id=str(entry.pk))
    return list(rows.exclude(verb="wait.opened").order_by("pk"))


def open_wait(episode: Episode) -> WaitingListEntry | None:
    return episode.waits.open().order_by("pk").first()


def suggested(episode: Episode) -> dict[str, str]:
    """Setting and priority that the record speaks for, with the reason; a person decides."""
    planned = episode.treatments.open().filter(started_on=None).values_list("setting", flat=True).first()
    setting = planned if planned in {Setting.INPATIENT, Setting.OUTPATIENT, Setting.IN_PRISON} else Setting.INPATIENT
    priority = QueuePriority.ORDINARY
    client = episode.client
    age = age_on(episode.responsible_facility.local_date(), birth_date_of(client), client.birth_year)
    if age is not None and age < ADULT_AGE:
        priority = QueuePriority.MINOR
    elif episode.admission == Admission.COURT:
        priority = QueuePriority.COURT_ORDER
    elif episode.handovers.filter(status__in=TAKEN_OVER).exists():
        priority = QueuePriority.HANDOVER
    reason = "" if priority == QueuePriority.ORDINARY else str(priority.label)
    return {"setting": setting, "priority": priority, "reason": reason}
