"""The members of one indicator told apart: by sex, age, setting and what else its definition knows of them."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rehab.numbers import achievement
from reports.cards.base import Card, Cell, Column, Content, Frame, Kind, Line, Table
from reports.dashboard import address
from reports.indicators import COUNTED, Indicator
from reports.queries import Wanted, figures
from reports.queries.rows import BreakdownTable
from reports.queries.tally import tally


@dataclass(frozen=True)
class Slice:
    """`share` is of the largest of its table, for the bar."""

    label: str
    members: int
    share: Decimal | None
    url: str


@dataclass(frozen=True)
class Apart:
    """One breakdown; every one of an indicator adds up to the same `total`."""

    title: str
    total: int
    slices: tuple[Slice, ...]


def build(frame: Frame) -> Content:
    offered = [each for each in COUNTED if frame.reach.counts(each)]
    indicator = frame.chosen(offered)
    tables = [_apart(frame, indicator, table) for table in _breakdowns(frame, indicator)]
    columns = (
        Column("by", _("By"), Kind.TEXT),
        Column("value", _("Value"), Kind.TEXT),
        Column("number", _("Number")),
    )
    rows = tuple(
        Line((Cell(table.title), Cell(each.label), Cell(each.members, each.url)))
        for table in tables
        for each in table.slices
    )
    return Content(
        Table(columns, rows, sortable=False),
        lead=_("%(title)s told apart; each table adds up to the same number.") % {"title": indicator.title},
        note=str(indicator.source_note),
        nothing=_("Nothing is counted here in this year."),
        drawing=tables,
        choices=frame.indicator_choices(CARD.key, offered),
    )


def _breakdowns(frame: Frame, indicator: Indicator) -> tuple[BreakdownTable, ...]:
    """Four queries at most; only the one indicator is counted."""
    found = figures(
        frame.place,
        frame.period,
        scope=frame.scope,
        today=frame.today,
        wanted=Wanted(breakdowns=True, parts=False),
        units=frame.units,
        counting=lambda period, reach, rules, wanted: tally([indicator], period, reach, rules, wanted),
    )
    row = found.row(indicator.key)
    return row.breakdowns if row is not None else ()


def _apart(frame: Frame, indicator: Indicator, table: BreakdownTable) -> Apart:
    most = max(each.members for each in table.slices)
    slices = tuple(
        Slice(
            each.label,
            each.members,
            achievement(each.members, most),
            address(frame.place.code, frame.year, indicator, frame.scope, **{table.key: each.value})
            if frame.open and each.members and each.value
            else "",
        )
        for each in table.slices
    )
    return Apart(table.title, table.total, slices)


CARD = Card(
    "rincian", gettext_lazy("Who they are"), build, lambda frame: frame.cut is not None,
    "reports/cards/_breakdowns.html", drawn=True,
)  # fmt: skip
