"""A tree's report against its parts: the reports of its run below it, added up as each indicator is consolidated."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from reports.enums import FigureScope, ReportStatus
from reports.indicators import COUNTED, Indicator
from reports.models import Report, ReportLine
from reports.queries.counting import Reach, Wanted
from reports.queries.rows import Figures
from reports.queries.rules import rules
from reports.queries.tally import Count, Tally
from reports.queries.written import written

UNBUILT = (ReportStatus.ASKED, ReportStatus.BUILDING, ReportStatus.FAILED)


class PartsDiffer(Exception):
    """The parts do not add up to the whole: a defect, and no report."""


def require_same_parts(report: Report, found: Figures) -> None:
    """Raises PartsDiffer unless the figures of the tree are those of its parts. Three queries.

    Percentages add up by their numerators and denominators. Units without a report of their own in the run (the tree's own
    facilities, a unit whose report failed or was counted at another moment) are taken from the run's members.
    """
    below = Report.objects.filter(run=report.run_id, scope=FigureScope.OWN).exclude(status__in=UNBUILT)
    parts = dict(below.values_list("unit_id", "pk"))
    sums = _of_lines(list(parts.values()))
    rest = _of_members(report, set(report.header["units"]) - set(parts), found.as_of)
    for indicator in COUNTED:
        row = found.row(indicator.key)
        whole = row.count if row and row.is_counted else Count()
        if sums[indicator.key] + rest(indicator) != whole:
            raise PartsDiffer(indicator.key)


def _of_lines(reports: list[int]) -> dict[str, Count]:
    lines = ReportLine.objects.filter(report__in=reports, source="counted")
    sums = lines.values("indicator").order_by().annotate(
        values=Sum("realised"), hits=Sum("numerator"), members=Sum("denominator")
    )  # fmt: skip
    found: dict[str, Count] = defaultdict(Count)
    for line in sums:
        members = line["values"] if line["members"] is None else line["members"]
        found[line["indicator"]] = Count(int(members or Decimal(0)), int(line["hits"] or Decimal(0)))
    return found


def _of_members(report: Report, units: set[int], as_of: date):
    # The members of a month that is not over may count on days to come; the whole leaves them out.
    period = report.counted_period.up_to(as_of) or report.counted_period
    reach = Reach(dict.fromkeys(sorted(units), 0))
    tally = written(report.its_run)(period, reach, rules(), Wanted()) if units else Tally()
    months = [each.start for each in period.months()]

    def of(indicator: Indicator) -> Count:
        return tally.of(indicator, months, [0])

    return of
