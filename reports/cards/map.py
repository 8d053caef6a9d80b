"""The provinces as tiles: where much was reached and where little, five steps of one colour, the value in each tile."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.enums import UnitKind
from rehab.numbers import achievement, format_number, format_percent
from reports.cards.aims import aims
from reports.cards.base import Card, Cell, Column, Content, Frame, Kind, Line, Table
from reports.cards.provinces import COLUMNS, PLACES, ROWS
from reports.enums import FigureScope
from reports.indicators import COUNTED, Indicator
from reports.queries.rules import rules
from reports.queries.tally import Tally, tally
from reports.queries.tree import Node, default_scope

STEPS = 5
SIZE, GAP = 60, 3
SHARE = "share"


@dataclass(frozen=True)
class Tile:
    """One square; x and y in the drawing's own units. `step` 0 is nothing or not known."""

    label: str
    text: str
    words: str
    x: int
    y: int
    step: int
    url: str


@dataclass(frozen=True)
class Half:
    width: int
    height: int
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Drawing:
    """`legend`: step and its range in words. `measures`: the two ways to look at it, each with its address."""

    halves: tuple[Half, Half]
    legend: tuple[tuple[int, str], ...]
    measures: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True)
class _Province:
    node: Node
    value: Decimal | int | None
    target: Decimal | None
    share: Decimal | None


def build(frame: Frame) -> Content:
    indicator = frame.chosen(COUNTED)
    by_share = frame.query.get("show") == SHARE
    found = _provinces(frame, indicator)
    shades = _shades([_seen(each, by_share) for each in found])
    return Content(
        _table(frame, indicator, found),
        lead=_("%(title)s, each province with the units below it.") % {"title": indicator.title},
        note=_("Five steps of one colour, each with about a fifth of the provinces; the tiles lie roughly as the provinces do."),
        nothing=_("No province stood under this unit in this year."),
        drawing=_drawing(frame, indicator, found, shades, by_share),
        choices=frame.indicator_choices(CARD.key, COUNTED),
    )  # fmt: skip


def _provinces(frame: Frame, indicator: Indicator) -> list[_Province]:
    nodes = [node for node in frame.tree.children(frame.place.pk) if node.kind == UnitKind.BNNP]
    cut = frame.cut
    counted = tally([indicator], cut, frame.reach, rules()) if cut else Tally()
    months = [each.start for each in cut.months()] if cut else []
    held = aims(frame, indicator)
    found = []
    for node in nodes:
        count = counted.of(indicator, months, [node.id])
        known = cut and (count.members or (node.activated_on and node.activated_on <= frame.as_of))
        value = indicator.value(count.members, count.hits) if known else None
        target = held[node.id].value
        found.append(_Province(node, value, target, achievement(value, target, indicator.lower_is_better)))
    return found


def _seen(province: _Province, by_share: bool) -> Decimal | int | None:
    return province.share if by_share else province.value


def _shades(values: Iterable[Decimal | int | None]) -> list[Decimal | int]:
    """The upper bound of each step: the known values above zero, cut into five parts of about the same number."""
    known = sorted(value for value in values if value)
    return sorted(
        {known[min(len(known) * step // STEPS, len(known) - 1)] for step in range(1, STEPS + 1)} if known else ()
    )


def _step(value: Decimal | int | None, bounds: list[Decimal | int]) -> int:
    """1 to 5; with fewer different values the darker steps, so that the most is always the darkest."""
    if not value or not bounds:
        return 0
    return STEPS - len(bounds) + 1 + min(bisect_left(bounds, value), len(bounds) - 1)


def _drawing(frame: Frame, indicator: Indicator, found: list[_Province], bounds: list, by_share: bool) -> Drawing:
    tiles: dict[bool, list[Tile]] = {False: [], True: []}
    by_code = {each.node.code.removeprefix("BNNP-"): each for each in found}
    for code, place in PLACES.items():
        tile = _tile(frame, indicator, by_code.get(code), code, bounds, by_share)
        tiles[place.east].append(tile)
    size = SIZE + GAP
    west, east = (Half(COLUMNS * size, ROWS * size, tuple(tiles[each])) for each in (False, True))
    return Drawing((west, east), _legend(indicator, bounds, by_share), _measures(frame, indicator, by_share))


def _tile(
    frame: Frame, indicator: Indicator, province: _Province | None, code: str, bounds: list, by_share: bool
) -> Tile:
    place = PLACES[code]
    x, y = (place.column - 1) * (SIZE + GAP), (place.row - 1) * (SIZE + GAP)
    if province is None:
        return Tile(place.label, "–", _("%(place)s: no unit in this year") % {"place": place.label}, x, y, 0, "")
    value = _seen(province, by_share)
    share = f"{format_percent(province.share)} %" if province.share is not None else "–"
    words = _("%(unit)s: %(number)s %(measure)s, %(share)s of the target") % {
        "unit": province.node.name,
        "number": format_number(province.value, indicator.places),
        "measure": indicator.measure,
        "share": share,
    }
    text = format_number(value, 0 if by_share or indicator.ratio else indicator.places)
    return Tile(place.label, text, words, x, y, _step(value, bounds), frame.node_url(province.node))


def _legend(indicator: Indicator, bounds: list, by_share: bool) -> tuple[tuple[int, str], ...]:
    places = 0 if by_share or indicator.ratio else indicator.places
    sign = " %" if by_share or indicator.ratio else ""
    told = []
    for bound in bounds:
        told.append((_step(bound, bounds), _("up to %(number)s") % {"number": format_number(bound, places) + sign}))
    return tuple(told)


def _measures(frame: Frame, indicator: Indicator, by_share: bool) -> tuple[tuple[str, str, bool], ...]:
    return (
        (_("Number"), frame.card_url(CARD.key, indicator=indicator.key, show=""), not by_share),
        (_("Share of the target"), frame.card_url(CARD.key, indicator=indicator.key, show=SHARE), by_share),
    )


def _table(frame: Frame, indicator: Indicator, found: list[_Province]) -> Table:
    columns = (
        Column("name", _("Unit"), Kind.TEXT),
        Column("value", indicator.title, places=indicator.places),
        Column("target", _("Target")),
        Column("share", _("Achievement"), Kind.PERCENT),
    )
    rows = (
        Line((Cell(each.node.name, frame.node_url(each.node)), Cell(each.value), Cell(each.target), Cell(each.share)))
        for each in found
    )
    return Table(columns, tuple(rows))


def _fits(frame: Frame) -> bool:
    return not frame.is_facility and frame.is_tree and default_scope(frame.place.kind) is FigureScope.TREE


CARD = Card("peta", gettext_lazy("Map of provinces"), build, _fits, "reports/cards/_map.html", folded=True)
