"""`manage.py import_figures FILE.csv|.xlsx`: take in figures published elsewhere, whole or not at all.

stdout: what was taken. Exit 0 taken, 2 not understood (one line: line, column, nearest known codes). Twice changes nothing.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from rehab.commands import OneLineCommand, first_of
from rehab.tabular.errors import TableRefused
from rehab.tabular.reading import DEFAULT_LIMITS
from reports.actions.figures import import_file


class Command(OneLineCommand):
    help = gettext_noop("Take in figures published elsewhere; they are shown beside counted ones, never added to them.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE.csv|.xlsx")

    def handle(self, *, file: str, **options: Any) -> None:
        data = self.read_file(file, DEFAULT_LIMITS.size)
        try:
            taken = import_file(by=None, data=data, name=Path(file).name)
        except TableRefused as refused:
            self.not_understood(f"{file}: {first_of(refused)}")
        told = {"created": taken.created, "updated": taken.updated, "unchanged": taken.unchanged}
        self.stdout.write(_("%(created)s new, %(updated)s changed, %(unchanged)s unchanged") % told)
