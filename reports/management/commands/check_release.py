"""`manage.py check_release FILE.csv|.xlsx`: recompute what a release prints. No database is needed.

stdout: one line per difference. stderr: what was and was not checked. Exit 0 nothing differs, 1 findings, 2 not understood.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from rehab.commands import FINDINGS, OneLineCommand, first_of
from rehab.tabular.errors import Problem, TableRefused
from reports.release import TABLE, Outcome, check_file


class Command(OneLineCommand):
    help = gettext_noop(
        "Recompute every percentage and every sum of parts that a release prints, and list what differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE.csv|.xlsx")

    def handle(self, *, file: str, **options: Any) -> None:
        path = Path(file)
        try:
            with path.open("rb") as stream:
                outcome = check_file(stream.read(TABLE.limits.size + 1), path.name)
        except FileNotFoundError:
            self.not_understood(_("%(file)s does not exist.") % {"file": file})
        except OSError as error:
            self.not_understood(_("%(file)s cannot be opened: %(reason)s") % {"file": file, "reason": error.strerror})
        except TableRefused as refused:
            self.not_understood(f"{file}: {first_of(refused)}")
        self._tell(outcome)
        if outcome.findings:
            sys.exit(FINDINGS)

    def _tell(self, outcome: Outcome) -> None:
        for finding in outcome.findings:
            self.stdout.write(str(finding))
        for row in outcome.unchecked:
            self.stderr.write(
                str(Problem(f"{row.unit} {row.year}, {row.indicator}: {row.reason}", row.line)), self.style.NOTICE
            )
        checked, unchecked = outcome.checked, len(outcome.unchecked)
        told = ngettext("%(count)s row checked", "%(count)s rows checked", checked) % {"count": checked}
        rest = ngettext("%(count)s could not be checked", "%(count)s could not be checked", unchecked) % {
            "count": unchecked
        }
        self.stderr.write(f"{told}, {rest}.", self.style.NOTICE)
