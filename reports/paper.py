"""A unit's periodic report on paper: the data that PDF and workbook are both made from, and the PDF.

Figures come as numbers and days as dates; they are put into Indonesian words here, once, so that paper and workbook agree.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypedDict, cast

from django.utils import translation
from django.utils.translation import gettext as _

from rehab.numbers import achievement, format_date, format_number, format_percent
from rehab.pdf import render

Amount = int | Decimal | None
TEMPLATE = "report.typ"
SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")


class Letterhead(TypedDict):
    """`lines` from the ministry down, the unit's own name last; `address` in one line, may be empty."""

    lines: Sequence[str]
    address: str


class Line(TypedDict):
    """One indicator. `measure` is what is counted (klien, kasus, %, indeks); `places` the decimals of target and realised,
    None for those that matter. Reported lines show `source_note` (who published it) and `as_of` (the day it holds for).
    `ceiling` and `spent` are whole rupiah, `last_target` and `last_realised` those of the year before to the same date.
    """

    key: str
    title: str
    measure: str
    target: Amount
    realised: Amount
    places: int | None
    lower_is_better: bool
    source: Literal["counted", "reported"]
    source_note: str
    as_of: date | None
    ceiling: Amount
    spent: Amount
    last_target: Amount
    last_realised: Amount
    obstacle: str
    follow_up: str


class Month(TypedDict):
    """`month` is its first day; None where there is no figure (a month to come) or no target."""

    month: date
    realised: Amount
    target: Amount


class Series(TypedDict):
    """A main indicator by month: bars with their table beneath. `summed`: months add up (a percentage or index does not)."""

    title: str
    measure: str
    summed: bool
    months: Sequence[Month]


class Breakdown(TypedDict):
    """A table such as setting × sex. Each row begins with its name; `total` likewise, or is empty."""

    title: str
    heading: Sequence[str]
    rows: Sequence[Sequence[str | Amount]]
    total: Sequence[str | Amount]


class Signature(TypedDict):
    """`identifier` is the line beneath the name (NIP …), may be empty. `signed` is None until the report is sealed."""

    place: str
    position: str
    name: str
    identifier: str
    signed: date | None


class ReportData(TypedDict):
    """Everything that stands on a report. `number`, `hash` and `signature` are empty, empty and None before sealing, and
    `draft` says how far it has come ("diajukan"), empty once it is sealed. `year` is the one that the figures are of."""

    demo: bool
    draft: str
    year: int
    letterhead: Letterhead
    unit: str
    title: str
    period: str
    scope: str
    as_of: date
    number: str
    issued: date
    hash: str
    lines: Sequence[Line]
    series: Sequence[Series]
    breakdowns: Sequence[Breakdown]
    notes: Sequence[str]
    signature: Signature | None


def report_pdf(data: ReportData) -> bytes:
    """The report as PDF, the same bytes for the same data. Raises `rehab.pdf.PdfFailed`."""
    return render(TEMPLATE, paper(data))


def paper(data: ReportData) -> dict[str, Any]:
    """What templates/pdf/report.typ prints: the data with every figure and day in Indonesian words."""
    with translation.override("id"):
        signature = data["signature"]
        return {
            "demo": data["demo"],
            "draft": draft_mark(data),
            "letterhead": {"lines": list(data["letterhead"]["lines"]), "address": data["letterhead"]["address"]},
            "foot": f"{data['unit']} · {data['period']}",
            "title": data["title"],
            "subtitle": f"{data['unit']} · {data['period']}",
            "number": data["number"],
            "date": format_date(data["issued"]),
            "date_iso": data["issued"].isoformat(),
            "hash": data["hash"],
            "unsealed": _("Not sealed yet"),
            "facts": _facts(data),
            "rows": [_row(line) for line in data["lines"]],
            "money": _money(data),
            "years": _years(data),
            "series": [_series(series) for series in data["series"]],
            "breakdowns": [_breakdown(part) for part in data["breakdowns"]],
            "notes": [*standing_notes(data), *data["notes"]],
            "signature": None if signature is None else _signature(signature),
        }


def standing_notes(data: ReportData) -> list[str]:
    """The notes that explain the signs a reader meets in this report, in Indonesian, as the paper is."""
    lines = data["lines"]
    notes = [_("Achievement = realised ÷ target × 100, two decimals, without an upper limit.")] if lines else []
    if any(line["lower_is_better"] for line in lines):
        notes.append(_("Where lower is better, achievement = (1 + (1 − realised ÷ target)) × 100."))
    if any(not line["target"] for line in lines):
        notes.append(
            _("“–” under target or achievement: there is no target (or it is zero), so no achievement is computed.")
        )
    if any(line["realised"] is None for line in lines):
        notes.append(_("“–” under realised: not known yet. Unknown is not zero."))
    if any(line["source"] == "reported" for line in lines):
        notes.append(_("†: reported by the source that is named, not counted from treatments and never added to them."))
    return notes


def percent_of(line: Line) -> Decimal | None:
    """The line's achievement, None (shown as "–") without a target."""
    return achievement(line["realised"], line["target"], line["lower_is_better"])


def absorbed_of(line: Line) -> Decimal | None:
    """What was spent in percent of the ceiling, None (shown as "–") without one."""
    return achievement(line["spent"], line["ceiling"])


