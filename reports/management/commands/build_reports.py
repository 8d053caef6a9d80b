"""`manage.py build_reports --unit CODE --period 2025-12 [--whole-tree]`: ask for reports, wait for them, tell how far they are.

Workers build them; with --here this process does, which needs neither worker nor broker. stdout: one line for each report that
failed, then how many are ready and in how many seconds. stderr: progress. Exit 0 all ready, 1 one failed or the time is over,
2 not understood.
"""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from facilities.models import Unit
from rehab import periods
from rehab.commands import FINDINGS, OneLineCommand
from rehab.errors import Refused
from rehab.tabular.columns import unknown
from reports.actions import asking, runs, working
from reports.enums import ReportStatus
from reports.models import ReportRun
from reports.queries.progress import progress

LOOK_EVERY = 0.5


class Command(OneLineCommand):
    help = "Ask for the report of a unit and period, or of all units below it as well, and wait for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--period", required=True, metavar="2025|2025-12|2025-B09|2025-S1|2025-W37")
        parser.add_argument("--whole-tree", action="store_true")
        parser.add_argument("--here", action="store_true")
        parser.add_argument("--timeout", type=int, default=3600, metavar="SECONDS")

    def handle(self, *, unit: str, period: str, here: bool, timeout: int, **options: Any) -> None:
        begun = time.monotonic()
        run = self._asked(unit, period, options["whole_tree"])
        if here:
            working.work_off(run=run, tell=lambda: self._tell(run))
        else:
            self._wait(run, begun + timeout)
        self._say(run, time.monotonic() - begun)

    def _asked(self, code: str, period_code: str, whole_tree: bool) -> ReportRun:
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            self.not_understood(unknown(code, Unit.objects.values_list("code", flat=True)))
        try:
            period = periods.parse(period_code)
            if whole_tree:
                return runs.ask(by=None, unit=unit, period=period)
            return asking.ask(by=None, unit=unit, period=period).its_run
        except ValueError as error:
            self.not_understood(str(error))
        except Refused as refusal:
            self.not_understood(str(refusal.message))

    def _wait(self, run: ReportRun, deadline: float) -> None:
        while self._tell(run) and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY)

    def _tell(self, run: ReportRun) -> bool:
        found = progress(run)
        told = {"done": found.done + found.failed, "total": found.total, "status": found.status.label}
        self.stderr.write("\r" + _("%(status)s · %(done)s of %(total)s reports") % told, ending="")
        self.stderr.flush()
        return found.running

    def _say(self, run: ReportRun, seconds: float) -> None:
        self.stderr.write("")
        for report in run.reports.filter(status=ReportStatus.FAILED).select_related("unit").order_by("unit__code"):
            self.stdout.write(f"{report.number} | {report.get_status_display()} | {report.error}")
        found = progress(run)
        told = {"done": found.done, "total": found.total, "seconds": f"{seconds:.1f}"}
        self.stdout.write(_("%(done)s of %(total)s reports are ready after %(seconds)s seconds.") % told)
        if found.failed or found.running:
            sys.exit(FINDINGS)
