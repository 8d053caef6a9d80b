"""Workbooks that people fill in and send back: headings in one place for the writer and the reader. Indonesian like the forms on paper."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from rehab.tabular.writing import BOOK_OPTIONS, NO_TIME, Value, write_cell

NUMBER = "#,##0.####"
RUPIAH = "#,##0"
MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")


class Filled:
    """One sheet to be filled in: heading, rows with live formulas, and a second sheet that says how."""

    def __init__(self, title: str, heading: Sequence[str], widths: Sequence[int], number: str = NUMBER):
        self.target = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.target, {**BOOK_OPTIONS, "in_memory": True})
        self.book.set_properties({"title": title, "created": NO_TIME})
        self.number = self.book.add_format({"num_format": number})
        self.formula = self.book.add_format({"num_format": number, "bg_color": "#EDEDED", "italic": True})
        self.sheet: Worksheet = self.book.add_worksheet(title)
        bold = self.book.add_format({"bold": True, "bottom": 1, "bg_color": "#EDEDED"})
        for column, (name, width) in enumerate(zip(heading, widths, strict=True)):
            self.sheet.set_column(column, column, width)
            self.sheet.write_string(0, column, name, bold)

    def put(self, row: int, column: int, value: Value) -> None:
        is_number = value is not None and not isinstance(value, str)
        write_cell(self.sheet, row, column, value, self.number if is_number else None)

    def calculate(self, row: int, column: int, formula: str, value: Any) -> None:
        """A live formula, with its value for readers that do not calculate."""
        self.sheet.write_formula(row, column, formula, self.formula, "" if value is None else float(value))

    def finished(self, help_lines: Sequence[str]) -> bytes:
        sheet = self.book.add_worksheet("Petunjuk")
        sheet.set_column(0, 0, 110)
        for row, line in enumerate(help_lines):
            sheet.write_string(row, 0, line)
        self.book.close()
        return self.target.getvalue()
