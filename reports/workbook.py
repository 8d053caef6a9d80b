"""A unit's periodic report as a workbook: the figures of the paper, percentages as live formulas, a sheet per part.

Pure. Indonesian like the paper, whatever language the screen is in. Text is written as text: nothing typed by a person can
become a formula or a link.
"""

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from rehab.numbers import NOTHING, achievement, format_date
from rehab.tabular.writing import BOOK_OPTIONS, NO_TIME, write_cell
from reports.paper import (
    Amount,
    Line,
    ReportData,
    absorbed_of,
    difference_of,
    draft_mark,
    has_last_year,
    has_money,
    last_percent_of,
    month_label,
    percent_of,
    reported_note,
    standing_notes,
    sum_of,
)

HEADING = (
    gettext_noop("No."),
    gettext_noop("Indicator"),
    gettext_noop("Measure"),
    gettext_noop("Target"),
    gettext_noop("Realised"),
    gettext_noop("Achievement %"),
    gettext_noop("Ceiling (Rp)"),
    gettext_noop("Spent (Rp)"),
    "%",
    gettext_noop("Obstacle"),
    gettext_noop("Follow-up action"),
    gettext_noop("Source"),
)
WIDTHS = (5, 44, 12, 13, 13, 12, 18, 18, 10, 44, 44, 34)
TARGET, REALISED, CEILING, SPENT = 3, 4, 6, 7
WHOLE = "#,##0"
PERCENT = "#,##0.00"
SUMMARY, MONTHS, DETAILS = gettext_noop("Summary"), gettext_noop("By month"), gettext_noop("Breakdowns")
YEARS = gettext_noop("Two years")


def report_workbook(data: ReportData) -> bytes:
    """The XLSX file; the same bytes for the same data."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {**BOOK_OPTIONS, "in_memory": True})
    book.set_properties({"title": data["title"], "subject": data["period"], "author": data["unit"], "created": NO_TIME})
    forms = Forms(book)
    with translation.override("id"):
        _summary(book.add_worksheet(_(SUMMARY)), data, forms)
        if has_last_year(data["lines"]):
            write_years(book.add_worksheet(_(YEARS)), data, forms)
        _months(book.add_worksheet(_(MONTHS)), data, forms)
        _details(book.add_worksheet(_(DETAILS)), data, forms)
    book.close()
    return target.getvalue()


class Forms:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook):
        self._book = book
        self._numbers: dict[tuple[str, bool], Format] = {}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.strong = book.add_format({"bold": True})
        self.heading = book.add_format(
            {"bold": True, "bottom": 1, "top": 1, "text_wrap": True, "valign": "top", "bg_color": "#EDEDED"}
        )
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.reported = book.add_format({"text_wrap": True, "valign": "top", "italic": True})

    def number(self, amount: Amount, places: int | None, *, italic: bool = False) -> Format:
        """Right-aligned (a "–" too), with the decimals of the paper; reported figures in italics."""
        if places is None:
            places = max(0, -int(amount.normalize().as_tuple().exponent)) if isinstance(amount, Decimal) else 0
        return self.pattern(f"{WHOLE}.{'0' * places}" if places else WHOLE, italic=italic)

    def pattern(self, pattern: str, *, italic: bool = False) -> Format:
        key = (pattern, italic)
        if key not in self._numbers:
            kind = {"num_format": pattern, "align": "right", "valign": "top", "italic": italic}
            self._numbers[key] = self._book.add_format(kind)
        return self._numbers[key]


def _summary(sheet: Worksheet, data: ReportData, forms: Forms) -> None:
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    row = _head(sheet, data, forms)
    _heading(sheet, row, [_(name) for name in HEADING], forms)
    first = row + 1
    sheet.freeze_panes(row + 1, 2)
    sheet.repeat_rows(row)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for number, line in enumerate(data["lines"], start=1):
        row += 1
        _line(sheet, row, number, line, forms)
    if has_money(data["lines"]):
        row += 1
        _money(sheet, row, first, data, forms)
    row += 2
    for note in (*standing_notes(data), *data["notes"]):
        sheet.write_string(row, 1, note)
        row += 1


def _head(sheet: Worksheet, data: ReportData, forms: Forms) -> int:
    """Title and facts; gives the row of the table's heading."""
    words = [_("SAMPLE DATA: people and figures here are invented.")] if data["demo"] else []
    words += [f"{data['unit']} · {data['period']}", f"{_('Scope')}: {data['scope']}"]
    words.append(f"{_('As of')} {format_date(data['as_of'])}")
    if data["number"]:
        words.append(f"{pgettext('report', 'Number')} {data['number']}, {format_date(data['issued'])}")
    words.append(_("Seal (SHA-256): %(hash)s") % {"hash": data["hash"]} if data["hash"] else _("Not sealed yet"))
    words += [draft_mark(data)] if data["draft"] else []
    sheet.write_string(0, 0, data["title"], forms.title)
    for row, text in enumerate(words, start=1):
        sheet.write_string(row, 0, text)
    return len(words) + 2


