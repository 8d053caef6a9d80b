"""Figures and members as tables in files: what is seen on the page, by the same code."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from facilities.models import Facility
from rehab.numbers import format_date
from rehab.tabular.writing import SheetOut, Value
from reports.cards import Shown
from reports.cards.base import Cell, Kind
from reports.dashboard import Page
from reports.enums import FigureScope
from reports.indicators import Indicator, MemberKind
from reports.indicators.definition import FACILITY, ON, UNIT
from reports.queries.tree import Units

CHUNK = 2000
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
LONGEST_TITLE = 31


def sheets(page: Page, cards: Iterable[Shown], now: datetime) -> Iterator[SheetOut]:
    """The whole page: what it is about, its tiles and months, then each card's table."""
    yield SheetOut(_("About"), [_("Figures"), str(page.place)], _about(page, now), (28, 48))
    yield _tiles(page)
    if page.chosen is not None:
        yield _months(page)
    for shown in cards:
        yield card_sheet(shown)


def card_sheet(shown: Shown) -> SheetOut:
    columns = [index for index, column in enumerate(shown.table.columns) if column.kind is not Kind.BAR]
    heading = [str(shown.table.columns[index].title) for index in columns]
    rows = [[_value(row.cells[index]) for index in columns] for row in shown.table.rows]
    return SheetOut(sheet_title(str(shown.card.title)), heading, rows, (40,))


def sheet_title(title: str) -> str:
    return _NOT_IN_TITLES.sub(" ", title)[:LONGEST_TITLE].strip()


def _value(cell: Cell) -> Value:
    return _("not shown") if cell.hidden else cell.value


def _about(page: Page, now: datetime) -> list[list[Value]]:
    found = page.found
    scope = _("with the units below") if found.scope is FigureScope.TREE else _("own facilities")
    return [
        [_("Year"), page.year],
        [_("Counts"), scope],
        [_("As of"), format_date(found.as_of)],
        [_("Counted live"), now],
    ]


def _tiles(page: Page) -> SheetOut:
    heading = [
        _("Indicator"), _("Measure"), _("Target"), _("Realised"), _("Achievement %"), _("Expected by now"), _("Standing"),
        _("Last year"), _("Source"), _("As of"),
    ]  # fmt: skip
    rows = [
        [
            str(row.indicator.title), str(row.indicator.measure), row.target, row.realised, row.achievement,
            row.expected_shown, str(row.standing.label) if row.standing else None, row.last_year,
            _("counted") if row.is_counted else _("reported"), row.as_of,
        ]
        for row in page.found.rows
    ]  # fmt: skip
    return SheetOut(_("Indicators"), heading, rows, (40, 12, 12, 12, 14, 16, 16, 12, 12, 12))


def _months(page: Page) -> SheetOut:
    heading = [_("Month"), _("Realised"), _("Target"), _("Last year")]
    rows = [[each.figure.first, each.figure.value, each.figure.target, each.figure.last_year] for each in page.months()]
    return SheetOut(sheet_title(_("Months")), heading, rows, (14, 14, 14, 14))


@dataclass(frozen=True)
class MemberList:
    """The members behind one figure. `known` says whose code the person may know: facility and unit of a member."""

    indicator: Indicator
    found: QuerySet
    known: Callable[[int | None, int | None], bool]

    @property
    def heading(self) -> list[str]:
        code = _("Facility code") if self.indicator.member_kind is MemberKind.FACILITY else _("Code")
        facts = [str(each.title) for each in self.indicator.list_breakdowns]
        return [code, _("Date"), _("Facility"), _("Unit"), *facts]

    def rows(self) -> Iterator[list[Value]]:
        """One after the other from a cursor of the database's own, so that memory does not grow with them. Two queries."""
        facilities = dict(Facility.objects.values_list("pk", "name"))
        units = {pk: node.name for pk, node in Units().latest().items()}
        words = [_labels(self.indicator, key.key) for key in self.indicator.list_breakdowns]
        columns = ("member_code", ON, FACILITY, UNIT, *(each.key for each in self.indicator.list_breakdowns))
        return self._rows(self.found.values_list(*columns), facilities, units, words)

    def _rows(
        self, found: QuerySet, facilities: dict, units: dict, words: list[Callable[[str], str]]
    ) -> Iterator[list]:
        open_to_all = self.indicator.member_kind is MemberKind.FACILITY
        for code, on, facility, unit, *values in found.iterator(chunk_size=CHUNK):
            shown = code if open_to_all or self.known(facility, unit) else _HIDDEN
            facts = [label(value or "") for label, value in zip(words, values, strict=True)]
            yield [shown, on, facilities.get(facility, ""), units.get(unit, ""), *facts]


_HIDDEN = "–"


def _labels(indicator: Indicator, key: str) -> Callable[[str], str]:
    """The words of a breakdown, looked up once: the rows are written when the page's language may be gone."""
    breakdown = next(each for each in indicator.list_breakdowns if each.key == key)
    words = {value: breakdown.label(value) for value in breakdown.choices.values}
    other = breakdown.label("")
    return lambda value: words.get(value, other)
