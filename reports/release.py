"""The release checker: recomputes what a release prints, each percentage and each sum of parts, and lists what differs.

Pure: no database. What cannot be recomputed (no target, "tercapai, angka belum dilaporkan") is neither an error nor zero.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum

from django.utils.translation import gettext as _

from rehab.numbers import format_number, leading_number, parse_number
from rehab.tabular.columns import Column, Kind, normalised
from rehab.tabular.errors import refuse
from rehab.tabular.reading import Cell, Sheet, read_sheet
from rehab.tabular.table import Record, Table

PLUS = "+"
LONGEST_NUMBER = 30
LARGEST, SMALLEST = Decimal(10) ** 20, Decimal(10) ** -9
# A sheet keeps what a formula gave, to fifteen places; no release means more than these.
MOST_DECIMALS = 6
FEWEST_COMPUTED = 2


class Claim(StrEnum):
    """What a release claims about a row, and we recompute."""

    PERCENTAGE = "percentage"
    SUM = "sum"


@dataclass(frozen=True)
class Finding:
    """One difference; `printed` as the release has it, `computed` as it should be (decimal comma, two decimals at least)."""

    line: int
    unit: str
    year: str
    indicator: str
    claim: Claim
    printed: str
    computed: str

    def __str__(self) -> str:
        """The line that the command prints; its form is a contract and is not translated."""
        return f"{self.unit} | {self.year} | {self.indicator} | printed {self.printed} | computed {self.computed}"


@dataclass(frozen=True)
class Unchecked:
    """A row of which nothing could be recomputed, and why."""

    line: int
    unit: str
    year: str
    indicator: str
    reason: str


@dataclass(frozen=True)
class Outcome:
    """`checked` rows had a percentage or a sum that could be recomputed; the others are in `unchecked`."""

    findings: tuple[Finding, ...]
    checked: int
    unchecked: tuple[Unchecked, ...]


def _year(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise ValueError(_("“%(word)s” is not a year.") % {"word": text})
    return text


DIRECTIONS = {"lower": True, "higher": False}

# Indonesian headings are taken as well: a release is often typed into a sheet by the one who doubts it.
TABLE = Table(
    (
        Column("unit_code", aliases=("kode_unit", "kode_satker")),
        Column("unit", required=True, aliases=("satker", "satuan_kerja")),
        Column("year", required=True, convert=_year, aliases=("tahun",)),
        Column("indicator_key", aliases=("kode_indikator",)),
        Column("indicator", required=True, aliases=("indikator",)),
        Column("target", Kind.CELL),
        Column("realised", Kind.CELL, needed=True, aliases=("realisasi", "realized")),
        Column("printed_percent", Kind.CELL, aliases=("capaian", "capaian_%", "persen_tercetak")),
        Column("parts", Kind.CELL, aliases=("rincian",)),
        Column("direction", Kind.CHOICE, choices=DIRECTIONS, aliases=("arah",)),
        Column("as_of", aliases=("per_tanggal",)),
        Column("source", aliases=("sumber",)),
    )
)


def check_file(data: bytes, name: str) -> Outcome:
    """Check the CSV or XLSX of a release. Raises `TableRefused` (a `Refused`) for a file that is not understood."""
    return check(read_sheet(data, name, TABLE.limits))


def check_text(text: str) -> Outcome:
    """Check a table pasted from a spreadsheet (tabs) or written with `;` or `,`. Raises `TableRefused`."""
    return check(read_sheet(text.encode(), "table.txt", TABLE.limits))


def check(sheet: Sheet) -> Outcome:
    """As `check_file`, for a sheet that has been read."""
    records = TABLE.convert(sheet)
    _refuse_without_claims(sheet)
    findings: list[Finding] = []
    unchecked: list[Unchecked] = []
    for record in records:
        verdicts = [_percentage(record), _sum_of_parts(record)]
        if not any(verdict.checked for verdict in verdicts):
            reasons = [verdict.reason for verdict in verdicts if verdict.reason]
            unchecked.append(
                Unchecked(*_place(record), " ".join(reasons) or _("Neither a percentage nor parts are printed."))
            )
        findings.extend(verdict.finding for verdict in verdicts if verdict.finding)
    return Outcome(tuple(findings), len(records) - len(unchecked), tuple(unchecked))


@dataclass(frozen=True)
class Figure:
    """A number as printed: its value, how many decimals it shows, and its text."""

    value: Decimal
    decimals: int
    text: str


@dataclass(frozen=True)
class Verdict:
    """One claim of one row: could it be recomputed, what differs, and if it could not be, why (empty: nothing was claimed)."""

    checked: bool = False
    finding: Finding | None = None
    reason: str = ""


def figure(cell: Cell) -> Figure | None:
    """The number of a cell by the rules of `parse_number`; None for the empty, for text, and for what no release prints."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return None
    try:
        value = parse_number(cell if not isinstance(cell, str) or len(cell.strip()) <= LONGEST_NUMBER else "")
    except ValueError:
        return None
    if value and not SMALLEST <= abs(value) <= LARGEST:
        return None
    decimals = max(0, -int(value.as_tuple().exponent))
    if isinstance(cell, str):
        return Figure(value, decimals, cell.strip().removesuffix("%").strip())
    shown = value.normalize() if decimals else value
    return Figure(value, min(MOST_DECIMALS, max(0, -int(shown.as_tuple().exponent))), format_number(value))


