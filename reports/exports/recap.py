"""The recap on paper and as a workbook with live sums. Indonesian like every paper; what is counted live bears no seal."""

import io
from datetime import datetime
from typing import Any

import xlsxwriter
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell

from facilities.models import Unit
from rehab.numbers import NOTHING, format_date, format_number
from rehab.pdf import render
from rehab.tabular.writing import BOOK_OPTIONS, NO_TIME, write_cell
from reports.actions.header import letterhead
from reports.paper import month_label
from reports.queries.recap import INDICATOR, Block, Line, Recap

TEMPLATE = "recap.typ"
NAME, GROUP, FIRST, TOTAL = 0, 1, 2, 14


def recap_pdf(recap: Recap, now: datetime) -> bytes:
    """A4 landscape, one row for each way of coming. Raises `rehab.pdf.PdfFailed`."""
    with translation.override("id"):
        return render(TEMPLATE, recap_paper(recap, now))


def recap_paper(recap: Recap, now: datetime) -> dict[str, Any]:
    """What templates/pdf/recap.typ prints, in the language that is active."""
    unit, counted = recap.unit, told_at(recap.unit, now)
    return {
        "demo": settings.DEMO,
        "draft": "",
        "letterhead": {"lines": letterhead(unit), "address": unit.address},
        "foot": f"{unit.name} · {recap.period.label}",
        "title": title(),
        "subtitle": f"{unit.name} · {recap.period.label}",
        "number": "",
        "date": format_date(recap.as_of),
        "date_iso": recap.as_of.isoformat(),
        "hash": "",
        "unsealed": counted,
        "months": [month_label(month) for month in recap.months],
        "blocks": [_told(block) for block in recap.blocks],
        "whole": _told(recap.whole) | {"name": _("All of %(unit)s") % {"unit": unit.name}},
        "notes": [counted, _("“–”: still to come, or before the unit recorded its work in Titian.")],
    }


def recap_workbook(recap: Recap, now: datetime) -> bytes:
    """One sheet; every sum is a live formula with its value."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {**BOOK_OPTIONS, "in_memory": True})
    book.set_properties({"created": NO_TIME})
    with translation.override("id"):
        _Sheet(book, recap, told_at(recap.unit, now)).write()
    book.close()
    return target.getvalue()


def title() -> str:
    return _("Recap of %(indicator)s by unit, way of coming and month") % {"indicator": str(INDICATOR.title).lower()}


def told_at(unit: Unit, now: datetime) -> str:
    """'Dihitung langsung 3 Januari 2020 10.42 WITA', on the unit's clocks."""
    with timezone.override(unit.zone):
        local = timezone.localtime(now)
    return _("Counted live %(day)s %(at)s") % {
        "day": format_date(local),
        "at": f"{local:%H.%M} {unit.zone_label}",
    }


def _told(block: Block) -> dict[str, Any]:
    name = _("%(unit)s, own facilities") % {"unit": block.name} if block.is_self else block.name
    return {"name": name, "lines": [_row(line) for line in block.lines], "sum": _row(block.sum)[1:]}


def _row(line: Line) -> list[str]:
    return [line.label, *(format_number(number) for number in (*line.months, line.total))]


class _Sheet:
    """The sheet as it grows, row by row."""

    def __init__(self, book: xlsxwriter.Workbook, recap: Recap, counted: str):
        self.sheet, self.recap, self.counted = book.add_worksheet(_("Recap")), recap, counted
        self.large = book.add_format({"bold": True, "font_size": 14})
        self.bold = book.add_format({"bold": True, "num_format": "#,##0", "top": 1})
        self.heading = book.add_format({"bold": True, "top": 1, "bottom": 1, "bg_color": "#EDEDED"})
        self.number = book.add_format({"num_format": "#,##0", "align": "right"})
        self.strong = book.add_format({"bold": True, "num_format": "#,##0", "top": 1, "align": "right"})
        self.row = 0

    def write(self) -> None:
        sheet, recap = self.sheet, self.recap
        sheet.set_column(NAME, NAME, 40)
        sheet.set_column(GROUP, GROUP, 28)
        sheet.set_column(FIRST, TOTAL, 8)
        sheet.write_string(0, 0, title(), self.large)
        sheet.write_string(1, 0, f"{recap.unit.name} · {recap.period.label}")
        sheet.write_string(2, 0, self.counted)
        self.row = 4
        total = pgettext("sum of a row", "Total")
        names = [_("Unit"), _("Came by"), *(month_label(month) for month in recap.months), total]
        for column, name in enumerate(names):
            sheet.write_string(self.row, column, name, self.heading)
        sheet.freeze_panes(self.row + 1, FIRST)
        sheet.repeat_rows(self.row)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        self.row += 1
        first = self.row
        for block in recap.blocks:
            self._block(block)
        self._whole(first, self.row - 1)

    def _block(self, block: Block) -> None:
        first, name = self.row, _told(block)["name"]
        for line in block.lines:
            self._names(name, line.label)
            for column, number in enumerate(line.months, start=FIRST):
                write_cell(self.sheet, self.row, column, NOTHING if number is None else number, self.number)
            self._sum_of_months(line)
            self.row += 1
        self._names(name, pgettext("sum of a row", "Total"), self.bold)
        for column, number in enumerate((*block.sum.months, block.sum.total), start=FIRST):
            self._formula(column, f"=SUM({xl_range(first, column, self.row - 1, column)})", number)
        self.row += 1

    def _whole(self, first: int, last: int) -> None:
        """The sums over all blocks, found by the words of the second column."""
        begins = self.row
        name = self.recap.whole.name
        for line in self.recap.whole.lines:
            self._names(name, line.label, self.bold)
            of = f"{xl_range_abs(first, GROUP, last, GROUP)},{xl_rowcol_to_cell(self.row, GROUP)}"
            for column, number in enumerate((*line.months, line.total), start=FIRST):
                self._formula(column, f"=SUMIF({of},{xl_range(first, column, last, column)})", number)
            self.row += 1
        self._names(name, pgettext("sum of a row", "Total"), self.bold)
        total = self.recap.whole.sum
        for column, number in enumerate((*total.months, total.total), start=FIRST):
            self._formula(column, f"=SUM({xl_range(begins, column, self.row - 1, column)})", number)

    def _names(self, name: str, label: str, form: Any = None) -> None:
        self.sheet.write_string(self.row, NAME, name, form)
        self.sheet.write_string(self.row, GROUP, label, form)

    def _sum_of_months(self, line: Line) -> None:
        cells = xl_range(self.row, FIRST, self.row, TOTAL - 1)
        self._formula(TOTAL, f"=SUM({cells})", line.total)

    def _formula(self, column: int, formula: str, number: int | None) -> None:
        if number is None:
            self.sheet.write_string(self.row, column, NOTHING, self.strong)
        else:
            self.sheet.write_formula(self.row, column, formula, self.strong, number)
