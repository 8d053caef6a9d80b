"""Figures published elsewhere, as far as they are known by a day."""

from collections.abc import Iterable
from datetime import date

from reports.models import ReportedFigure


def reported_figures(units: Iterable[int], year: int, until: date | None) -> dict[tuple[int, str], ReportedFigure]:
    """By unit and indicator the one with the latest as-of date, not later than `until` (None: whenever). One query."""
    known = ReportedFigure.objects.filter(unit__in=list(units), year=year)
    if until is not None:
        known = known.filter(as_of__lte=until)
    return {(figure.unit_id, figure.indicator): figure for figure in known.order_by("as_of", "id")}
