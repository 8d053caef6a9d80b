"""`manage.py realization --unit CODE --year Y`: a unit's figures of a year or of its first months, as table or as JSON.

stdout: the figures. Exit 0 good, 2 not understood (an unknown unit, a month that is none).
"""

import json
from argparse import ArgumentParser
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from facilities.models import Unit
from rehab import periods
from rehab.commands import OneLineCommand
from rehab.numbers import format_date, format_number, format_percent
from rehab.tabular.columns import unknown
from reports.enums import FigureScope
from reports.queries import Figures, Row, Source, Wanted, figures


class Command(OneLineCommand):
    help = gettext_noop(
        "Targets and realisation of a unit: the whole year, or with --month from January to that month."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--year", required=True, type=int)
        parser.add_argument("--month", type=int, choices=range(1, 13), metavar="1-12")
        parser.add_argument("--only-month", action="store_true")
        parser.add_argument("--scope", choices=FigureScope.values)
        parser.add_argument("--format", choices=("table", "json"), default="table")

    def handle(self, *, unit: str, year: int, month: int | None, only_month: bool, **options: Any) -> None:
        if not periods.FIRST_YEAR < year < periods.LAST_YEAR:
            self.not_understood(_("“%(word)s” is not a year.") % {"word": year})
        if only_month and month is None:
            self.not_understood(_("--only-month needs --month."))
        place = Unit.objects.filter(code=unit).first()
        if place is None:
            self.not_understood(unknown(unit, Unit.objects.values_list("code", flat=True)))
        scope = FigureScope(options["scope"]) if options["scope"] else None
        found = figures(place, _period(year, month, only_month), scope=scope, wanted=Wanted())
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_json(place, month, found), ensure_ascii=False, indent=2))
        else:
            with translation.override("id"):
                self.stdout.write(as_table(place, found))


def _period(year: int, month: int | None, only_month: bool) -> periods.Period:
    if month is None:
        return periods.year(year)
    return periods.month(year, month) if only_month else periods.january_to(year, month)


def as_json(unit: Unit, month: int | None, found: Figures) -> dict[str, Any]:
    return {
        "unit": unit.code,
        "scope": found.scope.value,
        "year": found.period.start.year,
        "month": month,
        "as_of": found.as_of.isoformat(),
        "rows": [
            {
                "indicator": row.indicator.key,
                "title": str(row.indicator.title),
                "measure": str(row.indicator.measure),
                "target": _number(row.target),
                "realised": _number(row.realised),
                "achievement": format_percent(row.achievement),
                "source": row.source.value,
                "as_of": row.as_of.isoformat(),
            }
            for row in found.rows
        ],
    }


def _number(value: Decimal | int | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


def as_table(unit: Unit, found: Figures) -> str:
    """For reading: title, columns aligned, and what is only reported with its source beneath."""
    heading = [_("Indicator"), _("Measure"), _("Target"), _("Realised"), _("Achievement %"), _("Source")]
    rows = [heading, *(_cells(row) for row in found.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heading))]
    lines = [
        "  ".join(_aligned(cell, column, widths[column]) for column, cell in enumerate(row)).rstrip() for row in rows
    ]
    lines.insert(1, "  ".join("─" * width for width in widths))
    title = f"{unit.name} · {found.period.label} · {found.scope.label}"
    notes = [note for row in found.rows if (note := _note(row))]
    return "\n".join(
        [title, _("As of %(day)s") % {"day": format_date(found.as_of)}, "", *lines, *([""] if notes else []), *notes]
    )


def _cells(row: Row) -> list[str]:
    source = _("counted") if row.source is Source.COUNTED else _("reported")
    return [
        str(row.indicator.title),
        str(row.indicator.measure),
        format_number(row.target),
        format_number(row.realised, 2 if row.indicator.measure == "%" and row.realised is not None else None),
        format_percent(row.achievement),
        source if row.realised is not None else "",
    ]


def _aligned(cell: str, column: int, width: int) -> str:
    return cell.rjust(width) if 2 <= column <= 4 else cell.ljust(width)


def _note(row: Row) -> str:
    figure = row.reported or row.beside
    if figure is None:
        return ""
    words = {
        "title": row.indicator.title,
        "value": format_number(figure.realised),
        "source": figure.source,
        "day": format_date(figure.as_of),
    }
    return _("%(title)s: %(value)s reported as of %(day)s (%(source)s)") % words
