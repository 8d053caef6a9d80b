"""Reading the filled workbook of targets back: whole or not at all, each problem by its line and column."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from facilities.models import Unit
from rehab.numbers import format_number
from rehab.tabular.columns import Column, Kind, unknown
from rehab.tabular.errors import Problem, TableRefused
from rehab.tabular.reading import Limits
from rehab.tabular.table import Record, Table
from reports.actions.targets import Change
from reports.enums import FigureScope
from reports.forms.cells import LARGEST
from reports.forms.target_table import Latest, same
from reports.indicators import REGISTRY
from reports.queries import default_scope
from reports.sheets import MONTHS

MOST_DECIMALS = 4
SCOPES = {
    "sendiri": FigureScope.OWN, "dengan satuan kerja di bawahnya": FigureScope.TREE, "own": FigureScope.OWN, "tree": FigureScope.TREE,
}  # fmt: skip


def amount(value: Decimal) -> Decimal:
    if not 0 <= value < LARGEST:
        raise ValueError(_("must be a number from zero up."))
    if value != round(value, MOST_DECIMALS):
        raise ValueError(_("has more than %(count)s decimals.") % {"count": MOST_DECIMALS})
    return value


def only(expected: Any, sentence: str) -> Callable[[Any], Any]:
    """A cell that must say what the page is about, so that the file of another unit or year is not taken by mistake."""

    def convert(value: Any) -> Any:
        if value != expected:
            raise ValueError(sentence % {"word": value, "expected": expected})
        return value

    return convert


def known_indicator(word: str) -> str:
    if word not in REGISTRY:
        raise ValueError(unknown(word, REGISTRY))
    return word


def columns_of(unit: Unit, year: int) -> tuple[Column, ...]:
    """The first columns of every sheet that belongs to one unit and year."""
    not_here = _("is “%(word)s”; this page takes “%(expected)s” only.")
    return (
        Column("kode_unit", required=True, convert=only(unit.code, not_here), aliases=("unit_code", "kode_satker")),
        Column("tahun", Kind.INTEGER, required=True, convert=only(year, not_here), aliases=("year",)),
    )


def table(unit: Unit, year: int) -> Table:
    return Table(
        (
            *columns_of(unit, year),
            Column("kode_indikator", required=True, convert=known_indicator, aliases=("indicator_key",)),
            Column("indikator", aliases=("indicator",)),
            Column("satuan", aliases=("measure",)),
            Column("cakupan", Kind.CHOICE, choices=SCOPES, aliases=("scope", "arti")),
            Column("target", Kind.NUMBER, needed=True, convert=amount),
            *(Column(name, Kind.NUMBER, convert=amount) for name in MONTHS),
            Column("jumlah_bulan", Kind.CELL),
            Column("selisih", Kind.CELL),
            Column("revisi", Kind.INTEGER),
        ),
        limits=Limits(rows=500, columns=40),
    )


def read_targets(data: bytes, name: str, *, unit: Unit, year: int, latest: Mapping[str, Latest]) -> dict[int, Change]:
    """The rows that say something else than what is in force last, by their line. Raises TableRefused."""
    records = table(unit, year).read(data, name)
    problems: list[Problem] = []
    changes: dict[int, Change] = {}
    first_at: dict[str, int] = {}
    for record in records:
        key = record["kode_indikator"]
        line = first_at.setdefault(key, record.line)
        if line != record.line:
            told = _("the same indicator stands on line %(line)s.") % {"line": line}
            problems.append(Problem(told, record.line, "kode_indikator"))
            continue
        try:
            change = _change(record, unit, latest.get(key))
        except ValueError as error:
            problems.append(Problem(str(error), record.line, "target"))
            continue
        if change and not (key in latest and same(change, latest[key].revision)):
            changes[record.line] = change
    if problems:
        raise TableRefused(problems)
    return changes


def _change(record: Record, unit: Unit, latest: Latest | None) -> Change | None:
    """None for a row without a target; ValueError with the sentence for one that does not fit."""
    indicator = REGISTRY[record["kode_indikator"]]
    given = [record[name] for name in MONTHS]
    months = tuple(part or Decimal(0) for part in given) if any(part is not None for part in given) else ()
    if months and not indicator.adds_up:
        raise ValueError(_("this indicator does not add up over months, so its target is not split."))
    value = sum(months, Decimal(0)) if record["target"] is None and months else record["target"]
    if value is None:
        if latest:
            raise ValueError(_("a target cannot be taken back; write 0 where nothing is aimed at."))
        return None
    if months and sum(months) != value:
        told = {"sum": format_number(sum(months)), "target": format_number(value)}
        raise ValueError(_("the months add up to %(sum)s, the target is %(target)s.") % told)
    before = latest.revision.target.scope if latest else default_scope(unit.kind)
    seen = record["revisi"] if record["revisi"] is not None else latest.newest if latest else None
    return Change(unit, indicator.key, record["cakupan"] or FigureScope(before), value, months, seen)
