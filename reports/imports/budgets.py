"""Reading the filled workbook of budgets back: whole or not at all, each problem by its line and column."""

import re
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from facilities.models import Unit
from rehab.tabular.columns import Column, Kind
from rehab.tabular.errors import Problem, TableRefused
from rehab.tabular.reading import Limits
from rehab.tabular.table import Record, Table
from reports.actions.budgets import MOST, Line
from reports.enums import Half
from reports.imports.targets import columns_of, known_indicator
from reports.queries.budgets import Activity

AMOUNTS = ("pagu_smt1", "pagu_smt2", "realisasi_smt1", "realisasi_smt2")
# Where the action's refusal of a row belongs in the file.
COLUMN_OF = {
    "code": "kode_kegiatan", "activity": "kegiatan", "indicator": "kode_indikator", "first_half": "pagu_smt1",
    "second_half": "pagu_smt2", "spent_1": "realisasi_smt1", "spent_2": "realisasi_smt2",
}  # fmt: skip
_VERSION = re.compile(r"([0-9]{1,18})/([0-9]{1,9})/([0-9]{1,9})", re.ASCII)


def rupiah(value: Decimal) -> Decimal:
    if not 0 <= value < MOST or value != value.to_integral_value():
        raise ValueError(_("must be a whole number of rupiah from zero up."))
    return value


def _version(word: str) -> tuple[int, int, int]:
    found = _VERSION.fullmatch(word)
    if found is None:
        raise ValueError(_("has been changed; download the table again."))
    revision, first, second = (int(number) for number in found.groups())
    return revision, first, second


def table(unit: Unit, year: int) -> Table:
    return Table(
        (
            *columns_of(unit, year),
            Column("kode_kegiatan", required=True, max_length=30, aliases=("code",)),
            Column("kegiatan", required=True, max_length=200, aliases=("activity",)),
            Column("kode_indikator", convert=known_indicator, aliases=("indicator_key",)),
            *(Column(name, Kind.NUMBER, convert=rupiah, needed=name.startswith("pagu")) for name in AMOUNTS),
            Column("jumlah_pagu", Kind.CELL),
            Column("jumlah_realisasi", Kind.CELL),
            Column("penyerapan", Kind.CELL),
            Column("versi", convert=_version),
        ),
        limits=Limits(rows=2_000, columns=30),
    )


def read_budgets(data: bytes, name: str, *, unit: Unit, year: int, kept: Iterable[Activity]) -> dict[int, Line]:
    """The activities of the file by their line. Raises TableRefused."""
    known = {activity.code: activity for activity in kept}
    problems: list[Problem] = []
    lines: dict[int, Line] = {}
    first_at: dict[str, int] = {}
    for record in table(unit, year).read(data, name):
        code = record["kode_kegiatan"]
        line = first_at.setdefault(code, record.line)
        if line != record.line:
            told = _("the same activity stands on line %(line)s.") % {"line": line}
            problems.append(Problem(told, record.line, "kode_kegiatan"))
            continue
        lines[record.line] = _line(record, known.get(code))
    if problems:
        raise TableRefused(problems)
    return lines


def _line(record: Record, activity: Activity | None) -> Line:
    """An empty cell leaves what is kept. Without a version column the file stands against what is kept now."""
    first, second, *spent = (record[name] for name in AMOUNTS)
    before = activity.ceilings if activity and activity.ceilings else (Decimal(0), Decimal(0))
    ceilings = None
    if first is not None or second is not None:
        ceilings = (before[0] if first is None else first, before[1] if second is None else second)
    if record["versi"]:
        seen, *edits = (number or None for number in record["versi"])
    else:
        held = activity.spendings if activity else {}
        seen, edits = (
            activity.revision if activity else None,
            [held[half].edit if half in held else None for half in Half],
        )
    return Line(
        record["kode_kegiatan"], record["kegiatan"], record["kode_indikator"], ceilings, (spent[0], spent[1]), seen,
        (edits[0], edits[1]),
    )  # fmt: skip