def has_money(lines: Sequence[Line]) -> bool:
    return any(line["ceiling"] is not None or line["spent"] is not None for line in lines)


def has_last_year(lines: Sequence[Line]) -> bool:
    return any(line["last_target"] is not None or line["last_realised"] is not None for line in lines)


def sum_of(amounts: Iterable[Amount]) -> Amount:
    """The sum of those that are known, None where none is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def last_percent_of(line: Line) -> Decimal | None:
    return achievement(line["last_realised"], line["last_target"], line["lower_is_better"])


def difference_of(line: Line) -> Amount:
    """This year's realisation less last year's; None where one of them is not known."""
    if line["realised"] is None or line["last_realised"] is None:
        return None
    return line["realised"] - line["last_realised"]


def draft_mark(data: ReportData) -> str:
    """What marks every page of a report that is not sealed: 'DRAF · diajukan'."""
    return _("DRAFT · %(status)s") % {"status": data["draft"]} if data["draft"] else ""


def reported_note(line: Line) -> str:
    """Where a reported figure comes from: 'dilaporkan: Antara, per 27 Desember 2023'; empty for a counted one."""
    if line["source"] != "reported":
        return ""
    as_of = _("as of %(day)s") % {"day": format_date(line["as_of"])} if line["as_of"] else ""
    told = ", ".join(filter(None, [line["source_note"], as_of]))
    return _("reported: %(source)s") % {"source": told} if told else _("reported")


def month_label(month: date) -> str:
    return SHORT_MONTHS[month.month - 1]


def _facts(data: ReportData) -> list[list[str]]:
    return [
        [_("Scope"), data["scope"]],
        [_("As of"), format_date(data["as_of"])],
    ]


def _row(line: Line) -> dict[str, Any]:
    return {
        "title": line["title"],
        "measure": line["measure"],
        "target": format_number(line["target"], line["places"]),
        "realised": format_number(line["realised"], line["places"]),
        "achievement": format_percent(percent_of(line)),
        "ceiling": format_number(line["ceiling"]),
        "spent": format_number(line["spent"]),
        "absorbed": format_percent(absorbed_of(line)),
        "reported": line["source"] == "reported",
        "note": reported_note(line),
        "obstacle": line["obstacle"],
        "follow_up": line["follow_up"],
    }


def _money(data: ReportData) -> dict[str, str] | None:
    """The sums beneath ceiling and spending; None where the report knows of no money."""
    lines = data["lines"]
    if not has_money(lines):
        return None
    ceiling, spent = sum_of(line["ceiling"] for line in lines), sum_of(line["spent"] for line in lines)
    return {
        "ceiling": format_number(ceiling),
        "spent": format_number(spent),
        "absorbed": format_percent(achievement(spent, ceiling)),
    }


def _years(data: ReportData) -> dict[str, Any] | None:
    """This year beside the last, to the same date; None where the report knows nothing of the last."""
    if not has_last_year(data["lines"]):
        return None
    rows = [
        [
            line["title"],
            line["measure"],
            format_number(line["last_target"], line["places"]),
            format_number(line["last_realised"], line["places"]),
            format_percent(last_percent_of(line)),
            format_number(line["target"], line["places"]),
            format_number(line["realised"], line["places"]),
            format_percent(percent_of(line)),
            signed(difference_of(line), line["places"]),
        ]
        for line in data["lines"]
    ]
    return {"last": str(data["year"] - 1), "this": str(data["year"]), "rows": rows}


def signed(amount: Amount, places: int | None = None) -> str:
    """'+3', '−2', '0'; nothing is –."""
    if amount is None:
        return format_number(None)
    sign = "+" if amount > 0 else "\N{MINUS SIGN}" if amount < 0 else ""
    return f"{sign}{format_number(cast(Amount, abs(amount)), places)}"


def _series(series: Series) -> dict[str, Any]:
    months = [
        {
            "label": month_label(month["month"]),
            "realised": _number(month["realised"]),
            "realised_text": format_number(month["realised"]),
            "target": _number(month["target"]),
            "target_text": format_number(month["target"]),
        }
        for month in series["months"]
    ]
    told = ", ".join(f"{month['label']} {month['realised_text']}" for month in months)
    alt = _("Bar chart of %(title)s by month: %(values)s.") % {"title": series["title"], "values": told}
    return {"title": series["title"], "measure": series["measure"], "months": months, "alt": alt}


def _breakdown(part: Breakdown) -> dict[str, Any]:
    return {
        "title": part["title"],
        "heading": list(part["heading"]),
        "rows": [[_word(cell) for cell in row] for row in part["rows"]],
        "total": [_word(cell) for cell in part["total"]],
    }


def _signature(signature: Signature) -> dict[str, Any]:
    signed = signature["signed"]
    return {
        "place": signature["place"],
        "date": format_date(signed) if signed else "………………………",
        "position": signature["position"],
        "name": signature["name"],
        "identifier": signature["identifier"],
        "remark": _("Sealed electronically; the code at the foot of the page tells whether it is unchanged.")
        if signed
        else "",
    }


def _word(cell: str | Amount) -> str:
    return cell if isinstance(cell, str) else format_number(cell)


def _number(amount: Amount) -> float | None:
    return None if amount is None else float(amount)
