"""What the clock does for reports each minute, a little at a time: ask for what is due, send again what hangs."""

import itertools
import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from facilities.models import Unit
from rehab import jobs
from rehab.errors import Refused
from rehab.periods import Period
from reports.actions import asking, runs
from reports.actions.cutting import BUILD, CUT
from reports.enums import ReportStatus, RunStatus
from reports.models import Report, ReportRun
from reports.queries.due import due_reports, waiting_reports, waiting_runs
from reports.queries.tree import Units

logger = logging.getLogger(__name__)
PERIODS_AT_ONCE, SENT_AT_ONCE = 2, 100
SENT_AGAIN_AFTER = timedelta(seconds=60)


def ask_for_due() -> int:
    """Ask once for each finished period that units have no report of, for all of them together, so that they are counted
    at one moment. Two clocks at once make one report each. Gives how many units were due."""
    due = dict(itertools.islice(due_reports().items(), PERIODS_AT_ONCE))
    for period, units in due.items():
        _ask(period, units)
    return sum(map(len, due.values()))


def _ask(period: Period, units: list[int]) -> None:
    tree = Units().on(period.last_day)
    by_top: dict[int, list[int]] = {}
    for unit in units:
        by_top.setdefault(tree.top_of(unit), []).append(unit)
    for top, together in by_top.items():
        place = Unit.objects.get(pk=top if len(together) > 1 else together[0])
        try:
            if len(together) > 1:
                runs.ask(by=None, unit=place, period=period, only=together)
            else:
                asking.ask(by=None, unit=place, period=period)
        except Refused as refusal:
            logger.error("reports of %s for %s are due but were refused: %s", place, period.code, refusal)


def send_again() -> int:
    """Runs and reports that were asked for but never reached a worker, or whose worker died. Gives how many were sent."""
    return _send(ReportRun, waiting_runs(), CUT, "run_id", RunStatus.ASKED) + _send(
        Report, waiting_reports(), BUILD, "report_id", ReportStatus.ASKED
    )


@transaction.atomic
def _send(model: type[Report] | type[ReportRun], waiting: QuerySet, task: str, key: str, asked: str) -> int:
    unsent = Q(status=asked) & (Q(sent_at=None) | Q(sent_at__lte=Now() - SENT_AGAIN_AFTER))
    stuck = ~Q(status=asked) & Q(lease_until__lte=Now())
    found = waiting.filter(unsent | stuck).select_for_update(skip_locked=True, of=("self",), no_key=True)
    pks = [row.pk for row in found.order_by("sent_at", "pk")[:SENT_AT_ONCE]]
    model.objects.filter(pk__in=pks).update(sent_at=Now())
    for pk in pks:
        jobs.enqueue(task, **{key: pk})
    return len(pks)
