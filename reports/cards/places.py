"""Every unit below, or every facility, by every indicator: the number of each, and the way to its members."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.access import unit_ids
from facilities.enums import UnitKind
from reports.cards.base import Card, Cell, Column, Content, Frame, Kind, Line, Table
from reports.dashboard import address
from reports.enums import FigureScope
from reports.indicators import COUNTED, Indicator
from reports.places import FIGURES
from reports.queries import Figures, Wanted, figures
from reports.queries.rows import Part
from reports.suppression import suppressed


def build(frame: Frame) -> Content:
    found = figures(
        frame.place,
        frame.period,
        scope=frame.scope,
        today=frame.today,
        wanted=Wanted(parts=frame.is_tree, facilities=not frame.is_tree),
        units=frame.units,
    )
    columns = COUNTED if frame.is_tree else tuple(each for each in COUNTED if each.key in found.facilities)
    rows = _of_units(frame, found.parts) if frame.is_tree else _of_facilities(frame, found, columns)
    first = Column("name", _("Unit") if frame.is_tree else _("Facility"), Kind.TEXT)
    return Content(
        Table((first, *(Column(each.key, each.title, places=each.places) for each in columns)), tuple(rows)),
        note="" if frame.open or frame.is_tree else _("Your role sees no small numbers of single facilities."),
        nothing=_("Nothing is counted below this unit in this year."),
    )


def _of_units(frame: Frame, parts: Iterable[Part]) -> Iterable[Line]:
    reach = unit_ids(frame.user, FIGURES)
    for part in parts:
        scope = FigureScope.OWN if part.is_self or part.node.kind == UnitKind.BNNK else FigureScope.TREE
        seen = part.node.id in reach
        name = Cell(
            part.node.name,
            frame.unit_url(part.node.code, scope) if seen else "",
            note=_("own facilities") if part.is_self else "",
        )
        yield Line((name, *(_of_part(frame, part, each, scope, seen=seen) for each in COUNTED)))


def _of_part(frame: Frame, part: Part, indicator: Indicator, scope: FigureScope, *, seen: bool) -> Cell:
    value = part.values.get(indicator.key)
    return Cell(value, address(part.node.code, frame.year, indicator, scope) if seen and value else "")


def _of_facilities(frame: Frame, found: Figures, columns: Iterable[Indicator]) -> Iterable[Line]:
    places = {pk: place for counted in found.facilities.values() for pk, place in counted.items()}
    cells = {each.key: _cells(frame, found, each) for each in columns}
    for pk, place in sorted(places.items(), key=lambda item: item[1].name):
        url = reverse("reports:unit", args=[place.code, frame.year]) if frame.open else ""
        values = (cells[each.key].get(pk, Cell(None if each.is_fraction else 0)) for each in columns)
        yield Line((Cell(place.name, url), *values))


def _cells(frame: Frame, found: Figures, indicator: Indicator) -> dict[int, Cell]:
    """By facility; what is small is told to those only who may open the members."""
    counts = {pk: place.count for pk, place in found.facilities.get(indicator.key, {}).items()}
    values = {pk: indicator.value(count.members, count.hits) for pk, count in counts.items()}
    if frame.open:
        return {
            pk: Cell(value, address(frame.place.code, frame.year, indicator, frame.scope, facility=str(pk)))
            for pk, value in values.items()
        }
    shown = suppressed({pk: count.members for pk, count in counts.items()})
    return {pk: Cell(hidden=True) if shown[pk] is None else Cell(value) for pk, value in values.items()}


UNITS = Card(
    "satuan-kerja", gettext_lazy("By unit"), build, lambda frame: frame.cut is not None and frame.is_tree
)  # fmt: skip
FACILITIES = Card(
    "fasilitas", gettext_lazy("By facility"), build,
    lambda frame: frame.cut is not None and not frame.is_tree and not frame.is_facility,
)  # fmt: skip
