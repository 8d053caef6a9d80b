"""The table of targets as a workbook: what is in force now, to be changed in a spreadsheet and uploaded again."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils import translation
from xlsxwriter.utility import xl_rowcol_to_cell as cell

from facilities.models import Unit
from reports.enums import FigureScope
from reports.forms.target_table import Latest
from reports.indicators import REGISTRY, Indicator
from reports.queries import default_scope
from reports.sheets import MONTHS, Filled

HEADING = (
    "kode_unit", "tahun", "kode_indikator", "indikator", "satuan", "cakupan", "target", *MONTHS, "jumlah_bulan", "selisih",
    "revisi",
)  # fmt: skip
WIDTHS = (12, 7, 24, 44, 12, 32, 11, *[8] * 12, 13, 10, 8)
MEANINGS = {FigureScope.OWN: "sendiri", FigureScope.TREE: "dengan satuan kerja di bawahnya"}
TARGET, FIRST_MONTH, SUM = 6, 7, 19
HELP = (
    "Isi kolom target, dan bila perlu pecahannya per bulan. Kolom abu-abu dihitung sendiri.",
    "Jumlah bulan harus sama dengan target; target yang kosong diisi dari jumlah bulannya.",
    "Indikator berupa persen, indeks, atau keadaan tidak dipecah per bulan.",
    "cakupan: “sendiri” (fasilitas yang dibina langsung) atau “dengan satuan kerja di bawahnya”.",
    "Baris yang tidak diubah tidak menjadi revisi baru. Jangan ubah kolom kode dan kolom revisi.",
)


def targets_workbook(unit: Unit, year: int, latest: Mapping[str, Latest]) -> bytes:
    with translation.override("id"):
        out = Filled(f"Target {year}", HEADING, WIDTHS)
        out.sheet.freeze_panes(1, 4)
        for row, indicator in enumerate(REGISTRY.values(), start=1):
            _row(out, row, unit, year, indicator, latest.get(indicator.key))
        last = len(REGISTRY)
        out.sheet.data_validation(1, 5, last, 5, {"validate": "list", "source": list(MEANINGS.values())})
        return out.finished(HELP)


def _row(out: Filled, row: int, unit: Unit, year: int, indicator: Indicator, latest: Latest | None) -> None:
    revision = latest.revision if latest else None
    scope = FigureScope(revision.target.scope) if revision else default_scope(unit.kind)
    told = (unit.code, year, indicator.key, str(indicator.title), str(indicator.measure), MEANINGS[scope])
    for column, value in enumerate(told):
        # A year is no quantity: written without the format of numbers.
        out.sheet.write(row, column, value)
    out.put(row, TARGET, revision.value if revision else None)
    months = list(revision.months) if revision else []
    for column, part in enumerate(months, start=FIRST_MONTH):
        out.put(row, column, part)
    if indicator.adds_up:
        target, first, last = cell(row, TARGET), cell(row, FIRST_MONTH), cell(row, FIRST_MONTH + 11)
        total = sum(months, Decimal(0)) if months else None
        out.calculate(row, SUM, f'=IF(COUNT({first}:{last})=0,"",SUM({first}:{last}))', total)
        difference = f'=IF(OR(COUNT({first}:{last})=0,NOT(ISNUMBER({target}))),"",{target}-{cell(row, SUM)})'
        out.calculate(row, SUM + 1, difference, revision.value - total if revision and total is not None else None)
    out.put(row, SUM + 2, latest.newest if latest else None)
