"""What a card of the page of figures is: a question, and its answer as one table with perhaps a drawing above it.

Page, print and workbook are made from the same table. No card knows a request: `Frame` holds who looks at which place.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from operator import itemgetter
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from facilities.access import can, unit_ids
from facilities.models import Facility, Unit
from rehab.models import User
from rehab.periods import Period
from reports.enums import FigureScope
from reports.indicators import COUNTED, REGISTRY, Indicator
from reports.places import FIGURES, may_open_members
from reports.queries import Units
from reports.queries.counting import Reach
from reports.queries.figures import reach_of
from reports.queries.tree import Node, Tree
from reports.suppression import suppressed

Value = str | int | Decimal | date | None
KEPT = ("scope", "indicator", "sort", "show")


class Kind(StrEnum):
    """How a column is written."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    DAYS = "days"
    DATE = "date"
    DRAWING = "drawing"
    BAR = "bar"


PICTURES = (Kind.DRAWING, Kind.BAR)


@dataclass(frozen=True)
class Column:
    """`key` names it in the address when one sorts by it; `places` are decimals, None for those that matter. `in_files`: on the
    page a note beside another number says it."""

    key: str
    title: Any
    kind: Kind = Kind.NUMBER
    places: int | None = None
    in_files: bool = False

    @property
    def is_text(self) -> bool:
        return self.kind in (Kind.TEXT, *PICTURES)


@dataclass(frozen=True)
class Cell:
    """`hidden`: too few to be shown to this person. `tone` and `note` mark what needs a look; `drawing` is a small picture."""

    value: Value = None
    url: str = ""
    hidden: bool = False
    tone: str = ""
    note: str = ""
    drawing: Any = None


@dataclass(frozen=True)
class Line:
    """A row of the table, its cells in the order of the columns."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Heading:
    column: Column
    url: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[Line, ...]
    sortable: bool = True

    def sorted_by(self, sort: str) -> "Table":
        """By the column's key, `-` for largest first; what is not known or not shown stands last, whichever way."""
        keys = [column.key for column in self.columns]
        key = sort.removeprefix("-")
        if key not in keys or not self.sortable:
            return self
        at, down = keys.index(key), sort.startswith("-")
        known = [(row.cells[at].value, row) for row in self.rows if row.cells[at].value is not None]
        others = [row for row in self.rows if row.cells[at].value is None]
        known.sort(key=itemgetter(0), reverse=down)
        return replace(self, rows=(*(row for _value, row in known), *others))


