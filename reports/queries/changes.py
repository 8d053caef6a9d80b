"""What changed between two counts: each line's members then and now, by facility and with the reason, so that "+3" explains
itself. A sealed report is compared with the figures of this moment, a later report with the sealed one before it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from facilities.models import Facility
from rehab.numbers import format_date
from reports.enums import FigureScope, ReportStatus
from reports.indicators import REGISTRY, Indicator, Rules
from reports.models import Report, ReportLine, RunMember
from reports.queries import reasons
from reports.queries.counted import Counted, counted_members
from reports.queries.rules import rules
from reports.queries.tree import Units

Members = dict[tuple[str, int], Counted]


@dataclass(frozen=True)
class Changed:
    """One member that counts now and did not, or no longer does, or counts otherwise. `how`: (what, before, after).

    `recorded`: since when the row of one that was added has the date that it counts by, where its history tells.
    """

    code: str
    facility: str
    on: date
    how: tuple[tuple[str, str, str], ...] = ()
    recorded: datetime | None = None


@dataclass
class Group:
    """What changed: of one line, or of one facility in it."""

    added: list[Changed] = field(default_factory=list)
    removed: list[Changed] = field(default_factory=list)
    reclassified: list[Changed] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return bool(self.added or self.removed or self.reclassified)

    @property
    def balance(self) -> int:
        return len(self.added) - len(self.removed)


@dataclass
class LineChanges(Group):
    line: ReportLine = field(kw_only=True)
    sealed: int = field(kw_only=True)
    now: int = field(kw_only=True)

    @property
    def title(self) -> Any:
        return REGISTRY[self.line.indicator].title

    @property
    def difference(self) -> int:
        return self.now - self.sealed

    @property
    def places(self) -> list[tuple[str, Group]]:
        """By the name of the facility, where most changed first; what belongs to none has the empty name."""
        found: dict[str, Group] = defaultdict(Group)
        for name in ("added", "removed", "reclassified"):
            for each in getattr(self, name):
                getattr(found[each.facility], name).append(each)
        return sorted(found.items(), key=lambda pair: (-len(pair[1].added) - len(pair[1].removed), pair[0]))


@dataclass(frozen=True)
class Earlier:
    """The sealed report that a later one is compared with, and what differs in the time that both cover."""

    report: Report
    lines: list[LineChanges]


def changes(report: Report) -> list[LineChanges]:
    """Each counted line of the report against the figures of this moment. A fixed number of queries for each line."""
    units, in_force, scope = Units(), rules(), FigureScope(report.scope)
    kept = members_of(report)

    def live(indicator: Indicator) -> Members:
        found = counted_members(indicator, report.unit, report.counted_period, scope, units, in_force)
        return {member.key: member for member in found}

    pairs = [(line, kept[line.indicator], live(REGISTRY[line.indicator])) for line in _lines(report)]
    return _compared(pairs, units, in_force)


def since_sealed(report: Report) -> Earlier | None:
    """What the report counts otherwise in the time that the last sealed report before it covers; None without such a one.

    States of a day (a flag that a facility has) are left out: the two reports tell of different days.
    """
    earlier = earlier_sealed(report)
    if earlier is None:
        return None
    then, now = members_of(earlier), members_of(report)
    pairs = []
    for line in _lines(earlier):
        if not REGISTRY[line.indicator].is_state:
            both = {key: member for key, member in now[line.indicator].items() if member.on < earlier.ends_on}
            pairs.append((line, then[line.indicator], both))
    return Earlier(earlier, _compared(pairs, Units(), rules()))


def earlier_sealed(report: Report) -> Report | None:
    """The last sealed report of the unit and year that ends with this one's period or before it. One query."""
    found = Report.objects.filter(
        unit=report.unit_id,
        scope=report.scope,
        status=ReportStatus.SEALED,
        ends_on__lte=report.ends_on,
        ends_on__gt=report.counted_period.start,
        cut_off__lt=report.cut_off,
    )
    return found.exclude(pk=report.pk).select_related("unit").order_by("-ends_on", "-cut_off", "-pk").first()


def members_of(report: Report) -> Mapping[str, Members]:
    """By indicator what the report counted, by source and id. One query."""
    kept: dict[str, Members] = defaultdict(dict)
    for member in report.counted_members().iterator(chunk_size=2000):
        counted = _counted(member)
        kept[member.indicator][counted.key] = counted
    return kept


def _counted(member: RunMember) -> Counted:
    return Counted(
        member.source, member.source_id, None, member.person_id, member.facility_id, member.counted_on, member.values
    )


