"""What stands around the figures of a report, in the words of the day it was built, so that later paper reads the same."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from facilities.enums import UnitKind
from facilities.models import Unit
from rehab.models import User
from rehab.numbers import format_date, format_number
from reports.enums import FigureScope
from reports.models import Report
from reports.queries import Figures

BNN = "BADAN NARKOTIKA NASIONAL"


def header(report: Report, found: Figures) -> dict[str, Any]:
    """JSON-able: unit, letterhead, words for period and scope, notes. The signatory comes with the seal."""
    unit = report.unit
    return {
        "demo": settings.DEMO,
        "unit": unit.name,
        "unit_code": unit.code,
        "letterhead": letterhead(unit),
        "address": unit.address,
        "title": _("Realisation of rehabilitation"),
        "period": report.period.label,
        "counted": report.counted_period.label,
        "scope": _scope(FigureScope(report.scope)),
        "number": report.number,
        "notes": _notes(found),
    }


def signature(by: User, unit: Unit, day: Any) -> dict[str, str]:
    return {
        "place": unit.name,
        "position": _("Signatory of the report"),
        "name": by.name,
        "signed": day.isoformat(),
    }


def letterhead(unit: Unit) -> list[str]:
    """The agency, then the unit's own line as it stands on its letters."""
    if unit.kind == UnitKind.BNN or unit.region is None:
        return [BNN, "REPUBLIK INDONESIA"]
    area = unit.region.name.upper()
    if unit.kind == UnitKind.BNNP:
        return [BNN, f"PROVINSI {area.removeprefix('PROVINSI ')}"]
    return [BNN, area]


def _scope(scope: FigureScope) -> str:
    if scope is FigureScope.TREE:
        return _("the unit with all units below it")
    return _("the unit's own figures: the facilities that it supervises directly")


def _notes(found: Figures) -> list[str]:
    """What was published elsewhere of a figure that is counted here: beside it, never added."""
    notes = []
    for row in found.rows:
        if row.beside:
            told = {
                "title": row.indicator.title,
                "value": format_number(row.beside.realised, row.places),
                "source": row.beside.source,
                "day": format_date(row.beside.as_of),
            }
            notes.append(_("%(title)s: %(value)s reported as of %(day)s (%(source)s)") % told)
    return notes
