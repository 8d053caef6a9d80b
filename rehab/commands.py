"""Commands whose every misunderstanding is one line on stderr and exit code 2: no usage, no traceback."""

import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rehab.tabular.errors import TableRefused

FINDINGS, NOT_UNDERSTOOD = 1, 2


class OneLineCommand(BaseCommand):
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = self.not_understood  # type: ignore[method-assign]  # one line, where argparse adds the usage
        return parser

    def not_understood(self, message: str) -> NoReturn:
        self.stderr.write(" ".join(str(message).split()))
        sys.exit(NOT_UNDERSTOOD)

    def read_file(self, file: str, most: int) -> bytes:
        """The file's bytes, at most one more than `most`, so that a reader can tell that it is too large."""
        try:
            with Path(file).open("rb") as stream:
                return stream.read(most + 1)
        except FileNotFoundError:
            self.not_understood(_("%(file)s does not exist.") % {"file": file})
        except OSError as error:
            self.not_understood(_("%(file)s cannot be opened: %(reason)s") % {"file": file, "reason": error.strerror})


def first_of(refused: TableRefused) -> str:
    """The first thing wrong with a table, and how many more there are."""
    first, others = refused.problems[0], len(refused.problems) - 1
    if not others:
        return str(first)
    more = ngettext("and %(count)s more problem", "and %(count)s more problems", others) % {"count": others}
    return f"{first} ({more})"
