"""The first of the months that stand out; the whole queue has a page of its own."""

from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from facilities.models import Facility
from rehab.periods import month
from reports.cards.base import Card, Cell, Column, Content, Frame, Kind, Line, Table
from reports.queries.jumps import BEFORE, Jump, jumps
from reports.queries.rules import rules

FIRST = 5
# The card looks at what is new; the queue has the whole year.
LATEST = 3


def queue(frame: Frame, latest: int = BEFORE) -> list[Jump]:
    return jumps(frame.cut, frame.reach, rules(), latest) if frame.cut else []


def build(frame: Frame) -> Content:
    found = queue(frame, LATEST)
    waiting = [jump for jump in found if not jump.explained]
    names = names_of(frame, waiting[:FIRST])
    columns = (
        Column("name", _("Place"), Kind.TEXT),
        Column("month", _("Month"), Kind.TEXT),
        Column("what", _("Indicator"), Kind.TEXT),
        Column("members", _("Number")),
        Column("usual", _("Usual")),
    )
    rows = (_line(frame, jump, names) for jump in waiting[:FIRST])
    lead = ngettext(
        "In the last three months %(number)s figure stands out and waits for a word.",
        "In the last three months %(number)s figures stand out and wait for a word.",
        len(waiting),
    ) % {"number": len(waiting)}  # fmt: skip
    page = f"{reverse('reports:jumps', args=[frame.place.code, frame.year])}?scope={frame.scope}"
    return Content(
        Table(columns, tuple(rows)),
        lead=lead if waiting else "",
        nothing=_(
            "In the last three months no figure stands out from the twelve months before, or each has been explained."
        ),
        more=((_("Open the queue of the year"), page),),
    )


def _line(frame: Frame, jump: Jump, names: dict[tuple[int, int | None], str]) -> Line:
    shown = may_see_number(frame, jump)
    return Line(
        (
            Cell(names.get((jump.unit, jump.facility), "")),
            Cell(month(jump.first.year, jump.first.month).label),
            Cell(str(jump.indicator.title)),
            Cell(jump.members, note=direction(jump)) if shown else Cell(hidden=True, note=direction(jump)),
            Cell(Decimal(str(jump.usual))) if shown else Cell(hidden=True),
        )
    )


def direction(jump: Jump) -> str:
    return _("more than usual") if jump.up else _("less than usual")


def may_see_number(frame: Frame, jump: Jump) -> bool:
    """Months of single facilities are small numbers: they are for who may open the members."""
    return frame.open or jump.facility is None


def names_of(frame: Frame, found: list[Jump]) -> dict[tuple[int, int | None], str]:
    """Units by their name in the tree, facilities by theirs, also where they are closed by now."""
    wanted = {jump.facility for jump in found if jump.facility}
    places = dict(Facility.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
    units = frame.units.latest()
    return {
        (jump.unit, jump.facility): places.get(jump.facility, "") if jump.facility else units[jump.unit].name
        for jump in found
    }


CARD = Card("lonjakan", gettext_lazy("Months that stand out"), build, lambda frame: frame.cut is not None)
