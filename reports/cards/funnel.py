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
        Column("open", _("Still before it")),
        Column("stopped", _("Ended before it")),
        Column("stopped_share", _("Share lost here"), Kind.PERCENT, 1),
    )
    rows = tuple(_row(frame, found, index) for index in range(len(found)))
    return Content(
        Table(columns, rows, sortable=False),
        lead=_("Everybody registered in %(year)s, followed up to today.") % {"year": frame.year},
        note=_(
            "One episode is one row of this cohort, at the facility that answers for it now. Each step holds those of the "
            "step before it; of those that did not come further some are still on their way, and some ended theirs."
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
            Cell(here.open if index else None, _list(frame, here, "open") if here.open else ""),
            Cell(here.stopped if index else None, _list(frame, here, "stopped") if here.stopped else ""),
            Cell(achievement(here.stopped, before) if index else None),
        )
    )


def _list(frame: Frame, here: StepCount, rest: str) -> str:
    if not frame.open:
        return ""
    path = reverse("reports:funnel_step", args=[frame.place.code, frame.year, here.step.name.lower()])
    return f"{path}?scope={frame.scope}{f'&rest={rest}' if rest else ''}"


CARD = Card(
    "alur", gettext_lazy("From registration to aftercare"), build, lambda frame: frame.cut is not None
)  # fmt: skip
