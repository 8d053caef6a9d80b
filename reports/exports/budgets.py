"""The activities of a unit and year as a workbook: ceilings and spending, to be changed in a spreadsheet and uploaded again."""

from collections.abc import Iterable

from xlsxwriter.utility import xl_rowcol_to_cell as cell

from facilities.models import Unit
from reports.enums import Half
from reports.indicators import REGISTRY
from reports.queries.budgets import Activity, Money
from reports.sheets import RUPIAH, Filled

HEADING = (
    "kode_unit", "tahun", "kode_kegiatan", "kegiatan", "kode_indikator", "pagu_smt1", "pagu_smt2", "jumlah_pagu",
    "realisasi_smt1", "realisasi_smt2", "jumlah_realisasi", "penyerapan", "versi",
)  # fmt: skip
WIDTHS = (12, 7, 16, 48, 24, 16, 16, 16, 16, 16, 16, 11, 12)
CEILING, SPENT, ABSORPTION = 5, 8, 11
SPARE = 20
HELP = (
    "Satu baris untuk satu kegiatan; kegiatan baru ditulis di baris kosong di bawah, dengan kode_unit dan tahun yang sama.",
    "Pagu dan realisasi per semester, dalam rupiah bulat. Kolom abu-abu dihitung sendiri.",
    "kode_indikator: keluaran yang dibiayai, boleh kosong. Yang dikenal: " + ", ".join(REGISTRY) + ".",
    "Baris yang tidak diubah tidak menjadi revisi baru. Jangan ubah kolom versi.",
)


def version(activity: Activity) -> str:
    """What the person had before them: the newest revision and the version of each semester's spending."""
    edits = [activity.spendings[half].edit if half in activity.spendings else 0 for half in Half]
    return "/".join(str(number) for number in (activity.revision or 0, *edits))


def budgets_workbook(unit: Unit, year: int, kept: Iterable[Activity]) -> bytes:
    out = Filled(f"Anggaran {year}", HEADING, WIDTHS, RUPIAH)
    out.sheet.freeze_panes(1, 4)
    percent = out.book.add_format({"num_format": "#,##0.00", "bg_color": "#EDEDED", "italic": True})
    row = 0
    for row, activity in enumerate(kept, start=1):
        _row(out, row, unit, year, activity)
        _sums(out, row, activity.money, percent)
    for spare in range(row + 1, row + 1 + SPARE):
        _sums(out, spare, Money(), percent)
    out.sheet.data_validation(
        1, 4, row + SPARE, 4, {"validate": "list", "source": list(REGISTRY), "ignore_blank": True}
    )
    return out.finished(HELP)


def _row(out: Filled, row: int, unit: Unit, year: int, activity: Activity) -> None:
    out.sheet.write_string(row, 0, unit.code)
    out.sheet.write_number(row, 1, year)
    for column, text in enumerate((activity.code, activity.name, activity.indicator), start=2):
        out.put(row, column, text)
    for column, ceiling in enumerate(activity.ceilings or (), start=CEILING):
        out.put(row, column, ceiling)
    for column, half in enumerate(Half, start=SPENT):
        out.put(row, column, activity.spent(half))
    out.put(row, ABSORPTION + 1, version(activity))


def _sums(out: Filled, row: int, money: Money, percent: object) -> None:
    """Live sums; empty where nothing has been filled in, so that a spare row stays an empty row."""
    for first, value in ((CEILING, money.ceiling), (SPENT, money.spent)):
        span = f"{cell(row, first)}:{cell(row, first + 1)}"
        out.calculate(row, first + 2, f'=IF(COUNT({span})=0,"",SUM({span}))', value)
    ceiling, spent = cell(row, CEILING + 2), cell(row, SPENT + 2)
    formula = f'=IF(AND(ISNUMBER({ceiling}),ISNUMBER({spent})),IF({ceiling}>0,ROUND({spent}/{ceiling}*100,2),""),"")'
    share = money.absorption
    out.sheet.write_formula(row, ABSORPTION, formula, percent, "" if share is None else float(share))