@dataclass(frozen=True)
class Content:
    """What a card says. `lead` is one sentence under the title, `note` the rule it follows, `drawing` what its own template
    shows above the table; `nothing` is said where there is no row."""

    table: Table
    lead: str = ""
    note: str = ""
    nothing: str = ""
    drawing: Any = None
    choices: tuple[tuple[str, str, bool], ...] = ()
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Frame:
    """Who looks at which place in which year. Reads are made once and shared by what a card needs."""

    user: User
    place: Unit | Facility
    period: Period
    scope: FigureScope
    today: date
    query: dict[str, str] = field(default_factory=dict)

    @cached_property
    def units(self) -> Units:
        return Units()

    @cached_property
    def tree(self) -> Tree:
        return self.units.on(self.period.last_day)

    @cached_property
    def reach(self) -> Reach:
        return reach_of(self.place, self.scope, self.tree if self.is_tree else Tree({}))

    @cached_property
    def facilities(self) -> dict[int, Facility]:
        """The facilities in reach that are open today, by today's supervision; those of a facility are itself."""
        if isinstance(self.place, Facility):
            return {self.place.pk: self.place}
        found = Facility.objects.filter(unit__in=list(self.reach.parts)).open_on(self.today).order_by("name", "pk")
        return {facility.pk: facility for facility in found.only("pk", "code", "name", "unit_id", "opened_on")}

    @property
    def year(self) -> int:
        return self.period.start.year

    @property
    def as_of(self) -> date:
        return min(self.today, self.period.last_day)

    @property
    def cut(self) -> Period | None:
        """What has passed of the year; None before it begins."""
        return self.period.up_to(self.today)

    @property
    def is_facility(self) -> bool:
        return isinstance(self.place, Facility)

    @property
    def is_tree(self) -> bool:
        return self.scope is FigureScope.TREE

    @cached_property
    def open(self) -> bool:
        """Whether the person may open the members behind a number."""
        return may_open_members(self.user, self.place)

    @cached_property
    def parts(self) -> list[Node]:
        """The rows of a tree: the unit itself and the units below it; empty where the figures are a unit's own."""
        if not self.is_tree or self.place.pk not in self.tree:
            return []
        return [self.tree.node(self.place.pk), *self.tree.children(self.place.pk)]

    def part_of(self, unit: int) -> int:
        """The row of a tree that a unit belongs to."""
        return self.reach.parts.get(unit, 0)

    def may(self, *permissions) -> bool:
        return any(can(self.user, permission, self.place) for permission in permissions)

    def unit_url(self, code: str, scope: FigureScope | None = None) -> str:
        path = reverse("reports:unit", args=[code, self.year])
        return f"{path}?scope={scope}" if scope else path

    def node_url(self, node: Node) -> str:
        """The page of a row's unit; of the unit itself its own figures."""
        if node.id not in unit_ids(self.user, FIGURES):
            return ""
        own = node.id == self.place.pk or not self.tree.children(node.id)
        return self.unit_url(node.code, FigureScope.OWN if own else FigureScope.TREE)

    def facility_url(self, facility: Facility) -> str:
        """A facility's own page is for who may open its members."""
        return "" if self.is_facility or not self.open else self.unit_url(facility.code)

    def card_url(self, key: str, **changed: str) -> str:
        chosen = {name: value for name, value in (self.query | changed).items() if name in KEPT and value}
        return f"{reverse('reports:card', args=[self.place.code, self.year, key])}?{urlencode(chosen)}"

    def chosen(self, offered: Sequence[Indicator]) -> Indicator:
        """The indicator of the address, if it is offered; else the first."""
        asked = REGISTRY.get(self.query.get("indicator", ""))
        return asked if asked is not None and asked in offered else offered[0]

    def indicator_choices(self, key: str, offered: Sequence[Indicator]) -> tuple[tuple[str, str, bool], ...]:
        now = self.chosen(offered)
        return tuple(
            (str(each.title), self.card_url(key, indicator=each.key, sort=""), each is now) for each in offered
        )

    def counts(self, found: dict[int, int]) -> dict[int, int | None]:
        """Counts of facilities as this person may see them."""
        return dict(found) if self.open else suppressed(found)


# What happens in months; a state has none, and what no facility reports is not compared between them.
EVENTS = tuple(each for each in COUNTED if not each.is_state)


@dataclass(frozen=True)
class Card:
    """`build` answers for a frame; `fits` says where the question makes sense; `template` draws above the table, which is
    `folded` where the drawing says the same, and only for files where the card is `drawn` as tables of its own."""

    key: str
    title: Any
    build: Callable[[Frame], Content]
    fits: Callable[[Frame], bool] = lambda frame: True
    template: str = ""
    folded: bool = False
    drawn: bool = False


SHORT = 10


@dataclass(frozen=True)
class Shown:
    """A card as a template takes it. `short`: as a part of a longer page, with its first rows and a link to all."""

    card: Card
    frame: Frame
    content: Content
    short: bool = False

    @property
    def table(self) -> Table:
        return self.content.table.sorted_by(self.frame.query.get("sort", ""))

    @property
    def rows(self) -> list[list[tuple[Column, Cell]]]:
        """Each row as its cells with their columns."""
        table = self.table
        rows = table.rows[:SHORT] if self.is_cut else table.rows
        pairs = [list(zip(table.columns, row.cells, strict=True)) for row in rows]
        return [[(column, cell) for column, cell in row if not column.in_files] for row in pairs]

    @property
    def is_cut(self) -> bool:
        """Whether rows are left out; a row or two more are not worth a link."""
        return self.short and not self.card.folded and not self.card.drawn and len(self.content.table.rows) > SHORT + 2

    @property
    def number(self) -> int:
        return len(self.content.table.rows)

    @property
    def url(self) -> str:
        return self.frame.card_url(self.card.key)

    @property
    def headings(self) -> Iterable[Heading]:
        sort = self.frame.query.get("sort", "")
        for column in self.content.table.columns:
            if column.in_files:
                continue
            if column.kind in PICTURES or not self.content.table.sortable:
                yield Heading(column)
                continue
            direction = {column.key: "ascending", f"-{column.key}": "descending"}.get(sort, "")
            first = column.key if column.kind is Kind.TEXT else f"-{column.key}"
            turned = {first: first.removeprefix("-") if first.startswith("-") else f"-{first}"}.get(sort, first)
            yield Heading(column, self.frame.card_url(self.card.key, sort=turned), direction)
