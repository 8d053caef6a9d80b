"""What the clock does for reports each minute, a little at a time: ask for what is due, send again what hangs."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from facilities.models import Unit
from rehab import jobs
from rehab.errors import Refused
from reports.actions.asking import BUILD, ask
from reports.enums import ReportStatus
from reports.models import Report
from reports.queries.due import due_reports

logger = logging.getLogger(__name__)
ASKED_AT_ONCE, SENT_AT_ONCE = 30, 30
SENT_AGAIN_AFTER = timedelta(seconds=60)


def ask_for_due() -> int:
    """Ask once for each finished period that has no report; two clocks at once make one report. Gives how many."""
    due = due_reports(ASKED_AT_ONCE)
    units = Unit.objects.in_bulk([each.unit_id for each in due])
    for each in due:
        try:
            ask(by=None, unit=units[each.unit_id], period=each.period)
        except Refused as refusal:
            logger.error(
                "the report of %s for %s is due but was refused: %s", units[each.unit_id], each.period.code, refusal
            )
    return len(due)


@transaction.atomic
def send_again() -> int:
    """Reports that were asked for but never reached a worker, or whose worker died. Gives how many were sent."""
    unsent = Q(status=ReportStatus.ASKED) & (Q(sent_at=None) | Q(sent_at__lte=Now() - SENT_AGAIN_AFTER))
    stuck = Q(status=ReportStatus.BUILDING, lease_until__lte=Now())
    found = Report.objects.select_for_update(skip_locked=True).filter(unsent | stuck)
    waiting = [report.pk for report in found.order_by(F("sent_at").asc(nulls_first=True), "pk")[:SENT_AT_ONCE]]
    Report.objects.filter(pk__in=waiting).update(sent_at=Now())
    for pk in waiting:
        jobs.enqueue(BUILD, report_id=pk)
    return len(waiting)
