"""How many people stand behind the numbers: who was served twice is one person."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rehab.numbers import format_number
from reports.cards.base import EVENTS, Card, Cell, Column, Content, Frame, Kind, Line, Table
from reports.dashboard import address
from reports.queries.persons import PersonRange, persons

COUNTED_PEOPLE = tuple(each for each in EVENTS if each.person_path and not each.ratio)


def build(frame: Frame) -> Content:
    columns = (
        Column("name", _("Indicator"), Kind.TEXT),
        Column("members", _("Counted")),
        Column("least", _("Unique persons")),
        Column("most", _("Unique persons, at most"), in_files=True),
    )
    rows = []
    for indicator in COUNTED_PEOPLE:
        if not frame.reach.counts(indicator):
            continue
        found = persons(frame.place, frame.period, frame.scope, indicator, today=frame.today, units=frame.units)
        if found is not None:
            url = address(frame.place.code, frame.year, indicator, frame.scope) if found.members else ""
            rows.append(
                Line((Cell(str(indicator.title)), Cell(found.members, url), _range(found), Cell(found.at_most)))
            )
    return Content(
        Table(columns, tuple(rows), sortable=False),
        lead=_("Figures count treatments, cases and plans; one person may have several."),
        note=_(
            "People with a NIK are told apart by it, over all facilities of Titian. Who has none may be one of the others: "
            "then the number is a range."
        ),
        nothing=_("Nothing is counted here in this year."),
    )


def _range(found: PersonRange) -> Cell:
    note = "" if found.is_exact else _("at most %(number)s") % {"number": format_number(found.at_most)}
    return Cell(found.at_least, note=note)


CARD = Card("orang", gettext_lazy("Unique persons"), build, lambda frame: frame.cut is not None)
