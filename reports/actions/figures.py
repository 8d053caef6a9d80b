"""Taking in figures that were published elsewhere."""

import difflib
import functools
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Unit
from rehab import audit
from rehab.actions import action
from rehab.models import User
from rehab.periods import FIRST_YEAR, LAST_YEAR
from rehab.tabular.columns import Column, Kind, nearest, unknown
from rehab.tabular.errors import Problem, TableRefused
from rehab.tabular.reading import Limits
from rehab.tabular.table import Record, Table
from reports.indicators import REGISTRY
from reports.models import ReportedFigure

MOST_DECIMALS = 4
MOST_ROWS = 5_000
LARGEST = Decimal(10) ** 10


@dataclass(frozen=True)
class Taken:
    """What an import did: new figures, figures that say something else now, figures that were there already."""

    created: int
    updated: int
    unchanged: int


def _figure(value: Decimal) -> Decimal:
    if not 0 <= value < LARGEST:
        raise ValueError(_("must be a number from zero up."))
    if value != round(value, MOST_DECIMALS):
        raise ValueError(_("has more than %(count)s decimals.") % {"count": MOST_DECIMALS})
    return value


def _year(value: int) -> int:
    if not FIRST_YEAR < value < LAST_YEAR:
        raise ValueError(_("“%(word)s” is not a year.") % {"word": value})
    return value


def _one_of(codes: Iterable[str], elsewhere: Iterable[str] = ()) -> Callable[[str], str]:
    """A code as it is known; for any other the sentence that names the nearest, however far they are.
    `elsewhere`: codes that exist, but whose figures are not this person's to bring."""
    known, others = list(codes), frozenset(elsewhere)

    @functools.cache
    def refusal(word: str) -> str:
        if word in others:
            return _("“%(word)s” is a unit whose figures are not yours to keep.") % {"word": word}
        near = nearest(word, known) or difflib.get_close_matches(word, known, n=3, cutoff=0)
        return _("“%(word)s” is not known. Nearest: %(near)s.") % {"word": word, "near": ", ".join(near)}

    def convert(word: str) -> str:
        if word not in known:
            raise ValueError(refusal(word))
        return word

    return convert


def _direction(word: str) -> str:
    if word not in ("lower", "higher"):
        raise ValueError(unknown(word, ("lower", "higher")))
    return word


def table(codes: Iterable[str], elsewhere: Iterable[str] = ()) -> Table:
    """The columns of such a file, with these units' codes; `elsewhere` are those of units out of reach."""
    return Table(
        (
            Column("unit_code", required=True, convert=_one_of(codes, elsewhere), aliases=("kode_unit", "kode_satker")),
            Column("unit", aliases=("satker", "satuan_kerja")),
            Column("year", Kind.INTEGER, required=True, convert=_year, aliases=("tahun",)),
            Column("indicator_key", required=True, convert=_one_of(REGISTRY), aliases=("kode_indikator",)),
            Column("indicator", aliases=("indikator",), max_length=150),
            Column("target", Kind.NUMBER, convert=_figure),
            Column("realised", Kind.NUMBER, needed=True, convert=_figure, aliases=("realisasi", "realized")),
            Column("printed_percent", aliases=("capaian", "capaian_%", "persen_tercetak"), max_length=20),
            Column("parts", aliases=("rincian",), max_length=250),
            Column("direction", convert=_direction, aliases=("arah",)),
            Column("as_of", Kind.DATE, required=True, aliases=("per_tanggal",)),
            Column("source", required=True, aliases=("sumber",), max_length=250),
        ),
        limits=Limits(rows=MOST_ROWS),
    )  # fmt: skip


@action
def import_file(*, by: User | None, data: bytes, name: str, units: Iterable[Unit] | None = None) -> Taken:
    """Take the CSV or XLSX of published figures, whole or not at all. A figure is known by unit, year, indicator and as-of date:
    the same file twice changes nothing. `units` limits whose figures may come (None: all).

    Raises TableRefused with line, column and the nearest known codes for each row that is not understood.
    """
    known = {unit.code: unit for unit in (Unit.objects.all() if units is None else units)}
    elsewhere = Unit.objects.exclude(code__in=known).values_list("code", flat=True)
    records = table(known, elsewhere).read(data, name)
    if problems := _problems(records):
        raise TableRefused(problems)
    taken = {"created": 0, "updated": 0, "unchanged": 0}
    for record in records:
        taken[_put(record, known[record["unit_code"]], by)] += 1
    summary = {**taken, "file": hashlib.sha256(data).hexdigest()}
    audit.record("figures.imported", by=by, subject="reports.reportedfigure", data=summary)
    return Taken(**taken)


def _problems(records: list[Record]) -> list[Problem]:
    found: list[Problem] = []
    first_at: dict[tuple[Any, ...], int] = {}
    for record in records:
        if record["target"] is None and record["realised"] is None:
            found.append(Problem(_("a row needs a target or a realisation."), record.line, "realised"))
        if not date(record["year"], 1, 1) <= record["as_of"] <= timezone.localdate():
            found.append(Problem(_("lies before the year began, or in the future."), record.line, "as_of"))
        line = first_at.setdefault(_key(record), record.line)
        if line != record.line:
            found.append(
                Problem(_("the same figure stands on line %(line)s.") % {"line": line}, record.line, "indicator_key")
            )
    return found


def _key(record: Record) -> tuple[Any, ...]:
    return record["unit_code"], record["year"], record["indicator_key"], record["as_of"]


def _put(record: Record, unit: Unit, by: User | None) -> str:
    values = {name: record[name] for name in ("target", "realised", "printed_percent", "parts", "source")}
    values["title"] = record["indicator"] or str(REGISTRY[record["indicator_key"]].title)
    key = {"unit": unit, "year": record["year"], "indicator": record["indicator_key"], "as_of": record["as_of"]}
    figure = ReportedFigure.objects.select_for_update().filter(**key).first()
    if figure is None:
        ReportedFigure.objects.create(**key, **values, imported_by=by)
        return "created"
    changed = [name for name, value in values.items() if getattr(figure, name) != value]
    if not changed:
        return "unchanged"
    for name in changed:
        setattr(figure, name, values[name])
    figure.imported_by = by
    figure.save(update_fields=[*changed, "imported_by"])
    return "updated"
