"""What is wrong with a file, told by line and column so that it can be mended in the spreadsheet."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rehab.errors import Refused

SHOWN = 100


@dataclass(frozen=True)
class Problem:
    """One thing wrong; `line` is the line of the CSV file or the row of the sheet, `column` the heading it stands under."""

    message: str
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = {"line": self.line, "column": self.column, "message": self.message}
        if self.line is None and self.column is None:
            return self.message
        if self.column is None:
            return _("Line %(line)s: %(message)s") % place
        if self.line is None:
            return _("Column %(column)s: %(message)s") % place
        return _("Line %(line)s, column %(column)s: %(message)s") % place


class TableRefused(Refused):
    """The file is not taken, nothing of it was kept. `problems` has them all, `messages` the first hundred in words."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = tuple(problems)
        messages = [str(problem) for problem in self.problems[:SHOWN]]
        if more := len(self.problems) - len(messages):
            messages.append(
                ngettext("and %(count)s more problem", "and %(count)s more problems", more) % {"count": more}
            )
        super().__init__(messages)


def refuse(message: str, *, line: int | None = None, column: str | None = None) -> TableRefused:
    """The refusal of a file for one reason, to be raised by the caller."""
    return TableRefused([Problem(message, line, column)])