def _place(record: Record) -> tuple[int, str, str, str]:
    """Where a finding is, each text in one line."""
    unit, indicator = (" ".join(record[name].split()) for name in ("unit", "indicator"))
    return record.line, unit, record["year"], indicator


def _rounded(value: Decimal, places: int) -> Decimal:
    with localcontext(prec=100):
        return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _finding(record: Record, claim: Claim, printed: Figure, computed: Decimal) -> Finding:
    places = max(FEWEST_COMPUTED, printed.decimals)
    return Finding(*_place(record), claim, printed.text, format_number(_rounded(computed, places), places))


def _percentage(record: Record) -> Verdict:
    """Realised / target × 100 against the printed one, at the decimals that are printed; half up."""
    if record["printed_percent"] in (None, ""):
        return Verdict()
    printed, target, realised = (figure(record[name]) for name in ("printed_percent", "target", "realised"))
    if printed is None:
        return Verdict(reason=_("The printed percentage is not a number."))
    if realised is None:
        return Verdict(reason=_("The realisation is not a number."))
    if target is None:
        return Verdict(reason=_("There is no target in numbers."))
    if not target.value:
        return Verdict(reason=_("The target is zero."))
    with localcontext(prec=100):
        ratio = realised.value / target.value
        computed = (2 - ratio if record["direction"] else ratio) * 100
    if _rounded(computed, printed.decimals) == _rounded(printed.value, printed.decimals):
        return Verdict(checked=True)
    return Verdict(checked=True, finding=_finding(record, Claim.PERCENTAGE, printed, computed))


def _sum_of_parts(record: Record) -> Verdict:
    """The parts against the realisation: added up when each begins with a number, counted when none does."""
    parts = record["parts"]
    if parts is None or (isinstance(parts, str) and not parts.strip()):
        return Verdict()
    realised = figure(record["realised"])
    computed = _total(parts)
    if computed is None:
        return Verdict(reason=_("The parts can be neither added up nor counted."))
    if realised is None:
        return Verdict(reason=_("The realisation is not a number."))
    if computed == realised.value:
        return Verdict(checked=True)
    return Verdict(checked=True, finding=_finding(record, Claim.SUM, realised, computed))


def _total(parts: Cell) -> Decimal | None:
    if not isinstance(parts, str):
        single = figure(parts)
        return single.value if single else None
    names = [part.strip() for part in parts.split(PLUS)]
    if not all(names):
        return None
    numbers = [leading_number(name) if len(name.split()[0]) <= LONGEST_NUMBER else None for name in names]
    known = [number for number in numbers if number is not None]
    if len(known) == len(names):
        return sum(known, Decimal())
    # "1.2.3 orang" begins like a number and is none: neither added up nor counted.
    return None if known or any(name[0].isdigit() for name in names) else Decimal(len(names))


def _refuse_without_claims(sheet: Sheet) -> None:
    claims = {
        heading
        for column in TABLE.columns
        if column.name in ("printed_percent", "parts")
        for heading in column.headings
    }
    if not claims & {normalised(heading) for heading in sheet.heading}:
        raise refuse(_("the column is missing."), line=sheet.heading_line, column="printed_percent")
