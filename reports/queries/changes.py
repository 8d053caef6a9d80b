"""What came after a seal: each line's members then and now, so that "+3" explains itself."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.apps import apps
from django.utils.translation import gettext as _

from facilities.models import Facility
from rehab.numbers import format_date
from reports.enums import FigureScope
from reports.indicators import REGISTRY, Indicator
from reports.models import Report, ReportLine, RunMember
from reports.queries.counted import Counted, counted_members
from reports.queries.rules import rules
from reports.queries.tree import Units


@dataclass(frozen=True)
class Changed:
    """One member that counts now and did not, or no longer does, or counts otherwise. `how`: (what, before, after)."""

    code: str
    facility: str
    on: date
    how: tuple[tuple[str, str, str], ...] = ()


@dataclass
class LineChanges:
    line: ReportLine
    sealed: int
    now: int
    added: list[Changed] = field(default_factory=list)
    removed: list[Changed] = field(default_factory=list)
    reclassified: list[Changed] = field(default_factory=list)

    @property
    def difference(self) -> int:
        return self.now - self.sealed

    @property
    def is_changed(self) -> bool:
        return bool(self.added or self.removed or self.reclassified)


@dataclass(frozen=True)
class _Pair:
    before: RunMember | None
    now: Counted | None


def changes(report: Report) -> list[LineChanges]:
    """Each counted line of the report against the figures of this moment. A fixed number of queries for each line."""
    lines = [
        line for line in report.lines.order_by("position") if line.source == "counted" and line.indicator in REGISTRY
    ]
    kept = members_of(report)
    units, in_force, scope = Units(), rules(), FigureScope(report.scope)
    found: list[tuple[LineChanges, Indicator, list[_Pair]]] = []
    for line in lines:
        indicator = REGISTRY[line.indicator]
        live = {
            member.key: member
            for member in counted_members(indicator, report.unit, report.counted_period, scope, units, in_force)
        }
        sealed = kept[line.indicator]
        pairs = [_Pair(sealed.get(key), live.get(key)) for key in sealed.keys() | live.keys()]
        found.append((LineChanges(line, len(sealed), len(live)), indicator, [pair for pair in pairs if _differs(pair)]))
    places = _places(pair for _line, _indicator, pairs in found for pair in pairs)
    for told, indicator, pairs in found:
        _tell(told, indicator, pairs, places, units)
    return [told for told, _indicator, _pairs in found]


def members_of(report: Report) -> dict[str, dict[tuple[str, int], RunMember]]:
    """By indicator what the report counted, by source and id. One query."""
    kept: dict[str, dict[tuple[str, int], RunMember]] = defaultdict(dict)
    for member in report.counted_members().iterator(chunk_size=2000):
        kept[member.indicator][member.source, member.source_id] = member
    return kept


def _differs(pair: _Pair) -> bool:
    if pair.before is None or pair.now is None:
        return True
    before, now = pair.before, pair.now
    return (before.counted_on, before.facility_id, before.values) != (now.on, now.facility_id, now.values)


def _tell(told: LineChanges, indicator: Indicator, pairs: list[_Pair], places: dict[int, str], units: Units) -> None:
    codes = _codes(indicator, [pair.before for pair in pairs if pair.before and not pair.now])
    for pair in pairs:
        if pair.before is None and pair.now is not None:
            told.added.append(Changed(pair.now.code or "", places.get(pair.now.facility_id or 0, ""), pair.now.on))
        elif pair.before is not None and pair.now is None:
            place = places.get(pair.before.facility_id or 0, "")
            told.removed.append(Changed(codes.get(pair.before.source_id, ""), place, pair.before.counted_on))
        elif pair.before is not None and pair.now is not None:
            place = places.get(pair.now.facility_id or 0, "")
            how = tuple(_how(indicator, pair.before, pair.now, places, units))
            told.reclassified.append(Changed(pair.now.code or "", place, pair.now.on, how))
    for group in (told.added, told.removed, told.reclassified):
        group.sort(key=lambda each: (each.on, each.code))


def _how(
    indicator: Indicator, before: RunMember, now: Counted, places: dict[int, str], units: Units
) -> Iterable[tuple[str, str, str]]:
    """What it was counted by, where that differs, in words."""
    if before.counted_on != now.on:
        yield _("Counted on"), format_date(before.counted_on), format_date(now.on)
    if before.facility_id != now.facility_id:
        yield _("Facility"), places.get(before.facility_id or 0, "–"), places.get(now.facility_id or 0, "–")
    if before.values.get("unit") != now.values.get("unit"):
        names = units.latest()
        told = [
            names[unit].name if unit in names else "–" for unit in (before.values.get("unit"), now.values.get("unit"))
        ]
        yield _("Unit"), told[0], told[1]
    columns = [*indicator.breakdowns, *([indicator.ratio.breakdown] if indicator.ratio else [])]
    for column in columns:
        was, is_now = before.values.get(column.key), now.values.get(column.key)
        if was != is_now:
            yield str(column.title), column.label(str(was or "")), column.label(str(is_now or ""))


def _places(pairs: Iterable[_Pair]) -> dict[int, str]:
    wanted = {each.facility_id for pair in pairs for each in (pair.before, pair.now) if each and each.facility_id}
    return dict(Facility.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def _codes(indicator: Indicator, gone: list[RunMember]) -> dict[int, str]:
    """Codes of members that no longer count, from their rows, where these still stand."""
    if not gone:
        return {}
    model = apps.get_model(gone[0].source)
    path = "code" if model is Facility else indicator.code_path
    rows = model._default_manager.filter(pk__in=[member.source_id for member in gone])
    return dict(rows.values_list("pk", path))


__all__ = ["Changed", "LineChanges", "changes"]
