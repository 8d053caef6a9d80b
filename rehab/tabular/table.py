"""A declared table: which columns a file must and may have. It gives every record, or says everything that is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rehab.tabular.columns import Column, normalised, sentence, unknown
from rehab.tabular.errors import Problem, TableRefused
from rehab.tabular.reading import DEFAULT_LIMITS, Limits, Row, Sheet, read_sheet


@dataclass(frozen=True)
class Record:
    """One row: its line in the file and its values by column name."""

    line: int
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True)
class Table:
    """`ignore_unknown`: columns that are not declared are passed over; otherwise they are an error (a typing slip, mostly)."""

    columns: tuple[Column, ...]
    ignore_unknown: bool = False
    limits: Limits = DEFAULT_LIMITS

    def read(self, data: bytes, name: str) -> list[Record]:
        """The records of a CSV or XLSX file, in its order. Raises `TableRefused` with every problem found."""
        return self.convert(read_sheet(data, name, self.limits))

    def convert(self, sheet: Sheet) -> list[Record]:
        """As `read`, for a sheet that has been read already."""
        places, problems = self._places(sheet)
        if problems:
            raise TableRefused(problems)
        records = []
        for row in sheet.rows:
            record, found = self._record(row, sheet, places)
            records.append(record)
            problems.extend(found)
        if problems:
            raise TableRefused(problems)
        return records

    def _places(self, sheet: Sheet) -> tuple[dict[str, int], list[Problem]]:
        """Where each column stands in the sheet, and what is wrong with the heading."""
        by_heading = {heading: column.name for column in self.columns for heading in column.headings}
        places: dict[str, int] = {}
        problems = []
        line = sheet.heading_line
        if not any(normalised(heading) in by_heading for heading in sheet.heading):
            message = _("the first row must name the columns: %(columns)s.") % {"columns": ", ".join(self.names)}
            return {}, [Problem(message, line)]
        for position, heading in enumerate(sheet.heading):
            name = by_heading.get(normalised(heading))
            if name is None:
                if not self.ignore_unknown:
                    problems.append(Problem(unknown(heading, self.names), line, heading))
            elif name in places:
                problems.append(Problem(_("the heading stands twice."), line, heading))
            else:
                places[name] = position
        missing = [column.name for column in self.columns if column.must_exist and column.name not in places]
        problems.extend(Problem(_("the column is missing."), line, name) for name in missing)
        return places, problems

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def _record(self, row: Row, sheet: Sheet, places: Mapping[str, int]) -> tuple[Record, list[Problem]]:
        values: dict[str, Any] = {}
        problems = []
        for column in self.columns:
            place = places.get(column.name)
            if place is None:
                values[column.name] = column.blank()
                continue
            try:
                values[column.name] = column.value(row.cells[place])
            except (ValueError, ValidationError) as error:
                problems.append(Problem(sentence(error), row.line, sheet.heading[place]))
        return Record(row.line, values), problems
