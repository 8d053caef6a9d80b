"""The recap of a unit: the units below it × how clients came × the twelve months, live, with every sum.

One statement counts, over the same definition that the figures are counted by; another reads the tree.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F
from django.utils.translation import gettext_lazy as _

from clients.enums import AdmissionGroup
from facilities.models import Unit
from rehab.periods import Period
from reports.enums import FigureScope
from reports.indicators.clients import ADMISSION, CLIENTS_REHABILITATED
from reports.indicators.definition import DEFAULT_RULES, ON, UNIT
from reports.queries.figures import reach_of
from reports.queries.months import FirstOfMonth
from reports.queries.tree import Node, Units

INDICATOR = CLIENTS_REHABILITATED
GROUPS = {group.value: group.label for group in AdmissionGroup}
UNRECORDED = _("not recorded")
Cells = tuple[int | None, ...]


@dataclass(frozen=True)
class Line:
    """One way of coming: twelve months (None: to come, or before the unit began) and what they add up to."""

    group: str
    label: str
    months: Cells
    total: int | None


@dataclass(frozen=True)
class Block:
    """A unit below with all beneath it, or the unit itself with the facilities that it supervises directly."""

    name: str
    code: str
    is_self: bool
    lines: tuple[Line, ...]
    sum: Line


@dataclass(frozen=True)
class Recap:
    """`whole` is the sum of all blocks; `months` are the first days of the year's twelve months."""

    unit: Unit
    period: Period
    as_of: date
    months: tuple[date, ...]
    blocks: tuple[Block, ...]
    whole: Block


def recap(unit: Unit, year: Period, *, today: date | None = None) -> Recap:
    """Live, up to today's date at the unit. Two queries; one where the year has not begun."""
    today = today or unit.local_date()
    tree = Units().on(year.last_day)
    reach = reach_of(unit, FigureScope.TREE, tree)
    cut = year.up_to(today)
    counts: dict[int, dict[tuple[str, int], int]] = defaultdict(lambda: defaultdict(int))
    if cut:
        members = reach.narrow(INDICATOR.members(None, cut, DEFAULT_RULES)).order_by()
        rows = members.annotate(first=FirstOfMonth(F(ON))).values_list(UNIT, ADMISSION.key, "first")
        for place, group, first, number in rows.annotate(members=Count("*")):
            counts[reach.parts[place]][group or "", first.month] += number
    blocks = []
    for node in _parts(unit, tree):
        if node.exists or counts.get(node.id):
            blocks.append(_block(node, node.id == unit.pk, counts.get(node.id, {}), year, today))
    months = tuple(each.start for each in year.months())
    return Recap(unit, year, min(today, year.last_day), months, tuple(blocks), _whole(unit, blocks))


def _parts(unit: Unit, tree) -> Iterable[Node]:
    if unit.pk not in tree:
        return []
    return [tree.node(unit.pk), *tree.children(unit.pk)]


def _block(node: Node, is_self: bool, counts: Mapping[tuple[str, int], int], year: Period, today: date) -> Block:
    """Nothing found is zero where the unit recorded its work here by then; before that it is unknown."""
    recorded = bool(counts)
    known = [
        each.start <= today and (recorded or (node.activated_on is not None and node.activated_on < each.end))
        for each in year.months()
    ]
    groups = [*GROUPS, *([""] if any(group == "" for group, _month in counts) else [])]
    lines = tuple(_line(group, [counts.get((group, month), 0) for month in range(1, 13)], known) for group in groups)
    return Block(node.name, node.code, is_self, lines, _sum(lines))


def _line(group: str, numbers: list[int], known: list[bool]) -> Line:
    months = tuple(number if told else None for number, told in zip(numbers, known, strict=True))
    return Line(group, str(GROUPS.get(group, UNRECORDED)), months, _added(months))


def _sum(lines: Iterable[Line]) -> Line:
    together = list(lines)
    months = tuple(_added(line.months[index] for line in together) for index in range(12))
    return Line("", "", months, _added(line.total for line in together))


def _whole(unit: Unit, blocks: Iterable[Block]) -> Block:
    by_group: dict[str, list[Line]] = {group: [] for group in GROUPS}
    for block in blocks:
        for line in block.lines:
            by_group.setdefault(line.group, []).append(line)
    lines = []
    for group, found in by_group.items():
        total = _sum(found)
        lines.append(Line(group, str(GROUPS.get(group, UNRECORDED)), total.months, total.total))
    return Block(unit.name, unit.code, False, tuple(lines), _sum(lines))


def _added(numbers: Iterable[int | None]) -> int | None:
    """The sum of what is known; None where nothing is."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
