"""What was sealed, to stand beside what is live."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from reports.enums import FigureScope, ReportStatus
from reports.models import ReportLine


@dataclass(frozen=True)
class SealedFigure:
    """A counted figure of the latest sealed report, which covers the year up to and with `until`."""

    report_id: int
    until: date
    realised: Decimal | None


def sealed_figures(unit: int, year: int, scope: FigureScope, until: date) -> dict[str, SealedFigure]:
    """By indicator, from the latest sealed report of the unit whose period ends in that year, not after `until`. One query."""
    lines = ReportLine.objects.filter(
        report__unit=unit,
        report__scope=scope,
        report__status=ReportStatus.SEALED,
        report__ends_on__gt=date(year, 1, 1),
        report__ends_on__lte=until + timedelta(days=1),
        source="counted",
    )
    latest = lines.order_by("indicator", "-report__ends_on", "-report__sealed_at", "-report_id").distinct("indicator")
    return {
        indicator: SealedFigure(report, ends_on - timedelta(days=1), realised)
        for indicator, report, ends_on, realised in latest.values_list(
            "indicator", "report_id", "report__ends_on", "realised"
        )
    }
