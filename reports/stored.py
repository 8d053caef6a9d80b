"""A stored report as `reports.paper` takes it: from its own lines, never from live figures."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from reports.models import Report, ReportLine
from reports.paper import Amount, Breakdown, Line, Month, ReportData, Series, Signature


def report_data(report: Report) -> ReportData:
    """Two queries at most. Its words are those kept with it, so a sealed report prints the same bytes at any later day."""
    lines = list(report.lines.order_by("position"))
    header = report.header
    with translation.override("id"):
        return {
            "demo": header["demo"],
            "draft": "" if report.is_sealed else report.get_status_display().lower(),
            "year": report.counted_period.last_day.year,
            "letterhead": {"lines": header["letterhead"], "address": header["address"]},
            "unit": header["unit"],
            "title": header["title"],
            "period": header["period"],
            "scope": header["scope"],
            "as_of": report.as_of or report.period.last_day,
            "number": header["number"] if report.is_sealed else "",
            "issued": _issued(report),
            "hash": report.digest,
            "lines": [line_data(line) for line in lines],
            "series": [_series(line) for line in lines if has_months(line)],
            "breakdowns": [
                *_in_period(report, lines),
                *(_breakdown(line) for line in lines if line.breakdowns["tables"]),
            ],
            "notes": header["notes"],
            "signature": _signature(header.get("signature")),
        }


def line_data(line: ReportLine) -> Line:
    return {
        "key": line.indicator,
        "title": line.title,
        "measure": line.measure,
        "target": plain(line.target),
        "realised": plain(line.realised),
        "places": line.places,
        "lower_is_better": line.lower_is_better,
        "source": "reported" if line.source == "reported" else "counted",
        "source_note": line.source_note,
        "as_of": line.as_of,
        "ceiling": plain(line.ceiling),
        "spent": plain(line.spent),
        "last_target": plain(line.last_target),
        "last_realised": plain(line.last_year),
        "obstacle": line.obstacle,
        "follow_up": line.follow_up,
    }


def plain(amount: Decimal | None) -> Amount:
    """58.0000 of the database is 58: a whole number without decimals, others without zeros at the end."""
    if amount is None:
        return None
    whole = amount.to_integral_value()
    return int(whole) if amount == whole else amount.normalize()


def months_of(line: ReportLine) -> list[Month]:
    return [
        {
            "month": date.fromisoformat(month["month"]),
            "realised": _amount(month["realised"]),
            "target": _amount(month["target"]),
        }
        for month in line.months
    ]


def _amount(text: str | None) -> Amount:
    return None if text is None else plain(Decimal(text))


def _issued(report: Report) -> date:
    """The day of the seal on the unit's clocks; before it the day the figures were counted."""
    return report.unit.local_date(report.sealed_at or report.cut_off)


def has_months(line: ReportLine) -> bool:
    return any(month["realised"] not in (None, "0") for month in line.months)


def _series(line: ReportLine) -> Series:
    return {"title": line.title, "measure": line.measure, "summed": line.adds_up, "months": months_of(line)}


def _in_period(report: Report, lines: Iterable[ReportLine]) -> list[Breakdown]:
    """The period alone beside January to its end, where the two differ."""
    if report.starts_on.month == 1:
        return []
    rows: list[list[str | Amount]] = [
        [line.title, plain(line.in_period), plain(line.realised)] for line in lines if line.in_period is not None
    ]
    heading = [_("Indicator"), report.header["period"], report.header["counted"]]
    return [{"title": _("In the period itself"), "heading": heading, "rows": rows, "total": []}] if rows else []


def _breakdown(line: ReportLine) -> Breakdown:
    """All breakdowns of one indicator in one table."""
    rows: list[list[str | Amount]] = [
        [f"{table['title']}: {label}", members]
        for table in line.breakdowns["tables"]
        for _value, label, members in table["rows"]
    ]
    heading = [_("Group"), line.measure if line.adds_up else _("people")]
    return {"title": line.title, "heading": heading, "rows": rows, "total": []}


def _signature(kept: dict[str, Any] | None) -> Signature | None:
    if kept is None:
        return None
    return {
        "place": kept["place"],
        "position": kept["position"],
        "name": kept["name"],
        "identifier": "",
        "signed": date.fromisoformat(kept["signed"]),
    }


def file_name(report: Report, suffix: str) -> str:
    """laporan-BNNP-53-2019-B09.pdf; a later revision says so."""
    revision = "" if report.revision == 1 else f"-r{report.revision}"
    return f"laporan-{report.unit.code}-{report.period.code}{revision}.{suffix}"
