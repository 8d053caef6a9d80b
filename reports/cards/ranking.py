"""Units or facilities side by side, each with its last twelve months as a small line."""

from collections import defaultdict
from datetime import date

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


Months = dict[date, Count]


def build(frame: Frame) -> Content:
    offered = [each for each in EVENTS if frame.is_tree or each.at_facilities]
    indicator = frame.chosen(offered)
    firsts = _last_months(frame.as_of)
    counts = _counts(frame, indicator, firsts)
    table = (
        _of_units(frame, indicator, counts, firsts)
        if frame.is_tree
        else _of_facilities(frame, indicator, counts, firsts)
    )
    return Content(
        table.sorted_by("-value"),
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


def _of_units(frame: Frame, indicator: Indicator, counts: list[MonthCount], firsts: list[date]) -> Table:
    months: dict[int, Months] = {node.id: defaultdict(Count) for node in frame.parts}
    for each in counts:
        months[frame.part_of(each.unit)][each.first] += Count(each.members, each.hits)
    columns = (
        Column("name", _("Unit"), Kind.TEXT),
        Column("value", indicator.title, places=indicator.places),
        Column("share", _("Achievement"), Kind.PERCENT),
        Column("due", _("Of what was expected by now"), Kind.PERCENT),
        Column("months", _("Last twelve months"), Kind.DRAWING),
    )
    held = aims(frame, indicator)
    rows = [
        Line(
            (
                *_unit_cells(frame, indicator, node, months[node.id], held[node.id]),
                _drawing(indicator, months[node.id], firsts),
            )
        )
        for node in frame.parts
        if node.exists or months[node.id]
    ]
    return Table(columns, tuple(rows))


def _unit_cells(frame: Frame, indicator: Indicator, node: Node, months: Months, aim: Aim) -> tuple[Cell, ...]:
    is_self = node.id == frame.place.pk
    scope = FigureScope.OWN if is_self or not frame.tree.children(node.id) else FigureScope.TREE
    count = _of_year(frame, months)
    known = count.members or (node.activated_on and node.activated_on <= frame.as_of)
    value = indicator.value(count.members, count.hits) if known else None
    url = frame.node_url(node)
    return (
        Cell(node.name, url, note=_("own facilities") if is_self else ""),
        Cell(value, address(node.code, frame.year, indicator, scope) if url and value else ""),
        Cell(achievement(value, aim.value, indicator.lower_is_better)),
        Cell(achievement(value, aim.due, indicator.lower_is_better)),
    )


def _of_facilities(frame: Frame, indicator: Indicator, counts: list[MonthCount], firsts: list[date]) -> Table:
    """Those open today, and those that counted for the unit in these months, wherever they stand now."""
    months: dict[int, Months] = defaultdict(lambda: defaultdict(Count))
    for each in counts:
        if each.facility:
            months[each.facility][each.first] += Count(each.members, each.hits)
    gone = months.keys() - frame.facilities.keys()
    places = list(frame.facilities.values())
    places += Facility.objects.filter(pk__in=gone).only("pk", "code", "name", "unit_id") if gone else []
    found = {place.pk: _of_year(frame, months[place.pk]) for place in places}
    shown = frame.counts({pk: count.members for pk, count in found.items()})
    columns = [Column("name", _("Facility"), Kind.TEXT), Column("value", indicator.title, places=indicator.places)]
    # Months of single facilities are small numbers: they are for who may open the members.
    columns += [Column("months", _("Last twelve months"), Kind.DRAWING)] if frame.open else []
    rows = []
    for place in places:
        cells = [Cell(place.name, frame.facility_url(place)), _number(frame, indicator, place.pk, found, shown)]
        cells += [_drawing(indicator, months[place.pk], firsts)] if frame.open else []
        rows.append(Line(tuple(cells)))
    return Table(tuple(columns), tuple(rows))


def _number(
    frame: Frame, indicator: Indicator, facility: int, found: dict[int, Count], shown: dict[int, int | None]
) -> Cell:
    if shown[facility] is None:
        return Cell(hidden=True)
    count = found[facility]
    url = (
        address(frame.place.code, frame.year, indicator, FigureScope.OWN, facility=str(facility)) if frame.open else ""
    )
    return Cell(indicator.value(count.members, count.hits), url)


def _of_year(frame: Frame, months: Months) -> Count:
    return sum((count for first, count in months.items() if first.year == frame.year), Count())


def _drawing(indicator: Indicator, months: Months, firsts: list[date]) -> Cell:
    values = []
    for first in firsts:
        count = months.get(first, Count())
        values.append((first.month, indicator.value(count.members, count.hits)))
    line = spark(values)
    return Cell(line.words if line else None, drawing=line)


CARD = Card(
    "peringkat", gettext_lazy("Side by side"), build, lambda frame: not frame.is_facility and frame.cut is not None
)