def _lines(report: Report) -> list[ReportLine]:
    counted = report.lines.filter(source="counted").order_by("position")
    return [line for line in counted if line.indicator in REGISTRY]


@dataclass(frozen=True)
class _Pair:
    before: Counted | None
    now: Counted | None

    @property
    def differs(self) -> bool:
        if self.before is None or self.now is None:
            return True
        return (self.before.on, self.before.facility_id, self.before.values) != (
            self.now.on, self.now.facility_id, self.now.values,
        )  # fmt: skip


def _compared(found: Iterable[tuple[ReportLine, Members, Members]], units: Units, in_force: Rules) -> list[LineChanges]:
    told = []
    for line, then, now in found:
        pairs = [_Pair(then.get(key), now.get(key)) for key in then.keys() | now.keys()]
        told.append((LineChanges(line=line, sealed=len(then), now=len(now)), [pair for pair in pairs if pair.differs]))
    words = _Words(_places(pair for _line, pairs in told for pair in pairs), units)
    for changed, pairs in told:
        _tell(changed, REGISTRY[changed.line.indicator], pairs, words, in_force)
    return [changed for changed, _pairs in told]


@dataclass(frozen=True)
class _Words:
    """Names of facilities and units."""

    places: Mapping[int, str]
    units: Units

    def place(self, facility: int | None) -> str:
        return self.places.get(facility or 0, "")

    def unit(self, unit: Any) -> str:
        names = self.units.latest()
        return names[unit].name if unit in names else "–"


def _tell(told: LineChanges, indicator: Indicator, pairs: list[_Pair], words: _Words, in_force: Rules) -> None:
    """Put each member where it belongs, with its code and reason. Three queries at most."""
    every = [pair.now or pair.before for pair in pairs]
    if not every:
        return
    source = indicator.source
    codes = reasons.codes(source, indicator, [each.source_id for each in every if each and not each.code])
    came = [pair.now for pair in pairs if pair.now and not pair.before]
    went = [pair.before for pair in pairs if pair.before and not pair.now]
    recorded = reasons.recorded(source, indicator, [member.source_id for member in came])
    moved = reasons.elsewhere(indicator, [member.source_id for member in went], in_force)

    def changed(member: Counted, how: Iterable[tuple[str, str, str]] = (), since: datetime | None = None) -> Changed:
        code = member.code or codes.get(member.source_id, "")
        return Changed(code, words.place(member.facility_id), member.on, tuple(how), since)

    told.added += [changed(member, since=recorded.get((member.source_id, member.on))) for member in came]
    told.removed += [changed(member, _moved(member, moved.get(member.source_id), words)) for member in went]
    told.reclassified += [
        changed(pair.now, _how(indicator, pair.before, pair.now, words)) for pair in pairs if pair.before and pair.now
    ]
    for group in (told.added, told.removed, told.reclassified):
        group.sort(key=lambda each: (each.on, each.code))


def _moved(before: Counted, now: reasons.Elsewhere | None, words: _Words) -> Iterator[tuple[str, str, str]]:
    """Where a member that is gone counts now; nothing for one that no longer meets the definition."""
    if now is None:
        return
    if before.on != now.on:
        yield _("Counted on"), format_date(before.on), format_date(now.on)
    if before.values.get("unit") != now.unit:
        yield _("Unit"), words.unit(before.values.get("unit")), words.unit(now.unit)


def _how(indicator: Indicator, before: Counted, now: Counted, words: _Words) -> Iterator[tuple[str, str, str]]:
    """What it was counted by, where that differs, in words."""
    if before.on != now.on:
        yield _("Counted on"), format_date(before.on), format_date(now.on)
    if before.facility_id != now.facility_id:
        yield _("Facility"), words.place(before.facility_id) or "–", words.place(now.facility_id) or "–"
    if before.values.get("unit") != now.values.get("unit"):
        yield _("Unit"), words.unit(before.values.get("unit")), words.unit(now.values.get("unit"))
    for column in indicator.all_breakdowns:
        was, is_now = before.values.get(column.key), now.values.get(column.key)
        if was != is_now:
            yield str(column.title), column.label(str(was or "")), column.label(str(is_now or ""))


def _places(pairs: Iterable[_Pair]) -> dict[int, str]:
    wanted = {each.facility_id for pair in pairs for each in (pair.before, pair.now) if each and each.facility_id}
    return dict(Facility.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


__all__ = ["Changed", "Earlier", "Group", "LineChanges", "changes", "earlier_sealed", "members_of", "since_sealed"]
