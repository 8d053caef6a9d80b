"""Places and who is in them, and who waits."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.enums import CapacityKind
from facilities.models import Facility
from rehab.numbers import achievement, format_number, format_percent
from reports.cards.base import Card, Cell, Column, Content, Frame, Kind, Line, Table
from reports.queries.capacity import Load, loads

KINDS = (CapacityKind.BEDS_MALE, CapacityKind.BEDS_FEMALE, CapacityKind.OUTPATIENT)
FULL = 100


def build(frame: Frame) -> Content:
    found = loads(frame.facilities, frame.today)
    told = {
        pk: load for pk, load in found.items() if load.places or load.beds or any(load.inside.values()) or load.waiting
    }
    columns = [Column("name", _("Unit") if frame.is_tree else _("Facility"), Kind.TEXT)]
    for kind in KINDS:
        columns.append(Column(kind.value, _short(kind)))
        columns.append(Column(f"{kind.value}_places", _("%(kind)s: places") % {"kind": _short(kind)}, in_files=True))
        columns.append(
            Column(f"{kind.value}_share", _("%(kind)s: full") % {"kind": _short(kind)}, Kind.PERCENT, 0, in_files=True)
        )
    columns += [
        Column("other", _("Other settings")),
        Column("free", _("Free beds")),
        Column("waiting", _("Waiting")),
        Column("longest", _("Longest wait"), Kind.DAYS),
    ]
    rows = _by_unit(frame, told) if frame.is_tree else _by_facility(frame, told)
    return Content(
        Table(tuple(columns), tuple(rows)),
        lead=_("As of today: people in treatment beside the places there are."),
        note=_(
            "In treatment: started and not ended, by the setting of the current phase. Free beds: of those that the "
            "facility has recorded room by room. Waiting: on the waiting list. Outpatient places are those of a month."
        ),
        nothing=_("No places are recorded here, and nobody is in treatment."),
    )


def _short(kind: CapacityKind) -> str:
    return {
        CapacityKind.BEDS_MALE: _("Beds, men"),
        CapacityKind.BEDS_FEMALE: _("Beds, women"),
        CapacityKind.OUTPATIENT: _("Outpatient"),
    }[kind]


def _by_facility(frame: Frame, told: dict[int, Load]) -> list[Line]:
    inside = {kind: frame.counts({pk: load.inside.get(kind, 0) for pk, load in told.items()}) for kind in (*KINDS, "")}
    waiting = frame.counts({pk: load.waiting for pk, load in told.items()})
    lying = frame.counts({pk: load.lying for pk, load in told.items()})
    rows = []
    for pk, load in told.items():
        shown = {kind: inside[kind][pk] for kind in inside}
        rows.append(_line(_name(frame, frame.facilities[pk]), load, shown, waiting[pk], lying[pk], frame.today))
    return rows


def _name(frame: Frame, facility: Facility) -> Cell:
    return Cell(facility.name, frame.facility_url(facility))


def _by_unit(frame: Frame, told: dict[int, Load]) -> Iterable[Line]:
    sums: dict[int, list[Load]] = defaultdict(list)
    for pk, load in told.items():
        sums[frame.part_of(frame.facilities[pk].unit_id)].append(load)
    for node in frame.parts:
        if node.id in sums:
            whole = _whole(sums[node.id])
            shown: dict[str, int | None] = {kind: whole.inside.get(kind, 0) for kind in (*KINDS, "")}
            full = sum(1 for load in sums[node.id] if _overfull(load))
            notes = [_("own facilities")] if node.id == frame.place.pk else []
            notes += [_("overfull facilities: %(number)s") % {"number": full}] if full else []
            name = Cell(node.name, frame.node_url(node), note=" · ".join(notes))
            yield _line(name, whole, shown, whole.waiting, whole.lying, frame.today)


def _whole(found: list[Load]) -> Load:
    whole = Load()
    for load in found:
        for kind, number in load.places.items():
            whole.places[kind] = whole.places.get(kind, 0) + number
        for kind, number in load.inside.items():
            whole.inside[kind] += number
        whole.beds += load.beds
        whole.lying += load.lying
        whole.waiting += load.waiting
        since = [day for day in (whole.waits_since, load.waits_since) if day]
        whole.waits_since = min(since, default=None)
    return whole


def _overfull(load: Load) -> bool:
    return any(load.inside.get(kind, 0) > load.places[kind] for kind in KINDS if kind in load.places)


def _line(
    name: Cell, load: Load, inside: Mapping[str, int | None], waiting: int | None, lying: int | None, today: date
) -> Line:
    """What is None is few people of one facility, hidden from whoever may not open them."""
    cells = [name]
    for kind in KINDS:
        number, places = inside[kind], load.places.get(kind)
        hidden = number is None
        share = None if hidden else achievement(number, places)
        over = share is not None and share > FULL
        cells.append(Cell(number, hidden=hidden, tone="danger" if over else "", note=_told(places, share, over=over)))
        cells += [Cell(places), Cell(share)]
    longest = (today - load.waits_since).days if load.waits_since and waiting else None
    cells += [
        Cell(inside[""], hidden=inside[""] is None),
        _free(load, lying),
        Cell(waiting, hidden=waiting is None),
        Cell(max(longest, 0) if longest is not None else None),
    ]
    return Line(tuple(cells))


def _free(load: Load, lying: int | None) -> Cell:
    if not load.beds:
        return Cell(None)
    if lying is None:
        return Cell(None, hidden=True)
    return Cell(load.beds - lying, note=_("of %(beds)s") % {"beds": format_number(load.beds)})


def _told(places: int | None, share: Decimal | None, *, over: bool) -> str:
    if places is None:
        return ""
    of = _("of %(places)s") % {"places": format_number(places)}
    if share is None:
        return of
    return f"{of} · {format_percent(share, 0)} %" + (f" · {_('overfull')}" if over else "")


CARD = Card("kapasitas", gettext_lazy("Capacity and waiting"), build)
