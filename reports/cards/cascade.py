"""Where the targets of the units below do not fit the target above them: a warning, it stops nothing."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.models import Unit
from reports.cards.base import Card, Cell, Column, Content, Frame, Kind, Line, Table
from reports.queries.cascade import gaps


def build(frame: Frame) -> Content:
    wrong = gaps(frame.place, frame.year, units=frame.units) if isinstance(frame.place, Unit) else {}
    columns = (
        Column("name", _("Indicator"), Kind.TEXT),
        Column("whole", _("This unit")),
        Column("parts", _("Units below")),
        Column("words", _("Do the parts fit?"), Kind.TEXT),
    )
    url = reverse("reports:cascade", args=[frame.place.code, frame.year])
    rows = tuple(
        Line(
            (
                Cell(str(gap.indicator.title), f"{url}#{gap.indicator.key}"),
                Cell(gap.whole.value if gap.whole else None),
                Cell(gap.total),
                Cell(gap.words),
            )
        )
        for gap in wrong.values()
    )
    return Content(
        Table(columns, rows, sortable=False),
        nothing=_("The targets of the units below fit those above them."),
        more=((_("Targets down the tree"), url),),
    )


CARD = Card("sasaran", gettext_lazy("Targets of the units below"), build, lambda frame: frame.is_tree)
