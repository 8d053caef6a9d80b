"""The way of those registered in the year: how many came how far, and where they were lost."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rehab.numbers import achievement
from reports.cards.base import Card, Cell, Column, Content, Frame, Kind, Line, Table
from reports.queries.funnel import StepCount, funnel


def build(frame: Frame) -> Content:
    found = funnel(list(frame.facilities), frame.cut) if frame.cut and frame.facilities else []
    found = found if found and found[0].reached else []
    columns = (
        Column("step", _("Step"), Kind.TEXT),
        Column("bar", _("Share"), Kind.BAR),
        Column("reached", _("Came this far")),
        Column("share", _("Of all registered"), Kind.PERCENT, 1),
        Column("lost", _("Not (yet) from the step before")),
        Column("lost_share", _("Share lost here"), Kind.PERCENT, 1),
    )
    rows = tuple(_row(frame, found, index) for index in range(len(found)))
    return Content(
        Table(columns, rows),
        lead=_("Everybody registered in %(year)s, followed up to today.") % {"year": frame.year},
        note=_(
            "One episode is one row of this cohort, at the facility that answers for it now. Each step holds those of the "
            "step before it; who was registered lately has simply not come further yet."
        ),
        nothing=_("Nobody has been registered here in this year yet."),
    )


def _row(frame: Frame, found: list[StepCount], index: int) -> Line:
    here, first = found[index], found[0]
    before = found[index - 1].reached if index else None
    return Line(
        (
            Cell(str(here.step.label)),
            Cell(achievement(here.reached, first.reached)),
            Cell(here.reached, _list(frame, here, "") if here.reached else ""),
            Cell(achievement(here.reached, first.reached)),
            Cell(here.lost if index else None, _list(frame, here, "1") if here.lost else ""),
            Cell(achievement(here.lost, before) if index else None),
        )
    )


def _list(frame: Frame, here: StepCount, stopped: str) -> str:
    if not frame.open:
        return ""
    path = reverse("reports:funnel_step", args=[frame.place.code, frame.year, here.step.value])
    return f"{path}?scope={frame.scope}{'&stopped=1' if stopped else ''}"


CARD = Card(
    "alur", gettext_lazy("From registration to aftercare"), build, lambda frame: frame.cut is not None
)  # fmt: skip
