"""The hash of a report: SHA-256 over its canonical JSON, by which anyone can tell that nothing was changed."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from reports.models import Report, ReportLine, ReportMember

_HEADER = (
    "id", "unit_id", "scope", "kind", "starts_on", "ends_on", "revision", "cut_off", "as_of", "header", "sealed_at",
    "sealed_by_id",
)  # fmt: skip
_LINE = (
    "position", "indicator", "definition_version", "title", "measure", "source", "source_note", "target", "realised",
    "numerator", "denominator", "in_period", "as_of", "places", "adds_up", "lower_is_better", "months", "breakdowns",
    "obstacle", "follow_up",
)  # fmt: skip
_MEMBER = ("line__position", "source", "source_id", "person_id", "facility_id", "counted_on", "values")


def digest(report: Report) -> str:
    """64 hexadecimal digits over the header, the lines in order and the members by line, source and id."""
    found = hashlib.sha256()
    for piece in _pieces(report):
        found.update(canonical(piece) + b"\n")
    return found.hexdigest()


def canonical(piece: Any) -> bytes:
    """JSON with sorted names and no spaces; days, moments and decimals as their text."""
    return json.dumps(piece, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()


def _pieces(report: Report) -> Iterator[dict[str, Any]]:
    yield {name: getattr(report, name) for name in _HEADER}
    yield from ReportLine.objects.filter(report=report).order_by("position").values(*_LINE)
    members = ReportMember.objects.filter(line__report=report)
    yield from members.order_by("line__position", "source", "source_id").values(*_MEMBER).iterator(chunk_size=2000)