def _line(sheet: Worksheet, row: int, number: int, line: Line, forms: Forms) -> None:
    reported = line["source"] == "reported"
    text = forms.reported if reported else forms.text
    sheet.write_number(row, 0, number, forms.text)
    sheet.write_string(row, 1, line["title"], text)
    sheet.write_string(row, 2, line["measure"], text)
    _amount(sheet, row, TARGET, line["target"], forms.number(line["target"], line["places"], italic=reported))
    _amount(sheet, row, REALISED, line["realised"], forms.number(line["realised"], line["places"], italic=reported))
    percent = forms.pattern(PERCENT, italic=reported)
    write_percent(sheet, row, REALISED + 1, (REALISED, TARGET), percent_of(line), percent, line["lower_is_better"])
    _amount(sheet, row, CEILING, line["ceiling"], forms.pattern(WHOLE))
    _amount(sheet, row, SPENT, line["spent"], forms.pattern(WHOLE))
    write_percent(sheet, row, SPENT + 1, (SPENT, CEILING), absorbed_of(line), forms.pattern(PERCENT))
    write_cell(sheet, row, 9, line["obstacle"], text)
    write_cell(sheet, row, 10, line["follow_up"], text)
    write_cell(sheet, row, 11, reported_note(line) or _("counted from treatments"), text)


def _money(sheet: Worksheet, row: int, first: int, data: ReportData, forms: Forms) -> None:
    """The sums beneath ceiling and spending, and what of one was spent."""
    lines = data["lines"]
    ceiling, spent = sum_of(line["ceiling"] for line in lines), sum_of(line["spent"] for line in lines)
    sheet.write_string(row, 1, _("Total budget"), forms.strong)
    for column, total in ((CEILING, ceiling), (SPENT, spent)):
        write_sum(sheet, row, column, (first, column, row - 1, column), total, forms.pattern(WHOLE))
    write_percent(sheet, row, SPENT + 1, (SPENT, CEILING), achievement(spent, ceiling), forms.pattern(PERCENT))


def write_percent(
    sheet: Worksheet,
    row: int,
    column: int,
    of: tuple[int, int],
    known: Decimal | None,
    form: Format,
    lower: bool = False,
) -> None:
    """A live formula, with the value that the paper prints for readers that do not calculate. `of`: the columns of what was
    reached and of what was aimed at."""
    realised, target = xl_rowcol_to_cell(row, of[0]), xl_rowcol_to_cell(row, of[1])
    percent = f"(2-{realised}/{target})*100" if lower else f"{realised}/{target}*100"
    # A dash counts as greater than any number in a spreadsheet, so both cells are asked whether they are numbers.
    formula = (
        f'=IF(AND(ISNUMBER({target}),ISNUMBER({realised})),IF({target}>0,ROUND({percent},2),"{NOTHING}"),"{NOTHING}")'
    )
    sheet.write_formula(row, column, formula, form, NOTHING if known is None else float(known))


def write_sum(
    sheet: Worksheet, row: int, column: int, cells: tuple[int, int, int, int], total: Amount, form: Format
) -> None:
    """A live sum with its value; where nothing is known, a dash: a sum of nothing would be zero."""
    if total is None:
        sheet.write_string(row, column, NOTHING, form)
    else:
        sheet.write_formula(
            row, column, f"=SUM({xl_range(*cells)})", form, total if isinstance(total, int) else float(total)
        )


