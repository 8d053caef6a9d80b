"""`manage.py verify_report PK|--all`: recompute the hash of sealed reports.

stdout: one line for each report. Exit 0 all as sealed, 1 at least one differs, 2 not understood (none of that number, not sealed).
"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from rehab.commands import FINDINGS, OneLineCommand
from reports.enums import ReportStatus
from reports.models import Report
from reports.queries.digests import digest


class Command(OneLineCommand):
    help = "Recompute the hash of a sealed report, or of all, and say whether anything was changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pk", nargs="?", type=int, metavar="PK")
        parser.add_argument("--all", action="store_true", dest="every")

    def handle(self, *, pk: int | None, every: bool, **options: Any) -> None:
        if (pk is None) is not every:
            self.not_understood(_("Name one report by its number, or say --all."))
        sealed = Report.objects.filter(status=ReportStatus.SEALED).select_related("unit").order_by("pk")
        chosen = sealed if pk is None else sealed.filter(pk=pk)
        if not every and not chosen:
            self.not_understood(_("There is no sealed report %(number)s.") % {"number": pk})
        differing = [report for report in chosen.iterator(chunk_size=100) if not self._holds(report)]
        if differing:
            sys.exit(FINDINGS)

    def _holds(self, report: Report) -> bool:
        found = digest(report)
        word = _("as sealed") if found == report.digest else _("CHANGED since it was sealed")
        self.stdout.write(f"{report.pk} | {report.number} | {report.digest} | {word}")
        return found == report.digest
