"""Units or facilities side by side, each with its last twelve months as a small line."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.models import Facility
from rehab.numbers import achievement
from rehab.periods import Kind as PeriodKind
from rehab.periods import Period
from reports.cards.aims import Aim, aims
from reports.cards.base import EVENTS, Card, Cell, Column, Content, Frame, Kind, Line, Table
from reports.cards.sparkline import spark
from reports.dashboard import address
from reports.enums import FigureScope
from reports.indicators import Indicator
from reports.queries.months import MonthCount, month_counts
from reports.queries.rules import rules
from reports.queries.tally import Count
from reports.queries.tree import Node

MONTHS = 12


@dataclass
class _Place:
    """One row: its months, and of a unit what it was to reach."""

    node: Node | None = None
    facility: Facility | None = None
    months: dict[date, Count] = field(default_factory=lambda: defaultdict(Count))

    def total(self, firsts: Iterable[date]) -> Count:
        return sum((self.months[first] for first in firsts if first in self.months), Count())


def build(frame: Frame) -> Content:
    offered = [each for each in EVENTS if frame.is_tree or each.at_facilities]
    indicator = frame.chosen(offered)
    firsts = _last_months(frame.as_of)
    counts = _counts(frame, indicator, firsts)
    places = _units(frame, counts) if frame.is_tree else _facilities(frame, counts)
    return Content(
        _table(frame, indicator, places, firsts).sorted_by("-value"),
        lead=_("%(title)s up to now; the line shows the last twelve months, each to its own height.")
        % {"title": indicator.title},
        note=""
        if frame.open or frame.is_tree
        else _("Your role sees no small numbers of single facilities, and no months of them."),
        nothing=_("Nothing is counted below this unit in this year."),
        choices=frame.indicator_choices(CARD.key, offered),
    )


def _last_months(day: date) -> list[date]:
    at = day.year * 12 + day.month - 1
    return [date((at - back) // 12, (at - back) % 12 + 1, 1) for back in range(MONTHS - 1, -1, -1)]


def _counts(frame: Frame, indicator: Indicator, firsts: list[date]) -> list[MonthCount]:
    if frame.cut is None:
        return []
    span = Period(firsts[0], frame.cut.end, PeriodKind.SPAN)
    return month_counts(indicator, span, frame.reach, rules())


def _units(frame: Frame, counts: list[MonthCount]) -> list[_Place]:
    places = {node.id: _Place(node=node) for node in frame.parts}
    for each in counts:
        place = places[frame.part_of(each.unit)]
        place.months[each.first] += Count(each.members, each.hits)
    return [place for place in places.values() if place.node and (place.node.exists or place.months)]


def _facilities(frame: Frame, counts: list[MonthCount]) -> list[_Place]:
    """Those open today, and those that counted for the unit in these months, wherever they stand now."""
    places = {pk: _Place(facility=facility) for pk, facility in frame.facilities.items()}
    gone = {each.facility for each in counts if each.facility} - places.keys()
    if gone:
        others = Facility.objects.filter(pk__in=gone).only("pk", "code", "name", "unit_id")
        places |= {facility.pk: _Place(facility=facility) for facility in others}
    for each in counts:
        if each.facility:
            places[each.facility].months[each.first] += Count(each.members, each.hits)
    return list(places.values())


def _table(frame: Frame, indicator: Indicator, places: list[_Place], firsts: list[date]) -> Table:
    columns = [
        Column("name", _("Unit") if frame.is_tree else _("Facility"), Kind.TEXT),
        Column("value", indicator.title, places=indicator.places),
    ]
    this_year = [first for first in firsts if first.year == frame.year]
    if frame.is_tree:
        held = aims(frame, indicator)
        columns += [
            Column("share", _("Achievement"), Kind.PERCENT),
            Column("due", _("Of what was expected by now"), Kind.PERCENT),
        ]
        rows = [_unit_row(frame, indicator, place, this_year, held[place.node.id]) for place in places if place.node]
    else:
        rows = _facility_rows(frame, indicator, places, this_year)
    lined = frame.open or frame.is_tree
    if lined:
        columns.append(Column("months", _("Last twelve months"), Kind.DRAWING))
        rows = [(*cells, _drawing(indicator, place, firsts)) for cells, place in zip(rows, _kept(places), strict=True)]
    return Table(tuple(columns), tuple(Line(tuple(cells)) for cells in rows))


def _kept(places: list[_Place]) -> list[_Place]:
    return [place for place in places if place.node or place.facility]


def _unit_row(frame: Frame, indicator: Indicator, place: _Place, firsts: list[date], aim: Aim) -> tuple[Cell, ...]:
    node = place.node
    is_self = node.id == frame.place.pk
    scope = FigureScope.OWN if is_self or not frame.tree.children(node.id) else FigureScope.TREE
    count = place.total(firsts)
    known = count.members or (node.activated_on and node.activated_on <= frame.as_of)
    value = indicator.value(count.members, count.hits) if known else None
    url = frame.node_url(node)
    return (
        Cell(node.name, url, note=_("own facilities") if is_self else ""),
        Cell(value, address(node.code, frame.year, indicator, scope) if url and value else ""),
        Cell(achievement(value, aim.value, indicator.lower_is_better)),
        Cell(achievement(value, aim.due, indicator.lower_is_better)),
    )


def _facility_rows(
    frame: Frame, indicator: Indicator, places: list[_Place], firsts: list[date]
) -> list[tuple[Cell, ...]]:
    counts = {place.facility.pk: place.total(firsts) for place in places if place.facility}
    shown = frame.counts({pk: count.members for pk, count in counts.items()})
    rows = []
    for place in _kept(places):
        pk, count = place.facility.pk, counts[place.facility.pk]
        value = (
            Cell(hidden=True) if shown[pk] is None else Cell(_value(indicator, count), _members(frame, indicator, pk))
        )
        rows.append((Cell(place.facility.name, frame.facility_url(place.facility)), value))
    return rows


def _value(indicator: Indicator, count: Count) -> Decimal | int | None:
    return indicator.value(count.members, count.hits)


def _members(frame: Frame, indicator: Indicator, facility: int) -> str:
    if not frame.open:
        return ""
    return address(frame.place.code, frame.year, indicator, FigureScope.OWN, facility=str(facility))


def _drawing(indicator: Indicator, place: _Place, firsts: list[date]) -> Cell:
    months = []
    for first in firsts:
        count = place.months.get(first, Count())
        value = indicator.value(count.members, count.hits)
        months.append((first.month, value))
    line = spark(months)
    return Cell(line.words if line else None, drawing=line)


CARD = Card(
    "peringkat", gettext_lazy("Side by side"), build, lambda frame: not frame.is_facility and frame.cut is not None
)