def write_years(sheet: Worksheet, data: ReportData, forms: Forms) -> None:
    """This year beside the last, to the same date; percentages and differences as live formulas."""
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 8, 14)
    last, this = data["year"] - 1, data["year"]
    names = [_("Indicator"), _("Measure")]
    for year in (last, this):
        names += [f"{_('Target')} {year}", f"{_('Realised')} {year}", f"{_('Achievement %')} {year}"]
    _heading(sheet, 0, [*names, _("Difference")], forms)
    sheet.freeze_panes(1, 1)
    for row, line in enumerate(data["lines"], start=1):
        sheet.write_string(row, 0, line["title"], forms.text)
        sheet.write_string(row, 1, line["measure"], forms.text)
        percents = last_percent_of(line), percent_of(line)
        amounts = (line["last_target"], line["last_realised"]), (line["target"], line["realised"])
        for column, (pair, percent) in enumerate(zip(amounts, percents, strict=True)):
            at = 2 + 3 * column
            for offset, amount in enumerate(pair):
                _amount(sheet, row, at + offset, amount, forms.number(amount, line["places"]))
            write_percent(sheet, row, at + 2, (at + 1, at), percent, forms.pattern(PERCENT), line["lower_is_better"])
        now, before = xl_rowcol_to_cell(row, 6), xl_rowcol_to_cell(row, 3)
        difference = difference_of(line)
        formula = f'=IF(AND(ISNUMBER({now}),ISNUMBER({before})),{now}-{before},"{NOTHING}")'
        value = NOTHING if difference is None else float(difference)
        sheet.write_formula(row, 8, formula, forms.number(difference, line["places"]), value)


def _months(sheet: Worksheet, data: ReportData, forms: Forms) -> None:
    sheet.set_column(0, 0, 30)
    row = 0
    for series in data["series"]:
        months = series["months"]
        total = [pgettext("sum of a row", "Total")] if series["summed"] else []
        sheet.write_string(row, 0, f"{series['title']} ({series['measure']})", forms.strong)
        _heading(sheet, row + 1, [_("Month"), *(month_label(month["month"]) for month in months), *total], forms)
        for offset, (name, amounts) in enumerate(
            [(_("Realised"), [m["realised"] for m in months]), (_("Target"), [m["target"] for m in months])], start=2
        ):
            if offset == 2 or any(amount is not None for amount in amounts):
                sheet.write_string(row + offset, 0, name)
                _row_of_amounts(sheet, row + offset, amounts, series["summed"], forms)
        row += 6


def _row_of_amounts(sheet: Worksheet, row: int, amounts: Sequence[Amount], summed: bool, forms: Forms) -> None:
    """The months and, where they add up, their sum as a live formula; no month known is no sum known."""
    for column, amount in enumerate(amounts, start=1):
        _amount(sheet, row, column, amount, forms.number(amount, None))
    known = [amount for amount in amounts if amount is not None]
    if summed and known:
        total = sum(known)
        write_sum(sheet, row, len(amounts) + 1, (row, 1, row, len(amounts)), total, forms.number(total, None))


def _details(sheet: Worksheet, data: ReportData, forms: Forms) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 12, 14)
    row = 0
    for part in data["breakdowns"]:
        sheet.write_string(row, 0, part["title"], forms.strong)
        _heading(sheet, row + 1, part["heading"], forms)
        row += 2
        first = row
        for cells in part["rows"]:
            for column, cell in enumerate(cells):
                _cell(sheet, row, column, cell, forms)
            row += 1
        for column, cell in enumerate(part["total"]):
            above = [cast("Amount", cells[column]) for cells in part["rows"]]
            if isinstance(cell, str) or cell is None or sum_of(above) != cell:
                _cell(sheet, row, column, cell, forms)
            else:
                write_sum(sheet, row, column, (first, column, row - 1, column), cell, forms.number(cell, None))
        row += 2 if part["total"] else 1


def _cell(sheet: Worksheet, row: int, column: int, cell: str | Amount, forms: Forms) -> None:
    if isinstance(cell, str):
        write_cell(sheet, row, column, cell)
    else:
        _amount(sheet, row, column, cell, forms.number(cell, None))


def _heading(sheet: Worksheet, row: int, names: Sequence[str], forms: Forms) -> None:
    for column, name in enumerate(names):
        sheet.write_string(row, column, name, forms.heading)


def _amount(sheet: Worksheet, row: int, column: int, amount: Amount, form: Any) -> None:
    """A number, or the dash of what is unknown or not set: never a zero."""
    write_cell(sheet, row, column, NOTHING if amount is None else amount, form)
